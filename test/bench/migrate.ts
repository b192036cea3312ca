/** Migrating many rooms: the whole product over the lab, the engine alone over codecs in memory, the journal alone. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bar, type Bench, type BenchOptions, bar, rounded, say, sayTable, tell } from './bars.ts';
import { type EngineResult, engineSchema } from './engine.ts';
import { type JournalRate, measureJournal } from './journalRate.ts';
import { type LabCase, type LabResult, LabRuns } from './labRun.ts';
import { runMeasured } from './measured.ts';

/** "1,000 rooms, 64 at once". */
const AT_ONCE = 64;
/** Growth beyond linear that the budget allows: 10,000 rooms cost at most 11 times 1,000. */
const GROWTH = 1.1;
const ENGINE = new URL('./engine.ts', import.meta.url);
const FOLDER = fileURLToPath(new URL('../../test-output', import.meta.url));

interface Sizes {
  lab: readonly Pick<LabCase, 'rooms' | 'latencyMs'>[];
  /** Rooms visited one at a time, which gives what a visit takes when nothing stands in its way; 0 = left out. */
  alone: number;
  engine: { warm: number; few: number; many: number; oneByOne: number };
  journalRoundMs: number;
}

const FULL: Sizes = {
  lab: [0, 20].flatMap((latencyMs) => [24, 200, 1000].map((rooms) => ({ rooms, latencyMs }))),
  alone: 12,
  engine: { warm: 200, few: 1000, many: 10_000, oneByOne: 200 },
  journalRoundMs: 500,
};
const QUICK: Sizes = {
  lab: [
    { rooms: 24, latencyMs: 0 },
    { rooms: 72, latencyMs: 0 },
    { rooms: 24, latencyMs: 20 },
  ],
  alone: 0,
  engine: { warm: 100, few: 200, many: 1000, oneByOne: 50 },
  journalRoundMs: 150,
};

interface EngineResults {
  /** In a fresh process, as a technician's run is. */
  cold: EngineResult;
  /** After a warm-up, so that compiling code does not flatter the growth. */
  few: EngineResult;
  many: EngineResult;
  oneByOne: EngineResult;
}

