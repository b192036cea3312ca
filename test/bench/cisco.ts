/** One codec from near and far, beside Cisco's own client and beside the least that the protocol allows; then 200 at once. */
import { availableParallelism } from 'node:os';
import type { Transport } from '../../main/contract/device.ts';
import { Batch } from '../../main/migration/batch.ts';
import { type Bar, type Bench, bar, rounded, say, sayTable, tell } from './bars.ts';
import type { FarCodec } from './cisco/codecProcess.ts';
import { Codecs } from './cisco/codecs.ts';
import { median, slope } from './cisco/figures.ts';
import { BARE_TRIPS, type Reading, visitBare, visitByJsxapi, visitByUs } from './cisco/visits.ts';
import { migrate } from './cisco/wholeVisit.ts';

const LATENCIES = [0, 5, 20, 80] as const;
/** "wall time per room ≤ 1.3 × the sum of its unavoidable round trips". */
const OVER_LEAST = 1.3;
/** "200 codecs at 20 ms latency, concurrency 32: wall time ≤ 1.2 × the ideal for that concurrency". */
const CROWD = { codecs: 200, latencyMs: 20, atOnce: 32, limit: 1.2 };
/** RoomOS answers this many requests of an HTTPS session in a second, says its release notes. */
const HTTPS_PER_SECOND = 15;
/** TCP, TLS, beginning and end of the session; then one for each reading, because the firmware wants them in turn. */
const HTTPS_FRAME = 4;

interface Sizes {
  /** Visits of each client at each latency. */
  visits: number;
  httpsVisits: number;
  wholeVisits: number;
  crowds: number;
}

const FULL: Sizes = { visits: 11, httpsVisits: 3, wholeVisits: 5, crowds: 5 };
const QUICK: Sizes = { visits: 3, httpsVisits: 1, wholeVisits: 1, crowds: 1 };

/** Medians at one distance, milliseconds. */
interface Row {
  latencyMs: number;
  tripMs: number;
  ours: number;
  jsxapi: number;
  bare: number;
  https: number;
  whole: number;
}

interface Measured {
  rows: Row[];
  readings: readonly Reading[];
  /** Per visit of ours. */
  connections: Record<Transport, number>;
  /** Least number of round trips of a whole visit, and its changes. */
  whole: { least: number; changes: number };
}

interface Crowd {
  alone: number;
  ours: number;
  bare: number;
  /** CPU of this process per visit, milliseconds. */
  cpu: { ours: number; bare: number };
}

