/** Visits to one codec from near and far: round trips waited for, and time, beside other clients. */
import { type Bar, bar, rounded, say, sayTable, tell } from '../bars.ts';
import type { FarCodec } from './codecProcess.ts';
import type { Codecs } from './codecs.ts';
import { median, ms, slope, timed } from './figures.ts';
import { BARE_TRIPS, type Reading, readByUs, visitBare, visitByJsxapi, visitByUs } from './visits.ts';
import { migrate } from './wholeVisit.ts';

const LATENCIES = [0, 5, 20, 80] as const;
/** "wall time per room ≤ 1.3 × the sum of its unavoidable round trips". */
const OVER_LEAST = 1.3;
/** RoomOS answers this many requests of an HTTPS session in a second, say its release notes. */
const HTTPS_PER_SECOND = 15;
/** Beginning and end of a session. */
const HTTPS_FRAME = 2;
/** TCP and TLS 1.3. */
const HTTPS_CONNECTION = 2;

interface Sizes {
  /** Visits of each client at each distance. */
  visits: number;
  httpsVisits: number;
  wholeVisits: number;
}

const CLIENTS = ['bare', 'ours', 'reads', 'jsxapi', 'https', 'whole'] as const;
type Times = Record<(typeof CLIENTS)[number], number>;

/** Medians at one distance, milliseconds. */
interface Row extends Times {
  latencyMs: number;
  tripMs: number;
}

interface Distances {
  rows: Row[];
  readings: readonly Reading[];
  /** Per visit of ours. */
  connections: { ssh: number; https: number };
  /** Least number of round trips of a whole visit, and its changes. */
  whole: { least: number; changes: number };
}

export async function measureDistances(codecs: Codecs, sizes: Sizes, signal: AbortSignal): Promise<Distances> {
  const { one } = codecs;
  // Each is migrated once.
  const fresh = [...codecs.all.slice(1)];
  await codecs.moveAway(0);
  const { readings } = await visitByUs(one, 'ssh');
  const clients = {
    bare: () => visitBare(one, readings),
    ours: () => visitByUs(one, 'ssh'),
    reads: () => readByUs(one, readings),
    jsxapi: () => visitByJsxapi(one, readings),
  };
  const result: Distances = { rows: [], readings, connections: { ssh: 0, https: 0 }, whole: { least: 0, changes: 0 } };
  for (const latencyMs of LATENCIES) {
    tell(`one codec, ${latencyMs} ms away`);
    const tripMs = await codecs.moveAway(latencyMs);
    const times: Record<keyof Times, number[]> = { bare: [], ours: [], reads: [], jsxapi: [], https: [], whole: [] };
    // In turn, so that whatever else goes on in this computer meets each of them.
    for (let visit = 0; visit < sizes.visits; visit++) {
      for (const client of ['bare', 'ours', 'reads', 'jsxapi'] as const) {
        signal.throwIfAborted();
        times[client].push(await timed(clients[client]));
      }
    }
    for (let visit = 0; visit < sizes.wholeVisits; visit++) {
      signal.throwIfAborted();
      const { ms: took, ...what } = await migrate(freshOf(fresh));
      times.whole.push(took);
      result.whole = what;
    }
    await codecs.used();
    for (let visit = 0; visit < sizes.httpsVisits; visit++) {
      signal.throwIfAborted();
      times.https.push(await timed(() => visitByUs(one, 'https')));
    }
    const { https } = await codecs.used();
    await visitByUs(one, 'ssh');
    const { ssh } = await codecs.used();
    result.connections = { ssh, https: https / sizes.httpsVisits };
    const { bare, ours, reads, jsxapi, whole } = times;
    result.rows.push({
      latencyMs,
      tripMs,
      bare: median(bare),
      ours: median(ours),
      reads: median(reads),
      jsxapi: median(jsxapi),
      https: median(times.https),
      whole: median(whole),
    });
  }
  return result;
}

function freshOf(fresh: FarCodec[]): FarCodec {
  const codec = fresh.pop();
  if (!codec) throw new Error('no codec is left that was not migrated');
  return codec;
}