export const migrate: Bench = async (options) => {
  const sizes = options.quick ? QUICK : FULL;
  // On the disk of the project and not in a folder for temporary files, which may be memory that knows no flush.
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, 'bench-migrate-'));
  try {
    tell('journal');
    const journal = await measureJournal(folder, AT_ONCE, sizes.journalRoundMs);
    const engine = await measureEngine(folder, sizes.engine, options);
    const lab = await measureLab(folder, sizes, options);
    sayLab(lab);
    sayEngine(engine);
    sayJournal(journal);
    return [...engineBars(engine), ...labBars(lab.runs), ...journalBars(journal, engine)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function measureEngine(
  folder: string,
  { warm, few, many, oneByOne }: Sizes['engine'],
  { signal }: BenchOptions,
): Promise<EngineResults> {
  const one = async (warmRooms: number, rooms: number, concurrency = AT_ONCE) => {
    tell(`engine alone, ${rooms} rooms, ${concurrency} at once`);
    const args = [folder, warmRooms, rooms, concurrency].map(String);
    const { code, stdout } = await runMeasured(ENGINE, args, { signal });
    if (code !== 0) throw new Error(`the engine's process ended with ${code}`);
    return engineSchema.parse(JSON.parse(stdout));
  };
  return {
    cold: await one(0, few),
    few: await one(warm, few),
    many: await one(warm, many),
    oneByOne: await one(warm, oneByOne, 1),
  };
}

interface LabResults {
  runs: LabResult[];
  /** By latency. */
  alone: Map<number, LabResult>;
}

async function measureLab(folder: string, { lab, alone }: Sizes, { signal }: BenchOptions): Promise<LabResults> {
  const runs = new LabRuns(folder, signal);
  const results: LabResults = { runs: [], alone: new Map() };
  for (const latencyMs of alone > 0 ? new Set(lab.map((one) => one.latencyMs)) : []) {
    tell(`lab, ${alone} rooms one at a time, ${latencyMs} ms`);
    results.alone.set(latencyMs, await runs.measure({ rooms: alone, latencyMs, concurrency: 1 }));
  }
  for (const one of lab) {
    tell(`lab, ${one.rooms} rooms, ${one.latencyMs} ms`);
    results.runs.push(await runs.measure({ ...one, concurrency: AT_ONCE }));
  }
  return results;
}

function sayLab({ runs, alone }: LabResults): void {
  say(
    `\notj run over the lab (two Cisco rooms to each Poly room), ${AT_ONCE} rooms at once, ${availableParallelism()} cores for both`,
  );
  sayTable(
    [
      'rooms',
      'latency',
      'work',
      'rooms/min',
      'proof',
      'floor',
      'work/floor',
      'CPU/room',
      'lab CPU/room',
      'edges/s',
      'peak',
    ],
    runs.map((run) => {
      const { rooms, latencyMs, workMs, proofMs, cpuMs, labCpuMs, edges, peakMb } = run;
      const floor = floorOf(run, alone.get(latencyMs));
      return [
        rooms,
        `${latencyMs} ms`,
        seconds(workMs),
        Math.round((rooms * 60_000) / workMs),
        `+${seconds(proofMs)}`,
        `${seconds(floor.ms)} ${floor.of}`,
        rounded(workMs / floor.ms),
        milliseconds(cpuMs / rooms),
        labCpuMs === null ? null : milliseconds(labCpuMs / rooms),
        Math.round((edges * 1000) / (workMs + proofMs)),
        `${Math.round(peakMb)} MB`,
      ];
    }),
  );
  say('work   from the start of the run to the last device changed and read back; rooms/min are of it');
  say('proof  then, until the lab has served the last room; a waiting room holds no place among those at work');
  say('CPU    user and system of the whole otj run process, its start, key derivation, SSH and TLS included');
  const start = runs.at(-1)?.start;
  if (start)
    say(`       of it, before the first room: ${milliseconds(start.cpuMs)} in all, ${Math.round(start.peakMb)} MB`);
  say(
    'floor  the larger of our CPU after the start, which one thread does, and all visits laid end to end on the lanes',
  );
  for (const [latencyMs, { rooms, workMs }] of alone)
    say(`       a visit alone at ${latencyMs} ms: ${milliseconds(workMs / rooms)} (mean of ${rooms}, one at a time)`);
  const slope = roundTripsOf(alone);
  if (slope !== null) say(`       so a visit waits for about ${slope} replies one after another, Cisco and Poly mixed`);
}

/** What the work is compared with: our code runs on one thread, and visits go on `AT_ONCE` lanes. */
function floorOf(run: LabResult, alone: LabResult | undefined): { ms: number; of: string } {
  const { rooms } = run;
  const visits = alone ? (alone.workMs / alone.rooms) * Math.max(1, rooms / AT_ONCE) : 0;
  return [
    { ms: workCpu(run), of: 'own CPU' },
    { ms: visits, of: 'visits' },
  ].reduce((most, one) => (one.ms > most.ms ? one : most));
}

/** Without what a run costs before its first room, which would make growth look smaller than it is. */
function workCpu({ cpuMs, start }: LabResult): number {
  return cpuMs - start.cpuMs;
}

/** The lab adds its latency to each reply, so the slope over the latency counts the replies waited for in a row. */
function roundTripsOf(alone: LabResults['alone']): number | null {
  const [first, last] = [...alone.values()];
  if (!first || !last) return null;
  const perRoom = last.workMs / last.rooms - first.workMs / first.rooms;
  return rounded(perRoom / (last.latencyMs - first.latencyMs));
}

function sayEngine({ cold, few, many, oneByOne }: EngineResults): void {
  say('\nthe engine alone: planner, runner, journal, task building, Cisco driver; codecs in memory answer at once');
  sayTable(
    ['rooms', 'at once', 'process', 'CPU/room', 'wall/room', 'edges/s', 'commits/room', 'of those journal', 'peak'],
    [
      { ...cold, at: AT_ONCE, how: 'fresh' },
      { ...few, at: AT_ONCE, how: 'warm' },
      { ...many, at: AT_ONCE, how: 'warm' },
      { ...oneByOne, at: 1, how: 'warm' },
    ].map(({ rooms, at, how, cpuMs, wallMs, edges, commits, journalCommits, peakMb }) => [
      rooms,
      at,
      how,
      milliseconds(cpuMs / rooms),
      milliseconds(wallMs / rooms),
      Math.round((edges * 1000) / wallMs),
      rounded(commits / rooms),
      rounded(journalCommits / rooms),
      `${Math.round(peakMb)} MB`,
    ]),
  );
}

function sayJournal({ together, alone, appends }: JournalRate): void {
  say('\nthe journal alone: step edges a second, each on disk before the next of its room');
  sayTable(
    ['', 'per second', 'to plain appends'],
    [
      [`${AT_ONCE} rooms at once`, Math.round(together), rounded(together / appends)],
      ['one room', Math.round(alone), rounded(alone / appends)],
      ['plain appends with fsync', Math.round(appends), 1],
    ],
  );
}

function engineBars({ cold, few, many }: EngineResults): Bar[] {
  const growth = (many.rooms / few.rooms) * GROWTH;
  const times = `${count(many.rooms)} rooms to ${count(few.rooms)}`;
  return [
    bar(`engine: CPU ms a room, ${count(cold.rooms)} rooms`, cold.cpuMs / cold.rooms, 'lower', 5),
    bar(`engine: CPU of ${times}`, many.cpuMs / few.cpuMs, 'lower', rounded(growth)),
    bar(`engine: wall time of ${times}`, many.wallMs / few.wallMs, 'lower', rounded(growth)),
  ];
}

/** Of each latency with several numbers of rooms: the largest, against the budgets and against the one before it. */
function labBars(runs: readonly LabResult[]): Bar[] {
  return [...Map.groupBy(runs, ({ latencyMs }) => latencyMs)].flatMap(([latencyMs, same]) => {
    const [before, most] = same.toSorted((a, b) => a.rooms - b.rooms).slice(-2);
    if (!before || !most) return [];
    const at = `${count(most.rooms)} rooms at ${latencyMs} ms`;
    const growth = rounded((most.rooms / before.rooms) * GROWTH);
    return [
      bar(`all: CPU ms a room, ${at}`, most.cpuMs / most.rooms, 'lower', 40),
      bar(`all: peak memory MB, ${at}`, most.peakMb, 'lower', 250),
      bar(
        `all: CPU after the start, ${at} to ${count(before.rooms)}`,
        workCpu(most) / workCpu(before),
        'lower',
        growth,
      ),
      bar(`all: work time, ${at} to ${count(before.rooms)}`, most.workMs / before.workMs, 'lower', growth),
    ];
  });
}

function journalBars({ together, appends }: JournalRate, { oneByOne }: EngineResults): Bar[] {
  const { edges, commits, journalCommits } = oneByOne;
  return [
    bar(`journal: edges a second, ${AT_ONCE} rooms at once`, together, 'higher', 1000),
    bar(`journal: edges to plain fsync'd appends, ${AT_ONCE} at once`, together / appends, 'higher', 1),
    bar('journal: its commits per step edge, one room at a time', journalCommits / edges, 'lower', 1),
    bar('engine: all commits per step edge, one room at a time', commits / edges, 'lower', 1),
  ];
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function milliseconds(ms: number): string {
  return `${rounded(ms)} ms`;
}
