/** Who else administers the codec: a management or provisioning system, or the Webex cloud. */
import { textAt, type Xapi } from '../xapi.ts';
import { optional } from './reads.ts';

export interface Manager {
  /** As the codec calls it, e.g. `TMS`. */
  name: string;
  address: string | null;
}

export interface Webex {
  /** `Status Webex Status`; null when the codec does not tell. */
  status: string | null;
  /** `Status Webex DeveloperId`: what Webex knows the codec by. */
  developerId: string | null;
}

export interface Outside {
  /** Value of `Provisioning Mode`. */
  mode: string | null;
  /** `Status Provisioning Status`. */
  status: string | null;
  manager: Manager | null;
  webex: Webex;
  /** Phase of an upgrade under way; null = none. */
  upgrade: string | null;
}

/** These texts come to stand in titles of steps. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const LONGEST = 200;
/** Modes that name a system which owns the codec; the others are `Off`, `Auto` and `Webex` (public schemas). */
const OWNERS: ReadonlySet<string> = new Set(['TMS', 'CUCM', 'VCS', 'Edge']);
/**
 * Phases (public schemas) in which new software is about to be started, on the codec or what is plugged into it; while it
 * only downloads nothing is in the way.
 */
const INSTALLING: ReadonlySet<string> = new Set([
  'AboutToInstallUpgrade',
  'Installing',
  'InstallingPeripherals',
  'UpgradingPeripherals',
]);

export async function readOutside(xapi: Xapi): Promise<Outside> {
  const [configuration, status, webex] = await Promise.all([
    optional(xapi.get('Configuration', 'Provisioning')),
    optional(xapi.get('Status', 'Provisioning')),
    optional(xapi.get('Status', 'Webex')),
  ]);
  const text = (node: unknown, ...path: string[]) =>
    textAt(node, ...path)
      ?.replace(UNPRINTABLE, ' ')
      .trim()
      .slice(0, LONGEST) || null;
  const cloud = { status: text(webex, 'Status'), developerId: text(webex, 'DeveloperId') };
  const mode = text(configuration, 'Mode');
  const linked = text(configuration, 'WebexEdge') === 'On';
  const phase = text(status, 'Software', 'UpgradeStatus', 'Phase');
  const address = text(configuration, 'ExternalManager', 'Address');
  const server = text(status, 'Server');
  const provisioned = text(status, 'Status') === 'Provisioned';
  return {
    mode,
    status: text(status, 'Status'),
    webex: cloud,
    manager: managerOf({
      mode,
      address,
      server: provisioned ? server : null,
      linked,
      isCloud: cloud.status === 'Registered',
    }),
    upgrade: phase === null || phase === 'None' ? null : phase,
  };
}

/**
 * Whether the codec is a cloud device. [assumed] One that is linked with Webex Edge has a manager on the premises, which
 * counts before this: it keeps its local users, and Infinity reaches it like any other.
 */
export function isInCloud({ webex, manager }: Pick<Outside, 'webex' | 'manager'>): boolean {
  return webex.status === 'Registered' && manager === null;
}

export function isInstalling(upgrade: string | null): boolean {
  return upgrade !== null && INSTALLING.has(upgrade);
}

type Told = { mode: string | null; address: string | null; server: string | null; linked: boolean; isCloud: boolean };

function managerOf({ mode, address, server, linked, isCloud }: Told): Manager | null {
  // Linked is linked, whatever provisioning does besides.
  if (linked) return { name: mode !== null && OWNERS.has(mode) ? mode : 'Webex Edge', address: address ?? server };
  if (mode === 'Off') return null;
  if (mode !== null && OWNERS.has(mode)) return { name: mode, address: address ?? server };
  // In mode Auto the codec looks for a system by itself: an address or a success tells that there is one. A codec that is
  // registered with Webex is provisioned from there, also in this mode, which is the schemas' default.
  const found = mode === 'Webex' || isCloud ? address : (address ?? server);
  return found === null ? null : { name: 'provisioning server', address: found };
}