/** Round trips that a client waits for, one after the other: what its time grows by when each takes longer. */
function tripsOf(rows: readonly Row[], client: keyof Times): number {
  return slope(rows.map((row) => [row.tripMs, row[client]] as const));
}

export function sayDistances(distances: Distances): void {
  sayVisits(distances);
  sayHttps(distances);
  sayWhole(distances);
}

function sayVisits({ rows, readings, connections }: Distances): void {
  const least = BARE_TRIPS.length;
  say(
    `\nOne visit over SSH that reads everything: ${readings.length} readings, connections: ${connections.ssh}. Medians.`,
  );
  say(`The least is ${least} round trips (${BARE_TRIPS.join(', ')}),`);
  say('done by a client that does nothing else. "our client" does the readings alone, as jsxapi does.');
  sayTable(
    [
      'away',
      'a round trip',
      `${least} of them`,
      'least client',
      'our visit',
      '/ least',
      'our client',
      'jsxapi',
      'ratio',
    ],
    rows.map(({ latencyMs, tripMs, bare, ours, reads, jsxapi }) => [
      `${latencyMs} ms`,
      ms(tripMs),
      ms(tripMs * least),
      ms(bare),
      ms(ours),
      rounded(ours / bare),
      ms(reads),
      ms(jsxapi),
      rounded(reads / jsxapi),
    ]),
  );
  const counted = (['bare', 'ours', 'reads', 'jsxapi'] as const).map((who) => rounded(tripsOf(rows, who)));
  say(`Round trips waited for, from the growth with distance, in the order of the columns: ${counted.join(', ')}.`);
}

function sayHttps({ rows, readings, connections }: Distances): void {
  const requests = readings.length + HTTPS_FRAME;
  const least = requests + HTTPS_CONNECTION * Math.round(connections.https);
  const paced = (1000 * requests) / HTTPS_PER_SECOND;
  say(
    `\nThe same over HTTPS: ${requests} requests in turn on ${rounded(connections.https)} connections, because the codec closes`,
  );
  say(`after each reply. That makes ${least} round trips, and about ${ms(paced)} at least, because the firmware takes`);
  say(`${HTTPS_PER_SECOND} requests a second. No bar: SSH comes first.`);
  sayTable(
    ['away', `${least} round trips`, 'our visit', '/ least'],
    rows.map(({ latencyMs, tripMs, https }) => [
      `${latencyMs} ms`,
      ms(tripMs * least),
      ms(https),
      rounded(https / Math.max(tripMs * least, paced)),
    ]),
  );
}

function sayWhole({ rows, whole: { changes, least } }: Distances): void {
  say(
    `\nA whole migration of one codec over SSH, without waiting for Infinity: ${changes} changes, each read back, and a`,
  );
  say(
    `login over HTTPS as the new account. Least ${least} round trips; waited for ${rounded(tripsOf(rows, 'whole'))}.`,
  );
  sayTable(
    ['away', `${least} round trips`, 'ours'],
    rows.map(({ latencyMs, tripMs, whole }) => [`${latencyMs} ms`, ms(tripMs * least), ms(whole)]),
  );
}

export function distanceBars({ rows, connections, whole }: Distances): Bar[] {
  const trips = tripsOf(rows, 'ours') / BARE_TRIPS.length;
  const at = ({ latencyMs }: Row) => `visit at ${latencyMs} ms`;
  return [
    bar('connections of a visit over SSH', connections.ssh, 'lower', 1),
    bar('round trips of a visit over SSH / the least', trips, 'lower', OVER_LEAST),
    ...rows.map((row) => bar(`${at(row)} / the least client`, row.ours / row.bare, 'lower', OVER_LEAST)),
    ...rows.map((row) => bar(`same readings at ${row.latencyMs} ms / jsxapi`, row.reads / row.jsxapi, 'lower', 1)),
    bar('round trips of a whole migration / the least', tripsOf(rows, 'whole') / whole.least, 'lower', OVER_LEAST),
  ];
}
