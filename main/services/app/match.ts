/** Calls on devices, and on which room they belong to. */
import { acceptMatches, assignAll, type Matched, releaseDevice, undoMatches } from '../match.ts';
import type { OpenSite } from '../openSite.ts';
import { listedNames, suggestMatches } from '../suggest.ts';
import { type Area, change } from './area.ts';

export function matchHandlers(open: OpenSite): Area<'devices' | 'match'> {
  return {
    'devices.list': () => {
      const named = listedNames(open.site);
      return open.site.rooms.endpoints().map((device) => ({ ...device, sighting: device.sighting ?? named(device) }));
    },
    'match.suggest': () => suggestMatches(open.site),
    'match.assign': (wish) =>
      moved(
        open,
        change(open, (site) => assignAll(site, [wish], { all: true })),
      ),
    'match.release': ({ roomId }) =>
      moved(
        open,
        change(open, (site) => releaseDevice(site, roomId)),
      ),
    'match.accept': ({ score }) =>
      moved(
        open,
        change(open, (site) => acceptMatches(site, score)),
      ),
    'match.undo': ({ batch }) =>
      moved(
        open,
        change(open, (site) => undoMatches(site, batch)),
      ),
  };
}

function moved(open: OpenSite, matched: Matched): Matched {
  if (matched.rooms.length === 0) return matched;
  open.roomsChanged(matched.rooms);
  open.emit({ type: 'devices' });
  // What Infinity is owed may have changed with it.
  open.siteChanged();
  return matched;
}
