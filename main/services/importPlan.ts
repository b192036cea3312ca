/** What importing a list would do to a site: computed and shown before anything is written. */
import { createHash } from 'node:crypto';
import type { Column, ImportOutcome, Looked } from '../contract/lists.ts';
import { type Family, isPoly } from '../contract/plan.ts';
import { inspect, type ListWish } from '../roomlist/inspect.ts';
import { type Fault, fault, shown } from '../roomlist/problem.ts';
import { type DeviceRow, type RoomList, type RoomRow, type RowProblem, readRows } from '../roomlist/read.ts';
import type { ListFile } from '../roomlist/source.ts';
import { deviceKey, type ListedDevice, type ListedFacts } from '../site/listed.ts';
import type { Endpoint, ListedRoom, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { isBegun } from './begun.ts';

/** Rooms that a preview names; the counts are whole. */
const MOST_NAMED = 1000;

export interface RoomChange {
  room: Room | null;
  row: RoomRow;
  /** What the room will be: what the list has no column for, and what it says again, stays. */
  wish: ListedRoom;
  changes: { what: Column; before: string; after: string }[];
  /** The list names another kind of device than before, and the one that work was begun with is of none such. */
  isOtherKind: boolean;
}

export interface ImportPlan {
  looked: Looked;
  rooms: RoomChange[];
  missing: Room[];
  devices: { row: ListedDevice; what: 'added' | 'changed' | 'same' }[];
  problems: RowProblem[];
}

/** Throws SHEET_UNKNOWN. */
export function planImport(site: Site, file: ListFile, wish: ListWish = {}): ImportPlan {
  const inspected = inspect(file, wish);
  const list = readRows(inspected);
  const problems = [...list.problems];
  const rooms = planRooms(site, list, problems, file.blanksSayNothing === true);
  const isRoomList = list.rooms.length > 0;
  return {
    looked: inspected.looked,
    rooms,
    missing: isRoomList ? site.rooms.all().filter(({ mailbox }) => !list.mentioned.has(mailbox.toLowerCase())) : [],
    devices: planDevices(site, list.devices, inspected.looked.kind),
    problems,
  };
}

function planRooms(site: Site, { rooms: rows, has }: RoomList, problems: RowProblem[], sparse: boolean): RoomChange[] {
  const known = new Map(site.rooms.all().map((room) => [room.mailbox.toLowerCase(), room]));
  const said = site.listed.rooms();
  const endpoints = new Map<number, Endpoint>();
  const holders = new Map<string, number>();
  const seenAt = new Map<string, Family>();
  // The first of several is the room's device.
  for (const device of site.rooms.endpoints().toSorted((a, b) => b.id - a.id)) {
    if (device.family && !device.familyGuessed) seenAt.set(device.address, device.family);
    if (device.roomId === null) continue;
    endpoints.set(device.roomId, device);
    holders.set(device.address, device.roomId);
  }
  const changes = rows.map((row): RoomChange => {
    const room = known.get(row.mailbox.toLowerCase()) ?? null;
    const device = room ? (endpoints.get(room.id) ?? null) : null;
    const before = room ? (said.get(room.id) ?? null) : null;
    const there = (row.address === null ? undefined : seenAt.get(row.address)) ?? null;
    const told = device?.familyGuessed ? [] : [device?.family ?? null, before?.family ?? null];
    const believed = withFamily(row, [there, ...told]);
    const says = (column: 'building' | 'floor') => has.has(column) && !(sparse && believed[column] === '');
    return changeOf(believed, says, { room, device, said: before, begun: () => room !== null && isBegun(site, room) });
  });
  const refused = new Set<RoomChange>();
  const refuse: Refuse = (change, column, value, what) => {
    refused.add(change);
    problems.push({ row: change.row.row, column, value, ...what });
  };
  for (const change of changes) {
    if (change.isOtherKind) {
      const { family } = endpoints.get(change.room?.id ?? 0) ?? {};
      refuse(change, 'family', change.row.family ?? '', fault('BEGUN_FAMILY', { family: family ?? '' }));
      continue;
    }
    const why = whyKept(site, change, endpoints, holders);
    if (why) refuse(change, 'address', change.wish.address ?? change.wish.serial ?? '', why);
  }
  refuseTakenNames(changes, [...known.values()], refused, refuse);
  return changes.filter((change) => !refused.has(change));
}

/**
 * A list that says "Poly" and no more does not take a Group for a VideoOS device where it was seen or listed as a Group.
 * @param known what is known of the family, the best word first
 */
function withFamily(row: RoomRow, known: readonly (Family | null)[]): RoomRow {
  const family = row.anyPoly ? known.find((one) => isPoly(one)) : null;
  if (!family) return row;
  const { anyPoly: _vendorAlone, ...rest } = row;
  return { ...rest, family };
}

interface Before {
  room: Room | null;
  device: Endpoint | null;
  /** What the last list said of the room's device. */
  said: ListedFacts | null;
  begun(): boolean;
}

function changeOf(
  row: RoomRow,
  says: (column: 'building' | 'floor') => boolean,
  { room, device, said, begun }: Before,
): RoomChange {
  const { name, mailbox } = row;
  const keep = (column: 'building' | 'floor') => (says(column) || !room ? row[column] : room[column]);
  const fresh = <K extends 'address' | 'serial' | 'family'>(fact: K): RoomRow[K] | null =>
    row[fact] !== null && row[fact] !== said?.[fact] && row[fact] !== device?.[fact] ? row[fact] : null;
  const address = fresh('address');
  const moved = address !== null;
  const serial = moved ? row.serial : fresh('serial');
  // A device's kind that the list says again is not worth a change where the device has told another one. A list that
  // was corrected is, as long as nothing was done: a login may have been taken by a device of another kind.
  const isCorrected = row.family !== null && said?.family != null && said.family !== row.family;
  const isOtherKind = !moved && isCorrected && device !== null && row.family !== device.family && begun();
  // A guess is put right by a list that names the kind, even where it names the one that was guessed.
  const isSettled = device?.familyGuessed === true && row.family !== null && !row.anyPoly;
  const family = moved || isSettled ? row.family : device?.model && !isCorrected ? null : fresh('family');
  const wish: ListedRoom = {
    ...{ name, building: keep('building'), floor: keep('floor'), mailbox },
    address: address ?? (device && (serial || family) ? device.address : null),
    serial,
    family,
    ...(family && row.anyPoly ? { familyGuessed: true } : {}),
  };
  const changes: RoomChange['changes'] = [];
  const tell = (what: Column, before: string, after: string) => {
    if (before !== after) changes.push({ what, before, after });
  };
  if (room) {
    tell('room', room.name, wish.name);
    tell('building', room.building, wish.building);
    tell('floor', room.floor, wish.floor);
    tell('mailbox', room.mailbox, mailbox);
    if (address) tell('address', device?.address ?? '', address);
    if (serial) tell('serial', device?.serial ?? said?.serial ?? '', serial);
    if (family) tell('family', isSettled ? '' : (device?.family ?? said?.family ?? ''), family);
    if (row.mac && row.mac !== said?.mac) tell('mac', said?.mac ?? '', row.mac);
  }
  return { room, row, wish, changes, isOtherKind };
}

/**
 * A list never gives a device that work was begun with to another room. Another serial number where a room needs somebody
 * is a device that was replaced: it is believed, because the old one is not there to be undone; its backup stays under
 * its own number. A room that was moved would go on being told as moved, with a device that nobody has touched.
 */
function whyKept(
  site: Site,
  { room, row, wish }: RoomChange,
  endpoints: ReadonlyMap<number, Endpoint>,
  holders: ReadonlyMap<string, number>,
): Fault | null {
  const device = room && endpoints.get(room.id);
  const isOther = Boolean(device?.serial && row.serial && row.serial !== device.serial);
  const isReplaced = room?.state === 'needs attention' && wish.address === device?.address;
  if (room && device && isOther && (wish.serial || wish.address) && !isReplaced && isBegun(site, room))
    return fault('BEGUN_SERIAL', { serial: shown(device.serial ?? '') });
  const holderId = wish.address === null ? undefined : holders.get(wish.address);
  if (holderId === undefined || holderId === room?.id) return null;
  const holder = site.rooms.get(holderId);
  const begun = [holder, room].find((one) => one && isBegun(site, one));
  if (!begun || !holder) return null;
  return fault('BEGUN_ADDRESS', { holder: shown(holder.name), room: shown(begun.name) });
}

type Refuse = (change: RoomChange, column: Column, value: string, what: Fault) => void;

/** Two rooms may exchange their names within one list; a room outside the list, or one that is refused, keeps its own. */
function refuseTakenNames(
  changes: readonly RoomChange[],
  known: readonly Room[],
  refused: ReadonlySet<RoomChange>,
  refuse: Refuse,
): void {
  const key = ({ building, name }: { building: string; name: string }) => `${building}\0${name}`;
  const renamed = new Set(changes.flatMap((change) => (change.room && !refused.has(change) ? [change.room.id] : [])));
  const kept = new Map(known.filter(({ id }) => !renamed.has(id)).map((room) => [key(room), room]));
  for (let again = true; again; ) {
    again = false;
    for (const change of changes) {
      if (refused.has(change)) continue;
      const other = kept.get(key(change.wish));
      if (!other || other.id === change.room?.id) continue;
      refuse(change, 'room', change.row.name, fault('NAME_TAKEN', { mailbox: shown(other.mailbox) }));
      if (change.room) kept.set(key(change.room), change.room);
      again = true;
    }
  }
}

function planDevices(site: Site, rows: readonly DeviceRow[], kind: string): ImportPlan['devices'] {
  if (rows.length === 0) return [];
  const known = new Map(site.listed.devices().map((device) => [deviceKey(device), device]));
  return rows.map((row) => {
    const { name, room, building, address, serial, mac, model, family, anyPoly: familyGuessed = false } = row;
    const device: ListedDevice = { kind, name, room, building, address, serial, mac, model, family, familyGuessed };
    const before = known.get(deviceKey(device));
    if (!before) return { row: device, what: 'added' };
    // What this list leaves empty, another one may have told.
    const filled: ListedDevice = {
      kind,
      name: name || before.name,
      room: room || before.room,
      building: building || before.building,
      address: address ?? before.address,
      serial: serial ?? before.serial,
      mac: mac ?? before.mac,
      model: model ?? before.model,
      ...(family === null || (familyGuessed && before.family && !before.familyGuessed)
        ? { family: before.family, familyGuessed: before.familyGuessed }
        : { family, familyGuessed }),
    };
    const same = FACTS.every((fact) => filled[fact] === before[fact]);
    return { row: filled, what: same ? 'same' : 'changed' };
  });
}

const FACTS = ['name', 'room', 'building', 'address', 'serial', 'mac', 'model', 'family', 'familyGuessed'] as const;

/** The plan as it is shown, and told by its digest from any other. */
export function outcomeOf(plan: ImportPlan): ImportOutcome {
  const { looked, rooms, missing, devices, problems } = plan;
  const added = rooms.filter(({ room }) => room === null);
  const changed = rooms.filter(({ room, changes }) => room !== null && changes.length > 0);
  const count = (what: 'added' | 'changed' | 'same') => devices.filter((one) => one.what === what).length;
  const digest = createHash('sha256')
    .update(JSON.stringify([rooms.map(({ wish, row }) => [wish, row.mac]), missing.map(({ id }) => id), devices]))
    .digest('hex');
  return {
    looked,
    added: added.length,
    changed: changed.length,
    same: rooms.length - added.length - changed.length,
    missing: missing.length,
    devices: { added: count('added'), changed: count('changed'), same: count('same') },
    problems,
    rooms: [
      ...changed.map(({ room, row, changes }) => named(room, row, 'changed' as const, changes)),
      ...added.map(({ room, row }) => named(room, row, 'added' as const, [])),
      ...missing.map((room) => named(room, room, 'missing' as const, [])),
    ].slice(0, MOST_NAMED),
    digest,
  };
}

function named<W extends 'added' | 'changed' | 'missing'>(
  room: Room | null,
  { name, mailbox }: { name: string; mailbox: string },
  what: W,
  changes: RoomChange['changes'],
) {
  return { name: room?.name ?? name, mailbox, what, state: room?.state ?? null, changes };
}
