/** How much is left in each phase. Pure. */
import type { RoomRow } from '../../main/contract/rooms.ts';

export interface Left {
  /** Rooms without an entry on Infinity. */
  prepare: number;
  /** Rooms with an address at which nobody has looked yet. */
  discover: number;
  /** Rooms that have no device. */
  match: number;
  /** Rooms that are not finished. */
  rooms: number;
  /** Rooms that wait for a person. */
  needYou: number;
  /** Rooms that a cut-off run left half way. */
  interrupted: number;
  /** Steps that only a person can do. */
  byHand: number;
}

export function leftOf(rooms: readonly RoomRow[]): Left {
  const left: Left = { prepare: 0, discover: 0, match: 0, rooms: 0, needYou: 0, interrupted: 0, byHand: 0 };
  for (const row of rooms) {
    if (!row.onInfinity && row.state !== 'undone') left.prepare++;
    if (row.address !== null && row.family === null) left.discover++;
    if (row.address === null) left.match++;
    if (isOpen(row)) left.rooms++;
    if (row.state === 'needs attention') left.needYou++;
    if (row.interrupted) left.interrupted++;
    left.byHand += row.manual;
  }
  return left;
}

/** Whether work at the device is left. A room that awaits sync is done there. */
export function isOpen({ state }: RoomRow): boolean {
  return state !== 'migrated' && state !== 'awaiting sync' && state !== 'undone';
}
