/** One Poly device of each way 20 ms away, beside the round trips that it makes unavoidable; then 200 at once. */
import { availableParallelism } from 'node:os';
import { Batch } from '../../main/migration/batch.ts';
import { type Bar, type Bench, bar, say, sayTable, tell } from './bars.ts';
import { lastDone, median, ms, timed } from './cisco/figures.ts';
import type { FarDevice, FarKind } from './poly/deviceProcess.ts';
import { Devices } from './poly/devices.ts';
import { leastOf, visitByUs, WAYS } from './poly/visits.ts';

const LATENCY_MS = 20;
const DEVICES = 200;
const AT_ONCE = 32;
/** "wall time ≤ 1.3 × unavoidable round trips at 20 ms; 200 devices at concurrency 32 within 1.2 × ideal". */
const LIMIT = { visit: 1.3, crowd: 1.2 };
const FULL = { visits: 11, crowds: 5 };
const QUICK = { visits: 3, crowds: 1 };

interface Alone {
  name: string;
  wall: number;
  least: number;
  connections: number;
}

export const poly: Bench = async ({ quick, signal }) => {
  const sizes = quick ? QUICK : FULL;
  tell(`starting ${DEVICES} devices in another process`);
  const devices = await Devices.start(DEVICES, signal);
  try {
    const roundTrip = await devices.moveAway(LATENCY_MS);
    const alone: Alone[] = [];
    for (const way of WAYS) alone.push(await measure(way));
    sayTable(
      [`one device, ${ms(roundTrip)} away`, 'wall', 'unavoidable', 'ratio', 'connections'],
      alone.map(({ name, wall, least, connections }) => [
        name,
        ms(wall),
        ms(least),
        (wall / least).toFixed(2),
        connections,
      ]),
    );
    const crowd = await measureCrowd(devices, sizes.crowds, signal);
    return [
      ...alone.map(({ name, wall, least }) => bar(`${name}: wall / unavoidable`, wall / least, 'lower', LIMIT.visit)),
      bar('connections in a visit', Math.max(...alone.map(({ connections }) => connections)), 'lower', 1),
      ...crowd,
    ];

    async function measure(way: (typeof WAYS)[number]): Promise<Alone> {
      const device = devices.one(way.kind);
      tell(way.name);
      // Not counted: code is compiled, keys are made.
      await visitByUs(device, way.transport);
      const walls: number[] = [];
      const leasts: number[] = [];
      await devices.used();
      for (let visit = 0; visit < sizes.visits; visit++)
        walls.push(await timed(() => visitByUs(device, way.transport)));
      const { connections } = await devices.used();
      for (let visit = 0; visit < sizes.visits; visit++) leasts.push(await leastOf(way, device, roundTrip));
      return { name: way.name, wall: median(walls), least: median(leasts), connections: connections / sizes.visits };
    }
  } finally {
    await devices.stop();
  }
};

/** All over REST: on a command line there is nothing but waiting. */
async function measureCrowd(devices: Devices, crowds: number, signal: AbortSignal): Promise<Bar[]> {
  tell(`${DEVICES} devices, ${AT_ONCE} at once`);
  await visitAll(devices.all, signal);
  const alone = new Map<FarKind, number>();
  for (const { kind } of WAYS.filter(({ transport }) => transport === 'https')) {
    const walls: number[] = [];
    for (let visit = 0; visit < 5; visit++) walls.push(await timed(() => visitByUs(devices.one(kind), 'https')));
    alone.set(kind, median(walls));
  }
  const walls: number[] = [];
  const cpus: number[] = [];
  const own: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < crowds; round++) {
    await devices.used();
    const before = process.cpuUsage();
    walls.push(await timed(() => visitAll(devices.all, signal)));
    const { user, system } = process.cpuUsage(before);
    const { cpuMs } = await devices.used();
    const ours = (user + system) / 1000;
    own.push(ours);
    theirs.push(cpuMs);
    cpus.push(Math.max(ours, cpuMs, (ours + cpuMs) / Math.min(2, availableParallelism())));
  }
  const visits = devices.all.map(({ kind }) => alone.get(kind) ?? 0);
  // The second in whole visits, in the order of the batch: the last ones do not fill all places.
  const ideal = visits.reduce((sum, visit) => sum + visit, 0) / AT_ONCE;
  const inWhole = lastDone(visits, AT_ONCE);
  const wall = median(walls);
  const here = Math.max(ideal, median(cpus));
  say(
    `\n${DEVICES} devices, ${AT_ONCE} at once: ${ms(wall)}; ideal by distance ${ms(ideal)}, in whole visits ${ms(inWhole)}, on this computer ${ms(here)}.`,
  );
  say(
    `CPU of a visit: ours ${ms(median(own) / DEVICES)}, the devices' and their line's ${ms(median(theirs) / DEVICES)}; one thread each, ${availableParallelism()} cores for both and whatever else runs.`,
  );
  const name = `${DEVICES} devices, ${AT_ONCE} at once`;
  return [
    bar(`${name} / ideal by distance`, wall / ideal, 'lower', LIMIT.crowd),
    bar(`${name} / ideal by distance in whole visits`, wall / inWhole, 'lower', LIMIT.crowd),
    bar(`${name} / ideal on this computer`, wall / here, 'lower', LIMIT.crowd),
  ];
}

/** As rooms of a run are visited: by the product's own batch. */
async function visitAll(devices: readonly FarDevice[], signal: AbortSignal): Promise<void> {
  const rooms = devices.map((device) => ({
    async work() {
      await visitByUs(device, 'https');
      return null;
    },
    skip: (reason: Error) => Promise.reject(reason),
  }));
  await new Batch(AT_ONCE, signal).run(rooms);
}
