/** Which room to go to next. Pure. */
import type { RoomRow } from '../contract/rooms.ts';

/**
 * @param rows all rooms in natural order
 * @param after id of the room where the technician is now; null = nowhere yet
 * @returns the nearest room that is not done: on the same floor, then in the same building, then further on; the room
 *   itself when it is the only one left; null when all are done
 */
export function nextRoom(rows: readonly RoomRow[], after: number | null): RoomRow | null {
  const at = rows.findIndex(({ id }) => id === after);
  // Onwards from here, and over the end back to here.
  const onward = [...rows.slice(at + 1), ...rows.slice(0, at + 1)].filter(isLeft);
  const here = rows[at];
  const sameBuilding = onward.filter(({ id, building }) => here && id !== here.id && building === here.building);
  return sameBuilding.find(({ floor }) => floor === here?.floor) ?? sameBuilding[0] ?? onward[0] ?? null;
}

/** Not done, and nobody is at work on it. */
function isLeft({ state, interrupted }: RoomRow): boolean {
  return state === 'not started' || state === 'ready' || state === 'needs attention' || interrupted;
}
