/** Which device is which room's: proposals, and a technician's word on it. */
import { OtjError } from '../contract/errors.ts';
import type { RoomRow, Suggestion } from '../contract/rooms.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { owesUpdate } from './inventory.ts';
import { roomOf } from './roomDetail.ts';
import { roomRows } from './roomRows.ts';

/** A device that is like more rooms than this is like none of them. */
const MOST_PER_DEVICE = 3;
const LEAST_SCORE = 0.5;
/** A word that more rooms have than this, such as `room`, tells none of them apart. */
const MOST_WITH_WORD = 50;

/** A room by what people call it. */
interface Named {
  roomId: number;
  name: string[];
  mailbox: string[];
}

/** Of the devices that no room has and that were seen: the rooms that each could be, the likeliest first. */
export function suggestMatches(site: Site): Suggestion[] {
  const rows = roomRows(site);
  const devices = site.rooms.endpoints().filter(({ roomId, seenAt }) => roomId === null && seenAt !== null);
  const bySerial = groupBy(rows, ({ serial }) => (serial ? [serial] : []));
  // A room that has a device gets another one only on the strength of its serial number.
  const named = rows.filter(({ address }) => address === null).map(namesOf);
  const byWord = groupBy(named, ({ name, mailbox }) => [...name, ...mailbox, wholeOf(name), wholeOf(mailbox)]);
  return devices.flatMap((device) => {
    const sure = (device.serial && bySerial.get(device.serial)) || [];
    return sure.length > 0
      ? sure.map(({ id }) => ({ roomId: id, deviceId: device.id, score: 1, by: 'serial' as const }))
      : likeliest(device, byWord);
  });
}

function namesOf({ id, name, mailbox }: RoomRow): Named {
  return { roomId: id, name: words(name), mailbox: words(mailbox.split('@')[0] ?? '') };
}

function likeliest(device: Endpoint, byWord: ReadonlyMap<string, readonly Named[]>): Suggestion[] {
  const said = [device.systemName, device.sighting].flatMap((text) => (text ? [words(text)] : []));
  const keys = said.flatMap((one) => [...one, wholeOf(one)]);
  const near = new Set(
    keys.flatMap((key) => {
      const rooms = byWord.get(key) ?? [];
      return rooms.length > MOST_WITH_WORD ? [] : rooms;
    }),
  );
  return [...near]
    .map(({ roomId, name, mailbox }): Suggestion => {
      const scores = { name: best(said, name), mailbox: best(said, mailbox) };
      const by = scores.name >= scores.mailbox ? 'name' : 'mailbox';
      return { roomId, deviceId: device.id, score: scores[by], by };
    })
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_PER_DEVICE);
}

/** A key for all words together: names made of common words are told apart by it. No word holds a space. */
function wholeOf(all: readonly string[]): string {
  return ` ${all.join(' ')}`;
}

function best(said: readonly string[][], wanted: readonly string[]): number {
  return Math.max(0, ...said.map((one) => likeness(one, wanted)));
}

/**
 * How much of the room's words the device says, less for other words that it says besides: `Fjord` is `Fjord` (1),
 * likely `Room Kit Fjord`, and hardly one of ten words in a banner.
 */
function likeness(said: readonly string[], wanted: readonly string[]): number {
  if (wanted.length === 0) return 0;
  const common = wanted.filter((word) => said.includes(word)).length;
  const besides = said.length - common;
  return Math.round((common / wanted.length) * (1 / (1 + 0.15 * Math.max(0, besides))) * 100) / 100;
}

/** What Unicode does not take apart. */
const LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  æ: 'ae',
  ß: 'ss',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  œ: 'oe',
};

/** Lower-case words without accents: `Møterom-Ålesund 2` is `moterom`, `alesund`, `2`. */
function words(text: string): string[] {
  const plain = text
    .slice(0, 500)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[øæßłđðþœ]/g, (letter) => LETTERS[letter] ?? letter);
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function groupBy<T>(all: readonly T[], keysOf: (one: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all)
    for (const key of new Set(keysOf(one))) {
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
  return groups;
}

/**
 * Gives a device to a room, taking it from the room that has it now.
 * @returns the rooms whose device is another one now. Throws ROOM_UNKNOWN, DEVICE_UNKNOWN, and MATCH_REFUSED where
 *   work was begun that needs the device as it is
 */
export function assignDevice(site: Site, roomId: number, deviceId: number): number[] {
  const room = roomOf(site, roomId);
  const device = site.rooms.endpoint(deviceId);
  if (!device) throw new OtjError('DEVICE_UNKNOWN', String(deviceId));
  if (device.roomId === roomId) return [];
  refuseIfBegun(site, room);
  const former = device.roomId === null ? null : site.rooms.get(device.roomId);
  if (former) refuseIfBegun(site, former);
  site.db.transaction(() => {
    site.rooms.assign(roomId, deviceId);
    owesUpdate(site, site.rooms.get(roomId));
  });
  return former ? [roomId, former.id] : [roomId];
}

/** Throws ROOM_UNKNOWN, NO_ADDRESS, and MATCH_REFUSED as `assignDevice` does. */
export function releaseDevice(site: Site, roomId: number): void {
  const room = roomOf(site, roomId);
  if (!site.rooms.endpointOf(roomId)) throw new OtjError('NO_ADDRESS', room.name);
  refuseIfBegun(site, room);
  site.rooms.assign(roomId, null);
}

/** Throws MATCH_REFUSED when something was changed on the room's device that was not undone. */
export function refuseIfBegun(site: Site, { id, name, state }: Room): void {
  const device = site.rooms.endpointOf(id);
  const begun =
    state === 'in progress' ||
    (device?.serial && site.backups.isOpen(device.serial)) ||
    site.journal.effects(id).length > 0;
  if (begun) throw new OtjError('MATCH_REFUSED', `${name} was begun with ${device?.address ?? 'a device'}`);
}
