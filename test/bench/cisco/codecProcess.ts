/**
 * The codecs of this bench, in a process of their own so that their work is not counted as ours. Each is reached over a
 * long line: what it sends arrives later by the latency that the parent names. The line is below SSH and TLS, so a key
 * exchange takes its round trips like everything else. Forked by codecs.ts with the number of codecs.
 */
import { startCodec } from '../../lab/cisco/codec.ts';
import { meetingControls, otjMacroPair } from '../../lab/cisco/macros.ts';
import type { Line } from '../../lab/line.ts';
import { createWorld } from '../../lab/world.ts';
import { startEcho } from '../echo.ts';

const PORTS = { sshPort: 2272, httpsPort: 8472 };
/** Sends back what it gets: one round trip of the line and nothing else. */
const ECHO = { address: '127.72.250.1', port: 2272 };
const LOGIN = { username: 'admin', password: 'Only-4-this-bench' };
const DAY_MS = 86_400_000;

export interface FarCodec {
  address: string;
  sshPort: number;
  httpsPort: number;
  username: string;
  password: string;
}

export interface Ready {
  codecs: FarCodec[];
  echo: typeof ECHO;
}

/** Since the last message: connections to codecs, and the CPU of this process in milliseconds. */
export interface Used {
  ssh: number;
  https: number;
  cpuMs: number;
}

const connections = { ssh: 0, https: 0 };
/** To every codec; the latency is as the parent named it last. */
const line: Line = {
  latencyMs: 0,
  connected: (port) => void connections[port === PORTS.sshPort ? 'ssh' : 'https']++,
};
const world = createWorld({ line });
let cpu = process.cpuUsage();

async function codec(at: number): Promise<FarCodec> {
  const address = `127.72.${at >> 7}.${1 + (at & 127)}`;
  const macros = otjMacroPair({ tenant: 'bench', token: `token-${at}`, pollMs: DAY_MS });
  await startCodec(
    {
      kind: 'codec',
      address,
      ...PORTS,
      serial: `FOC${String(at).padStart(8, '0')}`,
      mac: `00:50:60:00:${hex(at >> 8)}:${hex(at & 255)}`,
      model: 'Cisco Room Kit Pro',
      systemName: `Room ${at}`,
      software: 'ce11.27.2.0.0123456789a',
      users: [{ username: LOGIN.username, passphrase: LOGIN.password, roles: ['Admin'] }],
      macros: [meetingControls, ...macros],
      panels: [{ panelId: 'lights', name: 'Lights' }],
      settings: { 'Macros Mode': 'On', 'HttpClient Mode': 'On' },
    },
    world,
  );
  return { address, ...PORTS, ...LOGIN };
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

const codecs = await Promise.all(Array.from({ length: Number(process.argv[2]) }, (_, at) => codec(at)));
await startEcho(line, ECHO);

process.on('message', (wanted: number) => {
  line.latencyMs = wanted;
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({ ...connections, cpuMs: (user + system) / 1000 } satisfies Used);
  Object.assign(connections, { ssh: 0, https: 0 });
  cpu = process.cpuUsage();
});
process.on('disconnect', () => process.exit(0));
process.send?.({ codecs, echo: ECHO } satisfies Ready);
