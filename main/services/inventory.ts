/** Room lists in, room table out. */
import { OtjError } from '../contract/errors.ts';
import type { ImportOutcome } from '../contract/lists.ts';
import type { Family } from '../contract/plan.ts';
import { textList } from '../roomlist/source.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { type ImportPlan, outcomeOf, planImport } from './importPlan.ts';
import { owesUpdate } from './owes.ts';

/** Imports a room list that is text, as it is. Throws LIST_UNREADABLE when nothing could be read at all. */
export function importRooms(site: Site, bytes: Uint8Array): ImportOutcome {
  return writeImport(site, planImport(site, textList(bytes)));
}

/**
 * Does what a plan says in one transaction. A known room (same mailbox) is brought up to date and keeps the work done on
 * it; nothing is ever removed. Throws LIST_UNREADABLE when nothing could be read at all.
 * @param plan made from this site as it is now
 */
export function writeImport(site: Site, plan: ImportPlan): ImportOutcome {
  const outcome = outcomeOf(plan);
  if (plan.rooms.length + plan.devices.length + plan.problems.length === 0)
    throw new OtjError('LIST_UNREADABLE', 'no rows');
  const { sshPort, httpsPort } = site.settings;
  const ports = { sshPort, httpsPort };
  site.db.transaction(() => {
    site.rooms.freeNames(
      plan.rooms.flatMap(({ room, wish }) =>
        room && (room.name !== wish.name || room.building !== wish.building) ? [room.id] : [],
      ),
    );
    for (const { room, row, wish, changes } of plan.rooms) {
      if (!room || changes.length > 0) site.rooms.upsert(wish, ports);
      const now = site.rooms.byMailbox(wish.mailbox);
      if (now) site.listed.saveRoom(now.id, row);
      if (room && changes.length > 0) owesUpdate(site, now);
    }
    for (const { row, what } of plan.devices) if (what !== 'same') site.listed.saveDevice(row, ports);
  });
  return outcome;
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

export const FAMILY_WORDS: Record<Family, string> = {
  'cisco-roomos': 'Cisco',
  'poly-videoos': 'Poly',
  'poly-group': 'Poly Group',
  'poly-trio': 'Poly Trio',
  'poly-hdx': 'Poly HDX',
  'poly-debut': 'Poly Debut',
};
