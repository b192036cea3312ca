/**
 * Work without the Management API: a file for Infinity's bulk import and a sheet of values to type, and an export read back
 * to note what is done. The files hold passwords only where a person has asked for them, and are for that person's eyes only.
 */
import { basename, join } from 'node:path';
import { LACKS_NODE } from '../contract/bulk.ts';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import type { BulkRead, BulkWritten } from '../contract/infinity.ts';
import { isPoly } from '../contract/plan.ts';
import {
  type BulkValues,
  bulkValues,
  differences,
  formulaIn,
  LAYOUT,
  lacksId,
  readBulk,
  renderBulk,
} from '../infinity/bulk.ts';
import { type EntryWish, fold, passwordField } from '../infinity/entry.ts';
import { checkLimits } from '../infinity/resources.ts';
import { renderSheet, type SheetRoom } from '../report/sheet.ts';
import { localTime } from '../report/words.ts';
import { decode } from '../roomlist/decode.ts';
import { BY_HAND } from '../site/outbox.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { entryDevice, entryWish, reachFields } from './entryWish.ts';
import { nodeFor } from './infinity.ts';
import { placeOf } from './readiness/places.ts';
import { roomLogin } from './roomLogin.ts';
import { writePrivate } from './writePrivate.ts';

export interface BulkOptions {
  rooms: readonly Room[];
  folder: string;
  /** Name of the OTJ endpoint group; null = that of the site. */
  group: string | null;
  /** Whether the files hold the generated passwords in clear. */
  passwords: boolean;
}

/** Throws INFINITY_SETUP (no group is named), NOTHING_TO_DO, VAULT_LOCKED, DISK. */
export function writeBulk(site: Site, { rooms, folder, group, passwords }: BulkOptions): BulkWritten {
  const groupName = group ?? groupOf(site);
  const all = rooms.map((room) => ({ room, ...gathered(site, room, groupName, passwords) }));
  const written = all.flatMap(({ typed, problem }) => (typed && !problem ? [typed.values] : []));
  if (rooms.length === 0) throw new OtjError('NOTHING_TO_DO');
  const name = basename(site.path).replace(/\.otjsite$/, '');
  const csv = join(folder, `${name}-infinity-import.csv`);
  const sheet = join(folder, `${name}-infinity-sheet.html`);
  writePrivate(csv, renderBulk(written));
  writePrivate(
    sheet,
    renderSheet({
      site: site.settings.name,
      madeAt: localTime(new Date().toISOString()),
      where: placeOf('infinity.endpoints')?.path ?? [],
      withPasswords: passwords,
      rooms: all.flatMap(({ room, typed, problem }) => (typed ? [sheetRoom(room, typed, problem)] : [])),
    }),
  );
  const left = all.flatMap(({ room, problem }) => (problem ? [{ room: room.name, problem }] : []));
  return { csv, sheet, rooms: written.length, left };
}

interface Typed {
  wish: EntryWish;
  values: BulkValues;
}

/** A room whose values can be typed but not be in a file has both. */
function gathered(
  site: Site,
  room: Room,
  groupName: string,
  passwords: boolean,
): { typed: Typed | null; problem: Problem | null } {
  try {
    const typed = typedOf(site, room, groupName, passwords);
    return { typed, problem: unfitForFile(typed)?.toProblem() ?? null };
  } catch (thrown) {
    return { typed: null, problem: asOtjError(thrown).toProblem() };
  }
}

function unfitForFile({ values }: Typed): OtjError | null {
  if (lacksId(values)) return new OtjError('WEBEX_ID');
  const odd = formulaIn(values);
  return odd ? new OtjError('VALUE_UNFIT', `${odd} could be run as a formula by a spreadsheet`) : null;
}

/** Throws NO_ADDRESS, FAMILY_UNKNOWN, VALUE_TOO_LONG, INFINITY_REFUSED. */
function typedOf(site: Site, room: Room, groupName: string, passwords: boolean): Typed {
  const endpoint = entryDevice(site, room);
  const login = roomLogin(site, room, endpoint.family);
  const wish = entryWish(room, endpoint, { groupUri: '', login });
  const values = bulkValues(wish, groupName, passwords);
  checkLimits(values);
  return { wish, values };
}

