/** Calls around the search for devices: what it can begin with, listening, and what was seen of one device. */
import { OtjError } from '../../contract/errors.ts';
import { ownNetworks } from '../../discovery/networks.ts';
import type { OpenSite } from '../openSite.ts';
import type { Area } from './area.ts';

export function discoverHandlers(open: OpenSite): Area<'discover'> {
  return {
    'discover.state': () => ({
      networks: ownNetworks(),
      unfinished: open.site.evidence.search()?.unfinished ?? null,
      listening: open.listening,
    }),
    'discover.listen': ({ on }) => open.listen(on),
    'discover.facts': ({ deviceId }) => {
      const { rooms, evidence } = open.site;
      if (!rooms.endpoint(deviceId)) throw new OtjError('DEVICE_UNKNOWN', String(deviceId));
      return evidence.factsOf(deviceId);
    },
  };
}
