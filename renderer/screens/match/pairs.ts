/** What can be matched, in which order, and which proposals are sure. Pure. */
import type { Family } from '../../../main/contract/plan.ts';
import type { DeviceRow, RoomRow, Suggestion } from '../../../main/contract/rooms.ts';

/** From which likeness on proposals may be accepted together; the first is meant at the beginning. */
export const BOUNDS = ['0.9', '1', '0.8', '0.7'] as const;

/** A line of one of the two lists. */
export interface Pick {
  id: number;
  name: string;
  place: string;
  says: string;
  /** Likeness to what is chosen in the other list, 0 to 1; null = none. */
  score: number | null;
}

export function roomPicks(
  rooms: readonly RoomRow[],
  suggestions: readonly Suggestion[],
  deviceId: number | null,
): Pick[] {
  const scores = new Map(suggestions.flatMap((one) => (one.deviceId === deviceId ? [[one.roomId, one.score]] : [])));
  return likeliestFirst(
    rooms
      .filter(({ address }) => address === null)
      .map(({ id, name, building, floor, mailbox }) => ({
        id,
        name,
        place: [building, floor].filter(Boolean).join(', '),
        says: mailbox,
        score: scores.get(id) ?? null,
      })),
  );
}

/** Devices that no room has. */
export function devicePicks(
  devices: readonly DeviceRow[],
  suggestions: readonly Suggestion[],
  roomId: number | null,
  wordOf: (family: Family | null) => string,
): Pick[] {
  const scores = new Map(suggestions.flatMap((one) => (one.roomId === roomId ? [[one.deviceId, one.score]] : [])));
  return likeliestFirst(
    devices
      .filter(({ roomId, ours }) => roomId === null && ours !== false)
      // What was not recognised may be a printer: it comes last.
      .sort((a, b) => Number(a.family === null) - Number(b.family === null))
      .map(({ id, address, model, family, systemName, sighting, serial, seen }) => ({
        id,
        name: address,
        place: model ?? seen.model ?? wordOf(family),
        says: [systemName ?? seen.name, serial ?? seen.serial, sighting].filter(Boolean).join(' · '),
        score: scores.get(id) ?? null,
      })),
  );
}

/** Keeps the order of those that are alike. */
function likeliestFirst(picks: Pick[]): Pick[] {
  return picks.sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
}

export function searched<T extends { name: string; place: string; says: string }>(
  picks: readonly T[],
  typed: string,
): readonly T[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return picks;
  return picks.filter(({ name, place, says }) => {
    const text = fold(`${name.slice(0, 200)}\n${place.slice(0, 200)}\n${says.slice(0, 400)}`);
    return words.every((word) => text.includes(word));
  });
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/** A proposal with what is known of both sides. */
export interface Proposal extends Suggestion {
  room: RoomRow;
  device: DeviceRow;
}

/** The likeliest first. */
export function proposalsOf(
  suggestions: readonly Suggestion[],
  rooms: readonly RoomRow[],
  devices: readonly DeviceRow[],
): Proposal[] {
  const roomOf = new Map(rooms.map((room) => [room.id, room]));
  const deviceOf = new Map(devices.map((device) => [device.id, device]));
  return suggestions
    .flatMap((one) => {
      const room = roomOf.get(one.roomId);
      const device = deviceOf.get(one.deviceId);
      return room && device ? [{ ...one, room, device }] : [];
    })
    .sort((a, b) => b.score - a.score);
}

/** Those from the bound on that have no equal: neither the room nor the device has another proposal as good. */
export function surePairs(proposals: readonly Proposal[], least: number): Proposal[] {
  return proposals.filter(({ score, rival }) => score >= least && rival < score);
}