function sheetRoom({ name, building, floor }: Room, { wish, values }: Typed, problem: Problem | null): SheetRoom {
  const own = LAYOUT.columns.filter(({ field }) => field in values || field in passwordField(wish));
  return {
    name,
    place: [building, floor && `floor ${floor}`].filter(Boolean).join(', '),
    values: own.map(({ field }) => ({ field, value: field in values ? String(values[field] ?? '') : null })),
    note: problem ? `Not in the import file: ${problem.words ?? problem.happened}` : null,
  };
}

/** Throws INFINITY_SETUP. */
function groupOf({ settings }: Site): string {
  if (!settings.infinity)
    throw new OtjError(
      'INFINITY_SETUP',
      'no OTJ endpoint group is named; without an Infinity that is set, --group names it',
    );
  return settings.infinity.group;
}

export interface ReadOptions {
  bytes: Uint8Array;
  group: string | null;
  /** FQDNs of the Conferencing Nodes that Poly devices sign in to. */
  nodes: readonly string[];
}

/**
 * Notes as done what the export has as wished. Rooms that differ stay as they are, and Poly rooms for which no node is known.
 * Throws EXPORT_UNREADABLE, INFINITY_SETUP, VAULT_LOCKED; nothing is noted then.
 */
export function readExport(site: Site, { bytes, group, nodes }: ReadOptions): BulkRead {
  const groupName = group ?? groupOf(site);
  const decoded = decode(bytes);
  if ('problem' in decoded) throw new OtjError('EXPORT_UNREADABLE', decoded.problem.message);
  const rows = readBulk(decoded.text);
  const byMailbox = Map.groupBy(rows, ({ values }) => fold(values.get('room_resource_email')));
  const result: BulkRead = { done: [], differs: [], missing: [], others: rows.length };
  site.db.transaction(() => {
    for (const room of site.rooms.all()) {
      if (room.state === 'undone') continue;
      const [row, ...more] = byMailbox.get(fold(room.mailbox)) ?? [];
      if (!row) {
        result.missing.push(room.name);
        continue;
      }
      result.others -= 1 + more.length;
      // Which of them serves the room nobody knows, and the others work against it.
      if (more.length > 0) {
        const found = [row, ...more].map(
          ({ values: one }) => `"${one.get('name') ?? ''}" (${one.get('api_address') ?? ''})`,
        );
        const field = 'room_resource_email';
        const words = `${found.length}: ${found.slice(0, MOST_SHOWN).join(', ')}`;
        result.differs.push({ room: room.name, fields: [{ field, found: words, wanted: '1' }] });
        continue;
      }
      const { typed, problem } = gathered(site, room, groupName, false);
      if (!typed) {
        const found = problem?.words ?? problem?.happened ?? '';
        result.differs.push({ room: room.name, fields: [{ field: '', found, wanted: '' }] });
        continue;
      }
      const fields = [...differences(row, typed.values), ...lackingNode(site, room, nodes)];
      if (fields.length > 0) result.differs.push({ room: room.name, fields });
      else {
        noteDone(site, room, nodes);
        result.done.push(room.name);
      }
    }
  });
  return result;
}

/**
 * A Poly device is told the node that it signs in to, and no export says that: without one its room is not done. The words
 * for it are the reader's.
 */
function lackingNode({ outbox, rooms }: Site, { id }: Room, nodes: readonly string[]) {
  if (!isPoly(rooms.endpointOf(id)?.family) || nodes.length > 0 || outbox.entry(id)?.server) return [];
  return [{ field: LACKS_NODE, found: '', wanted: '' }];
}

/** Rows of one mailbox that are named. */
const MOST_SHOWN = 5;

/** An entry that the API has told us of keeps its id; one made by hand has none that we know. */
function noteDone(site: Site, room: Room, nodes: readonly string[]): void {
  const { outbox, rooms } = site;
  const known = outbox.entry(room.id);
  const poly = isPoly(rooms.endpointOf(room.id)?.family);
  const server = poly && nodes.length > 0 ? nodeFor(room, nodes, known?.server ?? null) : (known?.server ?? null);
  const entryId = known?.entryId ?? BY_HAND;
  // Of one made by hand only this is kept: a visit must tell whether the device asks for another type since.
  const base = entryId === BY_HAND ? { base: reachFields(entryDevice(site, room)) } : {};
  outbox.saveEntry({ roomId: room.id, entryId, createdByUs: false, before: null, server, ...base });
  outbox.delivered(room.id, 'entry');
}
