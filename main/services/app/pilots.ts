/** Calls on first devices of their kind. */
import { OtjError } from '../../contract/errors.ts';
import type { OpenSite } from '../openSite.ts';
import { dropPilot, pilotViews, writeContribution } from '../pilots.ts';
import { type Area, change, pathOf } from './area.ts';

/** @param written is told of each file that is written */
export function pilotHandlers(open: OpenSite, written: Set<string>): Area<'pilots'> {
  return {
    'pilots.list': () => pilotViews(open.site),
    'pilots.drop': ({ roomId }) => {
      const room = open.site.rooms.get(roomId);
      if (!room) throw new OtjError('ROOM_UNKNOWN');
      change(open, (site) => dropPilot(site, room));
    },
    'pilots.contribution': ({ path }) => {
      const made = writeContribution(open.site, path === null ? null : pathOf(path));
      written.add(made.path);
      return made;
    },
  };
}
