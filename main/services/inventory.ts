/** Room lists in, room table out. */
import { OtjError } from '../contract/errors.ts';
import type { Family } from '../contract/plan.ts';
import { type RowProblem, readRoomList } from '../roomlist/read.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';

export interface ImportResult {
  added: number;
  changed: number;
  same: number;
  problems: RowProblem[];
}

/**
 * Imports the good rows in one transaction and lists each problem of the others. A known room (same mailbox) is brought
 * up to date and keeps the work done on it. Throws LIST_UNREADABLE when nothing could be read at all.
 */
export function importRooms(site: Site, bytes: Uint8Array): ImportResult {
  const { rooms, problems } = readRoomList(bytes);
  if (rooms.length === 0 && problems.length === 0) throw new OtjError('LIST_UNREADABLE', 'no rows');
  const { sshPort, httpsPort } = site.settings;
  const result: ImportResult = { added: 0, changed: 0, same: 0, problems: [...problems] };
  site.db.transaction(() => {
    for (const row of rooms) {
      const clash = site.rooms.clashOf(row);
      if (clash) {
        result.problems.push({
          row: row.row,
          column: 'room',
          value: row.name,
          message: `the site file has a room of this name with mailbox ${clash.mailbox}`,
          todo: 'Give the room another name, or correct its mailbox.',
        });
        continue;
      }
      const outcome = site.rooms.upsert(row, { sshPort, httpsPort });
      if (outcome === 'new') result.added++;
      else if (outcome === 'changed') {
        result.changed++;
        owesUpdate(site, site.rooms.byMailbox(row.mailbox));
      } else result.same++;
    }
  });
  return result;
}

/** A room that Infinity knows already is told of its new name or address at the next sync. */
export function owesUpdate(site: Site, room: Room | null): void {
  // An undone room is on its way off Infinity, or off it already.
  if (room && room.state !== 'undone' && site.outbox.entry(room.id)) site.outbox.owe(room.id, 'entry');
}

/**
 * Rooms by name (case ignored), mailbox, or device address. Throws ROOM_UNKNOWN naming the first that is not there.
 */
export function roomsNamed(site: Site, names: readonly string[]): Room[] {
  const all = site.rooms.all();
  const addresses = new Map(site.rooms.endpoints().map(({ address, roomId }) => [address, roomId]));
  const rooms = names.map((name) => {
    const key = name.toLowerCase();
    const found = all.filter(
      (room) =>
        room.name.toLowerCase() === key || room.mailbox.toLowerCase() === key || addresses.get(name) === room.id,
    );
    const [room] = found;
    if (!room) throw new OtjError('ROOM_UNKNOWN', name);
    if (found.length > 1)
      throw new OtjError('ROOM_UNKNOWN', `${name} is the name of ${found.length} rooms; use the mailbox`);
    return room;
  });
  // Named twice is meant once: two visits to one device at a time would fight.
  return [...new Set(rooms)];
}

export const FAMILY_WORDS: Record<Family, string> = { 'cisco-roomos': 'Cisco', 'poly-videoos': 'Poly' };
