/** Who else might be at work on a room. The engine knows only that a room is claimed before it is begun and let go at its end. */
import type { Room } from '../site/rooms.ts';

export interface RoomClaims {
  /** Before anything is done for the room. Throws ROOM_TAKEN; that others cannot be asked is no reason to throw. */
  take(room: Room): Promise<void>;
  /** The room has come to its end, well or not, or its work was stopped. Never throws. */
  release(room: Room): Promise<void>;
}
