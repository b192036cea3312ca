/** Rooms whose device must stay as it is, because work on it was begun. */
import { OtjError } from '../contract/errors.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';

/** Throws MATCH_REFUSED when something was changed on the room's device that was not undone. */
export function refuseIfBegun(site: Site, room: Room): void {
  if (!isBegun(site, room)) return;
  const device = site.rooms.endpointOf(room.id);
  throw new OtjError('MATCH_REFUSED', `${room.name} was begun with ${device?.address ?? 'a device'}`);
}

/** Whether something was changed on the room's device that was not undone, or is being changed. */
export function isBegun(site: Site, { id, state }: Room): boolean {
  const device = site.rooms.endpointOf(id);
  return (
    state === 'in progress' ||
    Boolean(device?.serial && site.backups.isOpen(device.serial)) ||
    site.journal.effects(id).length > 0
  );
}
