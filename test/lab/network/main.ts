/**
 * Many simulated hosts in a process of their own. With `link`, in a network namespace of their own, too: whoever starts
 * it puts one end of a veth pair there; all other addresses of the network are dropped in silence, as a firewall does it.
 *
 * The first argument is the wish as JSON. Lines on standard output: `{"pid":…}` at once, `{"hosts":…}` when all is up,
 * `{"suspicious":…}` for each line on standard input. It ends with its standard input.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { IP } from '../../support/programs.ts';
import { Host } from './host.ts';
import { HOST_KINDS } from './kinds.ts';

const wishSchema = z.object({
  addresses: z.array(z.string()),
  rttMs: z.number(),
  ports: z.object({ https: z.number(), ssh: z.number(), http: z.number(), sip: z.number() }),
  /** Name of the interface that appears, this end's address with its length, and the network that lies behind it. */
  link: z.object({ name: z.string(), address: z.string(), network: z.string() }).nullable(),
});

const wish = wishSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
const ip = (...args: string[]) => execFileSync(IP, args, { stdio: ['ignore', 'ignore', 'inherit'] });
const suspicious: string[] = [];

say({ pid: process.pid });
process.stdin.on('end', () => process.exit(0));
createInterface({ input: process.stdin }).on('line', () => say({ suspicious }));

if (wish.link) {
  const { name, address, network } = wish.link;
  while (!existsSync(`/sys/class/net/${name}`) && !isThere(name)) await sleep(20);
  ip('link', 'set', 'lo', 'up');
  ip('addr', 'add', address, 'dev', name);
  ip('link', 'set', name, 'up');
  // What is nobody's is thrown away without a word.
  ip('route', 'add', 'blackhole', network);
  const lines = wish.addresses.map((one) => `addr add ${one}/32 dev lo`).join('\n');
  execFileSync(IP, ['-batch', '-'], { input: `${lines}\n` });
}

const hosts = wish.addresses.map((address, at) => {
  const kind = HOST_KINDS[at % HOST_KINDS.length];
  if (!kind) throw new Error('there are no kinds');
  const { ports, rttMs } = wish;
  const host = new Host(kind, { address, ports, rttMs, suspicious: (what) => suspicious.push(`${address} ${what}`) });
  return { host, told: { address, kind: kind.name, ours: kind.ours } };
});
for (const { host } of hosts) await host.start();
say({ hosts: hosts.map(({ told }) => told) });

/** /sys shows the interfaces of where it was mounted; the command asks the namespace itself. */
function isThere(name: string): boolean {
  try {
    execFileSync(IP, ['link', 'show', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
