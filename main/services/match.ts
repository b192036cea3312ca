/** Which device is which room's: a technician's word on it, one room or many in one deed, and its undo. */
import { asOtjError, OtjError } from '../contract/errors.ts';
import type { MatchEntry } from '../site/matches.ts';
import type { Site } from '../site/site.ts';
import { refuseIfBegun } from './begun.ts';
import { owesUpdate } from './owes.ts';
import { roomOf } from './roomDetail.ts';
import { technicianOf } from './settings.ts';
import { suggestMatches } from './suggest.ts';

/** What came of a deed. */
export interface Matched {
  /** Its number, for its undo; null = nothing was done. */
  batch: number | null;
  /** Rooms whose device is another one now. */
  rooms: number[];
  matched: number;
  refused: { roomId: number; words: string }[];
}

/**
 * Gives a device to a room, taking it from the room that has it now.
 * @returns the rooms whose device is another one now. Throws ROOM_UNKNOWN, DEVICE_UNKNOWN, and MATCH_REFUSED where
 *   work was begun that needs the device as it is
 */
export function assignDevice(site: Site, roomId: number, deviceId: number): number[] {
  return assignAll(site, [{ roomId, deviceId }], { all: true }).rooms;
}

/** Throws ROOM_UNKNOWN, NO_ADDRESS, and MATCH_REFUSED as `assignDevice` does. */
export function releaseDevice(site: Site, roomId: number): Matched {
  const room = roomOf(site, roomId);
  const device = site.rooms.endpointOf(roomId);
  if (!device) throw new OtjError('NO_ADDRESS', room.name);
  refuseIfBegun(site, room);
  const { id, serial, family } = device;
  const batch = site.db.transaction(() => {
    site.rooms.assign(roomId, null);
    const entry: MatchEntry = { roomId, beforeId: id, afterId: null, fromRoomId: null, serial, family };
    return site.matches.note([entry], technicianOf(site));
  });
  return { batch, rooms: [roomId], matched: 1, refused: [] };
}

/**
 * Accepts every proposal of at least this score that has no equal: neither the room nor the device has another proposal
 * as good. Where work was begun, a room keeps its device and is told.
 */
export function acceptMatches(site: Site, least: number): Matched {
  const sure = suggestMatches(site).filter(({ score, rival }) => score >= least && rival < score);
  return assignAll(site, sure, { all: false });
}

interface Wish {
  roomId: number;
  deviceId: number;
}

/** One deed. @param all throws at the first that is refused, and does nothing */
export function assignAll(site: Site, wishes: readonly Wish[], { all }: { all: boolean }): Matched {
  const entries: MatchEntry[] = [];
  const refused: Matched['refused'] = [];
  return site.db.transaction(() => {
    for (const { roomId, deviceId } of wishes) {
      try {
        const entry = assign(site, roomId, deviceId);
        if (entry) entries.push(entry);
      } catch (thrown) {
        const error = asOtjError(thrown);
        if (all || error.code !== 'MATCH_REFUSED') throw thrown;
        refused.push({ roomId, words: error.words ?? '' });
      }
    }
    const batch = entries.length > 0 ? site.matches.note(entries, technicianOf(site)) : null;
    const rooms = entries.flatMap(({ roomId, fromRoomId }) => [roomId, ...(fromRoomId === null ? [] : [fromRoomId])]);
    return { batch, rooms: [...new Set(rooms)], matched: entries.length, refused };
  });
}

/** @returns null when the room has it already */
function assign(site: Site, roomId: number, deviceId: number): MatchEntry | null {
  const room = roomOf(site, roomId);
  const device = site.rooms.endpoint(deviceId);
  if (!device) throw new OtjError('DEVICE_UNKNOWN', String(deviceId));
  if (device.roomId === roomId) return null;
  refuseIfBegun(site, room);
  const from = device.roomId === null ? null : site.rooms.get(device.roomId);
  if (from) refuseIfBegun(site, from);
  const before = site.rooms.endpointOf(roomId);
  site.rooms.assign(roomId, deviceId);
  // The list expects this serial number of a room that had no device to note it with.
  const expected = before ? null : (site.listed.room(roomId)?.serial ?? null);
  if (expected && device.serial === null) site.rooms.expectSerial(deviceId, expected);
  owesUpdate(site, site.rooms.get(roomId));
  return {
    ...{ roomId, beforeId: before?.id ?? null, afterId: deviceId, fromRoomId: from?.id ?? null },
    ...{ serial: device.serial, family: device.family },
  };
}

/**
 * Takes a deed back, room by room in the opposite order; rooms that were begun since, or have another device by now, keep
 * what they have and are told.
 * @param batch null = the last deed that was not undone. Throws MATCH_NONE
 */
export function undoMatches(site: Site, batch: number | null): Matched {
  const deed = site.matches.deed(batch);
  if (!deed) throw new OtjError('MATCH_NONE', batch === null ? undefined : String(batch));
  const refused: Matched['refused'] = [];
  const rooms: number[] = [];
  site.db.transaction(() => {
    for (const entry of deed.entries.toReversed()) {
      const why = takeBack(site, entry);
      if (why !== null) {
        refused.push({ roomId: entry.roomId, words: why });
        continue;
      }
      site.matches.undone(entry.id);
      rooms.push(entry.roomId, ...(entry.fromRoomId === null ? [] : [entry.fromRoomId]));
    }
  });
  const matched = deed.entries.length - refused.length;
  return { batch: deed.batch, rooms: [...new Set(rooms)], matched, refused };
}

/** @returns why not; null = done */
function takeBack(site: Site, { roomId, beforeId, afterId, fromRoomId, serial }: MatchEntry): string | null {
  const { rooms } = site;
  const room = roomOf(site, roomId);
  const current = rooms.endpointOf(roomId);
  if ((current?.id ?? null) !== afterId) return `${room.name} has another device by now`;
  const before = beforeId === null ? null : rooms.endpoint(beforeId);
  if (before && before.roomId !== null) return `${before.address} is another room’s by now`;
  try {
    refuseIfBegun(site, room);
  } catch (thrown) {
    return asOtjError(thrown).words ?? room.name;
  }
  rooms.assign(roomId, before?.id ?? null);
  // What a list expected went over to a device that has not told its own number since.
  if (current && current.model === null && current.serial !== serial) rooms.expectSerial(current.id, serial);
  if (fromRoomId !== null && afterId !== null && !rooms.endpointOf(fromRoomId)) {
    rooms.assign(fromRoomId, afterId);
    owesUpdate(site, rooms.get(fromRoomId));
  }
  owesUpdate(site, rooms.get(roomId));
  return null;
}
