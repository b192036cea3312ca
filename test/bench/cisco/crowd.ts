/** Many codecs at once, beside what their number, their distance and this computer allow. */
import { availableParallelism } from 'node:os';
import { Batch } from '../../../main/migration/batch.ts';
import { type Bar, bar, say, sayTable, tell } from '../bars.ts';
import type { FarCodec } from './codecProcess.ts';
import type { Codecs } from './codecs.ts';
import { lastDone, median, ms, timed } from './figures.ts';
import { visitBare, visitByUs } from './visits.ts';

/** "200 codecs at 20 ms latency, concurrency 32: wall time ≤ 1.2 × the ideal for that concurrency". */
export const CROWD = { codecs: 200, latencyMs: 20, atOnce: 32 };
const LIMIT = 1.2;

/** Medians of whole crowds, milliseconds. */
interface Figures {
  wall: number;
  /** Of this process, and of that of the codecs. */
  cpu: number;
  codecsCpu: number;
}

interface Crowd {
  /** One visit with nothing else going on. */
  alone: number;
  ours: Figures;
  least: Figures;
}

export async function measureCrowd(
  codecs: Codecs,
  { crowds, visits }: { crowds: number; visits: number },
  signal: AbortSignal,
): Promise<Crowd> {
  await codecs.moveAway(CROWD.latencyMs);
  const { readings } = await visitByUs(codecs.one, 'ssh');
  tell(`${CROWD.codecs} codecs, ${CROWD.latencyMs} ms away, ${CROWD.atOnce} at once`);
  // Not counted: codecs make their keys at the first call, and code is compiled.
  await visitAll(codecs.all, signal, (one) => visitByUs(one, 'ssh'));
  const alone: number[] = [];
  for (let visit = 0; visit < visits; visit++) alone.push(await timed(() => visitByUs(codecs.one, 'ssh')));
  const ours: Figures[] = [];
  const least: Figures[] = [];
  for (let round = 0; round < crowds; round++) {
    ours.push(await crowd((one) => visitByUs(one, 'ssh')));
    least.push(await crowd((one) => visitBare(one, readings)));
  }
  return { alone: median(alone), ours: medians(ours), least: medians(least) };

  async function crowd(visit: (codec: FarCodec) => Promise<unknown>): Promise<Figures> {
    await codecs.used();
    const before = process.cpuUsage();
    const wall = await timed(() => visitAll(codecs.all, signal, visit));
    const { user, system } = process.cpuUsage(before);
    const { cpuMs } = await codecs.used();
    return { wall, cpu: (user + system) / 1000, codecsCpu: cpuMs };
  }
}

function medians(all: readonly Figures[]): Figures {
  const of = (key: keyof Figures) => median(all.map((one) => one[key]));
  return { wall: of('wall'), cpu: of('cpu'), codecsCpu: of('codecsCpu') };
}

/** As rooms of a run are visited: by the product's own batch. */
async function visitAll(
  codecs: readonly FarCodec[],
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
  await new Batch(CROWD.atOnce, signal).run(rooms);
}

/** What the distance alone allows if the last visits, too, filled all places; with 200 and 32 they cannot. */
function idealOf(alone: number): number {
  return (CROWD.codecs / CROWD.atOnce) * alone;
}

/** What the distance alone allows: 200 visits of one length are seven waves of at most 32 and not six and a quarter. */
function idealInWaves(alone: number): number {
  return lastDone(new Array<number>(CROWD.codecs).fill(alone), CROWD.atOnce);
}

/**
 * Two processes of one thread each, on so many cores: no order of the same work is done sooner. What the work costs is
 * what it costs the least client, so that a client of ours that burns more does not move its own mark.
 */
function idealHere({ alone, least: { cpu, codecsCpu } }: Crowd): number {
  const cores = Math.min(2, availableParallelism());
  return Math.max(idealOf(alone), cpu, codecsCpu, (cpu + codecsCpu) / cores);
}

export function sayCrowd(crowd: Crowd): void {
  const { alone, ours, least } = crowd;
  const { codecs, latencyMs, atOnce } = CROWD;
  say(
    `\n${codecs} codecs, ${latencyMs} ms away, ${atOnce} at once, ${availableParallelism()} cores for them and us. Medians.`,
  );
  const row = (name: string, { wall, cpu, codecsCpu }: Figures) => [name, ms(wall), ms(cpu), ms(codecsCpu)];
  sayTable(
    ['', 'wall', 'our CPU', "the codecs' CPU"],
    [
      [`ideal by distance: ${codecs} / ${atOnce} × one alone, ${ms(alone)}`, ms(idealOf(alone)), null, null],
      [
        `the same in whole visits: ${Math.ceil(codecs / atOnce)} waves of at most ${atOnce}`,
        ms(idealInWaves(alone)),
        null,
        null,
      ],
      [
        'ideal on this computer: no sooner than the CPU of the least client is through',
        ms(idealHere(crowd)),
        null,
        null,
      ],
      row('the least client', least),
      row('ours', ours),
    ],
  );
  const each = (name: string, { cpu, codecsCpu }: Figures) =>
    `${name} ${ms(cpu / codecs)} and ${ms(codecsCpu / codecs)}`;
  say(`CPU of a visit, here and at the codecs: ${each('ours', ours)}, ${each('the least client', least)}.`);
}

/**
 * The first two ask what the distance allows, in parts of visits and in whole ones; the third what this computer does, when
 * nothing else goes on in it. The last is measured beside ours: whatever else goes on meets both.
 */
export function crowdBars(crowd: Crowd): Bar[] {
  const name = `${CROWD.codecs} codecs, ${CROWD.atOnce} at once`;
  const { ours, least } = crowd;
  return [
    bar(`${name} / ideal by distance`, ours.wall / idealOf(crowd.alone), 'lower', LIMIT),
    bar(`${name} / ideal by distance in whole visits`, ours.wall / idealInWaves(crowd.alone), 'lower', LIMIT),
    bar(`${name} / ideal on this computer`, ours.wall / idealHere(crowd), 'lower', LIMIT),
    bar(`${name} / the least client, as many at once`, ours.wall / least.wall, 'lower', LIMIT),
  ];
}
