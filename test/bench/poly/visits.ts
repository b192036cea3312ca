/** One device's reading by the product, and the round trips that the device makes unavoidable. */
import { Client } from 'ssh2';
import type { Transport } from '../../../main/contract/device.ts';
import type { Driver, EndpointTarget } from '../../../main/endpoints/driver.ts';
import { polyGroup } from '../../../main/endpoints/poly/group/driver.ts';
import { polyTrio } from '../../../main/endpoints/poly/trio/driver.ts';
import { polyVideoOs } from '../../../main/endpoints/poly/videoos/driver.ts';
import type { FarDevice, FarKind } from './deviceProcess.ts';

const DRIVERS: Record<FarKind, Pick<Driver, 'connect'>> = {
  'poly-videoos': polyVideoOs,
  'poly-group': polyGroup,
  'poly-trio': polyTrio,
};
const NO_STOP = new AbortController().signal;
/** TCP and TLS 1.3. */
const CONNECT = 2;
/** Pause that devices want between two commands, milliseconds. */
const GAP_MS = 200;

export interface Way {
  name: string;
  kind: FarKind;
  transport: Transport;
  /**
   * Requests that a reading cannot do without, one after the other because each carries the token or the login of the
   * last: what is read in them is named. Or commands, each after the pause.
   */
  requests?: readonly string[];
  commands?: number;
}

export const WAYS: readonly Way[] = [
  {
    name: 'VideoOS',
    kind: 'poly-videoos',
    transport: 'https',
    requests: ['login', 'system', 'devices', 'device mode', 'provider', 'all settings', 'export', 'calendar', 'logout'],
  },
  {
    name: 'Group, REST',
    kind: 'poly-group',
    transport: 'https',
    // The two of the calendar carry no token on, so that both go in one flight.
    requests: ['login', 'system', 'all settings', 'calendar and its row', 'logout'],
  },
  {
    name: 'Trio',
    kind: 'poly-trio',
    transport: 'https',
    requests: ['what login', 'device info', 'calls', 'all settings'],
  },
  // status, nine settings, calendarstatus
  { name: 'Group, SSH', kind: 'poly-group', transport: 'ssh', commands: 11 },
  { name: 'Group, telnet', kind: 'poly-group', transport: 'telnet', commands: 11 },
];

function targetOf(device: FarDevice, transport: Transport): EndpointTarget {
  return {
    family: device.kind,
    ...device,
    transport: device.kind === 'poly-group' ? transport : 'auto',
    lastTransport: null,
    legacy: false,
    trust: { check: () => undefined },
    timeoutMs: 30_000,
    proofMs: 0,
    proofEveryMs: 1_000,
  };
}

/** What every visit begins with, and all of a dry run: log in, read all facts, log out. */
export async function visitByUs(device: FarDevice, transport: Transport): Promise<void> {
  const session = await DRIVERS[device.kind].connect(targetOf(device, transport), NO_STOP);
  try {
    await session.readFacts();
  } finally {
    await session.close();
  }
}

/** The least time that a reading takes there, milliseconds. @param roundTrip as measured */
export async function leastOf({ transport, requests, commands = 0 }: Way, device: FarDevice, roundTrip: number) {
  if (requests) return (CONNECT + requests.length) * roundTrip;
  const login = transport === 'ssh' ? await sshLogin(device) : 2 * roundTrip;
  return login + (commands - 1) * GAP_MS + roundTrip;
}

/** Until the greeting, with the bare library. */
async function sshLogin({ address, sshPort, username, password }: FarDevice): Promise<number> {
  const began = performance.now();
  const client = new Client();
  try {
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('ready', () =>
        client.shell((error, channel) => (error ? reject(error) : channel.once('data', () => resolve()))),
      );
      client.connect({ host: address, port: sshPort, username, password });
      client.setNoDelay(true);
    });
    return performance.now() - began;
  } finally {
    client.destroy();
  }
}
