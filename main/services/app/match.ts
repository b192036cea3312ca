/** Calls on devices, and on which room they belong to. */
import { assignDevice, releaseDevice, suggestMatches } from '../match.ts';
import type { OpenSite } from '../openSite.ts';
import { type Area, change } from './area.ts';

export function matchHandlers(open: OpenSite): Area<'devices' | 'match'> {
  return {
    'devices.list': () => open.site.rooms.endpoints(),
    'match.suggest': () => suggestMatches(open.site),
    'match.assign': ({ roomId, deviceId }) => {
      const rooms = change(open, (site) => assignDevice(site, roomId, deviceId));
      moved(open, rooms);
    },
    'match.release': ({ roomId }) => {
      change(open, (site) => releaseDevice(site, roomId));
      moved(open, [roomId]);
    },
  };
}

function moved(open: OpenSite, roomIds: readonly number[]): void {
  if (roomIds.length === 0) return;
  open.roomsChanged(roomIds);
  open.emit({ type: 'devices' });
  // What Infinity is owed may have changed with it.
  open.siteChanged();
}