export const cisco: Bench = async ({ quick, signal }) => {
  const sizes = quick ? QUICK : FULL;
  tell(`starting ${CROWD.codecs} codecs in another process`);
  const codecs = await Codecs.start(CROWD.codecs, signal);
  try {
    const crowd = await measureCrowd(codecs, sizes, signal);
    const measured = await measureVisits(codecs, sizes, signal);
    sayVisits(measured);
    sayCrowd(crowd);
    return [...visitBars(measured), ...crowdBars(crowd)];
  } finally {
    await codecs.stop();
  }
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function measureVisits(codecs: Codecs, sizes: Sizes, signal: AbortSignal): Promise<Measured> {
  const [codec] = codecs.all;
  if (!codec) throw new Error('no codec');
  // Those that nobody has spoken to yet are migrated, each once.
  const fresh = [...codecs.all.slice(1)];
  await codecs.moveAway(0);
  const { readings } = await visitByUs(codec, 'ssh');
  const rows: Row[] = [];
  let connections: Record<Transport, number> = { ssh: 0, https: 0 };
  let whole = { least: 0, changes: 0 };
  for (const latencyMs of LATENCIES) {
    tell(`one codec, ${latencyMs} ms away`);
    const tripMs = await codecs.moveAway(latencyMs);
    const times = { ours: [], jsxapi: [], bare: [], https: [], whole: [] } satisfies Record<string, number[]>;
    const all: Record<keyof typeof times, number[]> = times;
    // In turn, so that whatever else goes on in this computer meets each of them.
    for (let visit = 0; visit < sizes.visits; visit++) {
      signal.throwIfAborted();
      all.bare.push(await timed(() => visitBare(codec, readings)));
      all.ours.push(await timed(() => visitByUs(codec, 'ssh')));
      all.jsxapi.push(await timed(() => visitByJsxapi(codec, readings)));
    }
    for (let visit = 0; visit < sizes.wholeVisits; visit++) {
      signal.throwIfAborted();
      const { ms, ...what } = await migrate(freshOf(fresh));
      all.whole.push(ms);
      whole = what;
    }
    await codecs.connections();
    for (let visit = 0; visit < sizes.httpsVisits; visit++) {
      signal.throwIfAborted();
      all.https.push(await timed(() => visitByUs(codec, 'https')));
    }
    const { https } = await codecs.connections();
    await visitByUs(codec, 'ssh');
    const { ssh } = await codecs.connections();
    connections = { ssh, https: https / sizes.httpsVisits };
    const [ours, jsxapi, bare] = [median(all.ours), median(all.jsxapi), median(all.bare)];
    rows.push({ latencyMs, tripMs, ours, jsxapi, bare, https: median(all.https), whole: median(all.whole) });
  }
  return { rows, readings, connections, whole };
}

function freshOf(fresh: FarCodec[]): FarCodec {
  const codec = fresh.pop();
  if (!codec) throw new Error('no codec is left that was not migrated');
  return codec;
}

async function measureCrowd(codecs: Codecs, { crowds, visits }: Sizes, signal: AbortSignal): Promise<Crowd> {
  const { latencyMs, atOnce } = CROWD;
  await codecs.moveAway(latencyMs);
  const [codec] = codecs.all;
  if (!codec) throw new Error('no codec');
  const { readings } = await visitByUs(codec, 'ssh');
  const alone: number[] = [];
  for (let visit = 0; visit < visits; visit++) alone.push(await timed(() => visitByUs(codec, 'ssh')));
  const walls = { ours: [] as number[], bare: [] as number[] };
  const cpus = { ours: [] as number[], bare: [] as number[] };
  const crowd = async (who: 'ours' | 'bare', visit: (codec: FarCodec) => Promise<unknown>) => {
    const cpu = process.cpuUsage();
    walls[who].push(await timed(() => allOf(codecs.all, atOnce, signal, visit)));
    const { user, system } = process.cpuUsage(cpu);
    cpus[who].push((user + system) / 1000 / codecs.all.length);
  };
  // The first is not counted: codecs make their keys at the first call, and code is compiled.
  for (let round = 0; round <= crowds; round++) {
    tell(`${codecs.all.length} codecs, ${latencyMs} ms away, ${atOnce} at once`);
    await crowd('ours', (one) => visitByUs(one, 'ssh'));
    await crowd('bare', (one) => visitBare(one, readings));
  }
  const counted = (values: readonly number[]) => median(values.slice(1));
  return {
    alone: median(alone),
    ours: counted(walls.ours),
    bare: counted(walls.bare),
    cpu: { ours: counted(cpus.ours), bare: counted(cpus.bare) },
  };
}

/** As rooms of a run are visited: by the product's own batch. */
async function allOf(
  codecs: readonly FarCodec[],
  atOnce: number,
  signal: AbortSignal,
  visit: (codec: FarCodec) => Promise<unknown>,
): Promise<void> {
  const rooms = codecs.map((codec) => ({
    async work() {
      await visit(codec);
      return null;
    },
    skip: (reason: Error) => Promise.reject(reason),
  }));
  await new Batch(atOnce, signal).run(rooms);
}

/** Round trips that a visit waits for, one after the other: what it grows by when each takes longer. */
function tripsOf(rows: readonly Row[], who: 'ours' | 'jsxapi' | 'bare' | 'https' | 'whole'): number {
  return slope(rows.map((row) => [row.tripMs, row[who]] as const));
}

function sayVisits({ rows, readings, connections, whole }: Measured): void {
  const least = BARE_TRIPS.length;
  say(
    `\nOne visit that reads everything: ${readings.length} readings, over SSH ${connections.ssh} connection. Medians.`,
  );
  say(`The least is ${least} round trips (${BARE_TRIPS.join(', ')}), done by a client that does nothing else.`);
  sayTable(
    ['away', 'a round trip', `${least} of them`, 'least client', 'ours', 'jsxapi', 'ours/least', 'ours/jsxapi'],
    rows.map(({ latencyMs, tripMs, bare, ours, jsxapi }) => [
      `${latencyMs} ms`,
      ms(tripMs),
      ms(tripMs * least),
      ms(bare),
      ms(ours),
      ms(jsxapi),
      rounded(ours / bare),
      rounded(ours / jsxapi),
    ]),
  );
  const counted = (['bare', 'ours', 'jsxapi'] as const).map((who) => `${who} ${rounded(tripsOf(rows, who))}`);
  say(`Round trips waited for, from the growth with distance: ${counted.join(', ')}.`);

  const httpsLeast = readings.length + HTTPS_FRAME;
  const paced = (1000 * (readings.length + 2)) / HTTPS_PER_SECOND;
  say(`\nThe same over HTTPS: ${rounded(connections.https)} connections a visit; least ${httpsLeast} round trips, and`);
  say(`${ms(paced)} because the firmware takes ${HTTPS_PER_SECOND} requests a second. No bar: SSH comes first.`);
  sayTable(
    ['away', `${httpsLeast} round trips`, 'ours', 'ours/least'],
    rows.map(({ latencyMs, tripMs, https }) => {
      const floor = Math.max(tripMs * httpsLeast, paced);
      return [`${latencyMs} ms`, ms(tripMs * httpsLeast), ms(https), rounded(https / floor)];
    }),
  );

  say(
    `\nA whole migration of one codec over SSH, without waiting for Infinity: ${whole.changes} changes, each read back,`,
  );
  say(
    `and a login over HTTPS as the new account. Least ${whole.least} round trips; waited for ${rounded(tripsOf(rows, 'whole'))}.`,
  );
  sayTable(
    ['away', `${whole.least} round trips`, 'ours'],
    rows.map(({ latencyMs, tripMs, whole: took }) => [`${latencyMs} ms`, ms(tripMs * whole.least), ms(took)]),
  );
}

function visitBars({ rows, connections, whole }: Measured): Bar[] {
  const trips = tripsOf(rows, 'ours') / BARE_TRIPS.length;
  return [
    bar('connections of a visit over SSH', connections.ssh, 'lower', 1),
    bar('round trips of a visit over SSH / the least', trips, 'lower', OVER_LEAST),
    ...rows.map((row) =>
      bar(`visit at ${row.latencyMs} ms / the least client`, row.ours / row.bare, 'lower', OVER_LEAST),
    ),
    ...rows.map((row) => bar(`visit at ${row.latencyMs} ms / jsxapi`, row.ours / row.jsxapi, 'lower', 1)),
    bar('round trips of a whole migration / the least', tripsOf(rows, 'whole') / whole.least, 'lower', OVER_LEAST),
  ];
}

function sayCrowd({ alone, ours, bare, cpu }: Crowd): void {
  const { codecs, latencyMs, atOnce } = CROWD;
  const cores = availableParallelism();
  say(
    `\n${codecs} codecs, ${latencyMs} ms away, ${atOnce} at once; ${cores} cores for them and us. One alone: ${ms(alone)}.`,
  );
  sayTable(
    ['', 'wall', 'CPU a visit'],
    [
      [`ideal: ${codecs} / ${atOnce} × one alone`, ms(idealOf(alone)), null],
      ['the least client', ms(bare), ms(cpu.bare)],
      ['ours', ms(ours), ms(cpu.ours)],
    ],
  );
}

function crowdBars({ alone, ours }: Crowd): Bar[] {
  return [
    bar(`${CROWD.codecs} codecs, ${CROWD.atOnce} at once / the ideal`, ours / idealOf(alone), 'lower', CROWD.limit),
  ];
}

function idealOf(alone: number): number {
  return (CROWD.codecs / CROWD.atOnce) * alone;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
