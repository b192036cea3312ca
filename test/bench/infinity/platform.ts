/**
 * The Management Node of this bench, in a process of its own so that its work is not counted as ours. Its Conferencing
 * Nodes never learn of an entry: what they would push is no part of this. Started by infinity.ts; ends with its parent.
 * Arguments: latency in milliseconds, requests that it takes in 60 s, licences.
 */
import { createCalendars } from '../../lab/calendars.ts';
import { startInfinity } from '../../lab/infinity/infinity.ts';
import { createWorld } from '../../lab/world.ts';

export interface PlatformReady {
  address: string;
  port: number;
  certificate: string;
}
/** Requests to the API so far, and entries there. */
export interface PlatformCount {
  requests: number;
  entries: number;
}

const NET = '127.73.0';
const DAY_MS = 86_400_000;
const [latencyMs = 0, ratePerMinute = 0, otjTotal = 0] = process.argv.slice(2).map(Number);
const world = createWorld();
world.latencyMs = latencyMs;
const platform = await startInfinity({
  world,
  calendars: createCalendars([]),
  address: `${NET}.10`,
  port: 0,
  domain: 'bench.example',
  accounts: [{ username: 'admin', password: 'secret', mayWrite: true }],
  nodes: [{ hostname: 'conf-1', address: `${NET}.11`, port: 0, location: 'Oslo' }],
  profile: { name: 'Profile' },
  groups: [{ name: 'Oslo', location: 'Oslo', withProfile: true }],
  graphSecret: 'graph-secret',
  pushMs: DAY_MS,
  behaviour: { replicationMs: DAY_MS, ratePerMinute, otjTotal },
});
process.on('message', () => {
  const entries = platform.store.rows('mjx_endpoint').length;
  process.send?.({ requests: platform.requests.all, entries } satisfies PlatformCount);
});
process.on('disconnect', () => process.exit(0));
const { hostname, port } = new URL(platform.url);
const { certificate } = platform.management;
process.send?.({ address: hostname, port: Number(port), certificate } satisfies PlatformReady);
