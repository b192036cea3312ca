import type { ListedRoom } from './practice-rooms.ts';
import type { AnyPolySpec, AnySpec, PolyBase, PolyCli, PolyPace } from './types.ts';

interface Model {
  kind: AnyPolySpec['kind'];
  model: string;
  software: string;
  cli?: PolyCli;
}

const studio = (model: string, software: string): Model => ({ kind: 'poly-videoos', model, software });

/** A site of VideoOS devices only. */
const STUDIOS: readonly Model[] = [
  studio('StudioX50', '4.2.0'),
  studio('StudioX30', '3.10.0'),
  studio('G7500', '4.1.0'),
  studio('StudioX70', '4.2.0'),
  studio('StudioX30', '3.12.0'),
];

const GROUP_SOFTWARE = 'Release - 6.2.2.8-670021';
const TRIO_SOFTWARE = '7.2.2.1094 28-Feb-22 15:29';

/** Of each family and each way a firmware can name its settings; in turn over the rooms. */
const MIXED: readonly Model[] = [
  studio('StudioX50', '4.2.0'),
  { kind: 'poly-group', model: 'RealPresence Group 500', software: GROUP_SOFTWARE, cli: { quotes: 'mixed' } },
  { kind: 'poly-trio', model: 'Trio 8800', software: TRIO_SOFTWARE },
  studio('G7500', '4.3.0'),
  { kind: 'poly-group', model: 'RealPresence Group 310', software: GROUP_SOFTWARE, cli: { echo: true } },
  { kind: 'poly-hdx', model: 'HDX 9000', software: 'Release - 3.1.14' },
  studio('StudioX30', '3.12.0'),
  { kind: 'poly-trio', model: 'Trio C60', software: TRIO_SOFTWARE },
  studio('StudioX52', '4.4.0'),
  { kind: 'poly-debut', model: 'RealPresence Debut', software: '1.3.3' },
  { kind: 'poly-group', model: 'RealPresence Group 700', software: GROUP_SOFTWARE, cli: { tightErrors: true } },
  studio('G62', '4.5.0'),
];

export type Polys = 'studios' | 'mixed';

export function modelOf(polys: Polys, index: number): Model {
  const models = polys === 'mixed' ? MIXED : STUDIOS;
  const found = models[index % models.length];
  if (!found) throw new RangeError('no models');
  return found;
}

/** A Trio tells no serial number, only its MAC address; what stands on its label as serial number is the same. */
export function serialOf({ kind }: { kind: AnySpec['kind'] }, room: ListedRoom, mac: string): string {
  return kind === 'poly-trio' ? mac.replaceAll(':', '') : room.serial;
}

export interface PolySite {
  ports: { ssh: number; https: number; telnet: number };
  admin: { username: string; password: string };
  trio: { username: string; password: string };
  calendar: PolyBase['calendar'];
  pollMs: number;
  pace?: Partial<PolyPace>;
}

type Common = Pick<PolyBase, 'address' | 'httpsPort' | 'serial' | 'mac' | 'systemName' | 'faults'>;

export function polySpec(common: Common, { kind, cli, ...is }: Model, site: PolySite): AnyPolySpec {
  const { calendar, pollMs, ports } = site;
  const pace = site.pace ? { pace: site.pace } : {};
  const base = { ...common, ...is, ...pace, calendar, pollMs, admin: site.admin };
  switch (kind) {
    case 'poly-videoos':
      // The command line is the only way to settings that have no name over REST.
      return { kind, ...base, ...(is.software.startsWith('4.5.') ? { sshPort: ports.ssh } : {}) };
    case 'poly-group':
      return { kind, ...base, sshPort: ports.ssh, telnetPort: ports.telnet, ...(cli ? { cli } : {}) };
    case 'poly-trio': {
      const server = `https://${calendar.server}/EWS/Exchange.asmx`;
      return { kind, ...base, admin: site.trio, calendar: { ...calendar, server } };
    }
    case 'poly-hdx':
    case 'poly-debut':
      return { kind, ...common, ...is, ...pace, admin: site.admin };
  }
}
