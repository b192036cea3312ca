/** The REST API of a RealPresence Group: as VideoOS, with its own words for software and network card. */

import { versionIn } from '../cli/replies.ts';
import { groupMapping } from '../mapping.ts';
import type { RestSession } from '../videoos/session.ts';
import { restWay } from '../videoos/way.ts';
import type { PolyWay } from '../way.ts';

/** Seen in `/rest/config` of a Group 500. */
const MAC_NAME = 'system.network.wired.ethernet.macaddress';

/** @param session logged in; closed by the way */
export function groupRestWay(session: RestSession): PolyWay {
  const way = restWay(session, groupMapping.registration);
  return {
    ...way,
    async readSystem() {
      const system = await way.readSystem();
      // `Release - 6.2.2.8-670021`.
      return { ...system, software: versionIn(system.software) };
    },
    readAbout: async () => ({ mac: null, deviceMode: null }),
    macName: MAC_NAME,
    readExport: async () => null,
  };
}
