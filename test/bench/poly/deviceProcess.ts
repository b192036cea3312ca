/**
 * The Poly devices of this bench, in a process of their own so that their work is not counted as ours, each at the end of a
 * long line. Forked by devices.ts with the number of devices.
 */
import type { Line } from '../../lab/line.ts';
import { startPoly } from '../../lab/poly/poly.ts';
import type { AnyPolySpec } from '../../lab/types.ts';
import { createWorld } from '../../lab/world.ts';
import { startEcho } from '../echo.ts';

const PORTS = { httpsPort: 8482, sshPort: 2282, telnetPort: 2284 };
/** Sends back what it gets: one round trip of the line and nothing else. */
const ECHO = { address: '127.74.250.1', port: 2282 };
const PASSWORD = 'Only-4-this-bench';
const DAY_MS = 86_400_000;
const KINDS = ['poly-videoos', 'poly-group', 'poly-trio'] as const;
export type FarKind = (typeof KINDS)[number];

export interface FarDevice {
  kind: FarKind;
  address: string;
  httpsPort: number;
  sshPort: number;
  telnetPort: number;
  username: string;
  password: string;
}

export interface Ready {
  devices: FarDevice[];
  echo: typeof ECHO;
}

/** Since the last message: connections to devices, and the CPU of this process in milliseconds. */
export interface Used {
  connections: number;
  cpuMs: number;
}

let connections = 0;
const line: Line = { latencyMs: 0, connected: () => void connections++ };
const world = createWorld({ line });
let cpu = process.cpuUsage();

async function device(at: number): Promise<FarDevice> {
  const kind = KINDS[at % KINDS.length] ?? 'poly-videoos';
  const address = `127.74.${at >> 7}.${1 + (at & 127)}`;
  const username = kind === 'poly-trio' ? 'Polycom' : 'admin';
  const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, '0');
  const base = {
    address,
    httpsPort: PORTS.httpsPort,
    mac: `64:16:7F:00:${hex(at >> 8)}:${hex(at & 255)}`,
    serial: kind === 'poly-trio' ? `64167F00${hex(at >> 8)}${hex(at & 255)}` : `8L${String(at).padStart(10, '0')}`,
    systemName: `Room ${at}`,
    admin: { username, password: PASSWORD },
    calendar: { enabled: false, server: '', mailbox: '', domain: '', username: '', password: '' },
    pollMs: DAY_MS,
  };
  const cli = { sshPort: PORTS.sshPort, telnetPort: PORTS.telnetPort, settings: { 'sec.telnet.enable': 'True' } };
  const specs: Record<FarKind, AnyPolySpec> = {
    'poly-videoos': { ...base, kind: 'poly-videoos', model: 'StudioX50', software: '4.2.0' },
    'poly-group': {
      ...base,
      ...cli,
      kind: 'poly-group',
      model: 'RealPresence Group 500',
      software: 'Release - 6.2.2.8-670021',
    },
    'poly-trio': { ...base, kind: 'poly-trio', model: 'Trio 8800', software: '7.2.2.1094', auth: 'basic' },
  };
  await startPoly(specs[kind], world);
  return { kind, address, ...PORTS, username, password: PASSWORD };
}

const devices = await Promise.all(Array.from({ length: Number(process.argv[2]) }, (_, at) => device(at)));
await startEcho(line, ECHO);

process.on('message', (wanted: number) => {
  line.latencyMs = wanted;
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({ connections, cpuMs: (user + system) / 1000 } satisfies Used);
  connections = 0;
  cpu = process.cpuUsage();
});
process.on('disconnect', () => process.exit(0));
process.send?.({ devices, echo: ECHO } satisfies Ready);
