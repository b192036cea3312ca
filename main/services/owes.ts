/** What Infinity is still to be told of a room. Apart from the lists, so that a search does not load what reads workbooks. */
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';

/** A room that Infinity knows already is told of its new name or address at the next sync. */
export function owesUpdate(site: Site, room: Room | null): void {
  // An undone room is on its way off Infinity, or off it already; so is one whose undo was begun.
  if (!room || room.state === 'undone' || room.work === 'undo') return;
  if (site.outbox.entry(room.id)) site.outbox.owe(room.id, 'entry');
}
