/**
 * Preparing on Infinity at a distance of 20 ms, and the readiness check.
 *
 * What is ideal? Two things bound it. Five requests in flight at 20 ms are 250 a second. And a Management Node takes
 * 1,000 requests in 60 s, as far as is known, so that five in flight reach the limit after four seconds: with many rooms
 * it is the limit that counts, and the number of requests for an entry. So the first is measured against a platform
 * without the limit, beside bare creations on five connections that look at nothing before or after; the second is told as time for 10,000 entries, and in the
 * full bench measured against a platform with the limit. A bulk PATCH would be quicker; it is known from community
 * sources only, names no ids in its reply, and is all or nothing, so it is not used.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Bar, type Bench, type BenchOptions, bar, rounded, say, sayTable, tell } from './bars.ts';
import type { PlatformCount, PlatformReady } from './infinity/platform.ts';
import { type Measured, runMeasured } from './measured.ts';

const FOLDER = fileURLToPath(new URL('../../test-output', import.meta.url));
const WORK = new URL('./infinity/work.ts', import.meta.url);
const PLATFORM = fileURLToPath(new URL('./infinity/platform.ts', import.meta.url));
const LATENCY_MS = 20;
const IN_FLIGHT = 5;
const ENTRIES = 10_000;
/** What a real Management Node takes in 60 s. */
const LIMIT = 1000;
const UNLIMITED = 100_000_000;
const PAGE = 1000;

const FULL = { rooms: ENTRIES, plain: 4000, limited: 3100 };
const QUICK: Sizes = { rooms: 1500, plain: 1000, limited: 0 };

type Sizes = typeof FULL;
/** Requests a second that five in flight come to when each takes nothing but the latency. */
const MOST = (IN_FLIGHT / LATENCY_MS) * 1000;

const workSchema = z.object({ ms: z.number(), peakMb: z.number().optional() });

interface Part {
  ms: number;
  /** That the platform has counted. */
  requests: number;
  /** While it worked; of the whole process where it does not tell. */
  peakMb: number;
  cpuMs: number;
}

export const infinity: Bench = async (options) => {
  const sizes = options.quick ? QUICK : FULL;
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, 'bench-infinity-'));
  try {
    const free = await Platform.start(UNLIMITED, folder, options);
    try {
      tell(`${sizes.plain} bare creations`);
      const plain = await free.run('plain', sizes.plain);
      await free.make(sizes.rooms);
      tell(`prepare, ${sizes.rooms} entries`);
      const prepared = await free.run('prepare', UNLIMITED);
      tell('readiness check');
      const checked = await free.run('check');
      const limited = sizes.limited > 0 ? await measureLimited(sizes.limited, folder, options) : null;
      sayParts(sizes, { plain, prepared, checked, limited });
      return bars(sizes, { plain, prepared, checked, limited });
    } finally {
      free.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Parts {
  plain: Part;
  prepared: Part;
  checked: Part;
  limited: (Part & { rooms: number }) | null;
}

async function measureLimited(rooms: number, folder: string, options: BenchOptions): Promise<Part & { rooms: number }> {
  const platform = await Platform.start(LIMIT, folder, options);
  try {
    await platform.make(rooms);
    tell(`prepare, ${rooms} entries, at most ${LIMIT} requests in 60 s`);
    // as the product does it by itself
    return { rooms, ...(await platform.run('prepare', (LIMIT * 9) / 10)) };
  } finally {
    platform.stop();
  }
}

class Platform {
  private static made = 0;
  private readonly child: ChildProcess;
  private readonly ready: PlatformReady;
  private readonly site: string;
  private readonly signal: AbortSignal;

  private constructor(child: ChildProcess, ready: PlatformReady, site: string, signal: AbortSignal) {
    this.child = child;
    this.ready = ready;
    this.site = site;
    this.signal = signal;
  }

  static async start(perMinute: number, folder: string, { signal }: BenchOptions): Promise<Platform> {
    const child = fork(PLATFORM, [LATENCY_MS, perMinute, ENTRIES].map(String), { signal });
    child.on('error', () => undefined);
    const [ready] = (await once(child, 'message', { signal })) as [PlatformReady];
    return new Platform(child, ready, join(folder, `${Platform.made++}.otjsite`), signal);
  }

  async make(rooms: number): Promise<void> {
    tell(`a site file with ${rooms} rooms`);
    await this.work('make', rooms);
  }

  async run(what: 'prepare' | 'check' | 'plain', count = 0): Promise<Part> {
    const before = await this.count();
    const { stdout, peakMb, cpuMs } = await this.work(what, count);
    const told = workSchema.parse(JSON.parse(stdout));
    return {
      ms: told.ms,
      peakMb: told.peakMb ?? peakMb,
      cpuMs,
      requests: (await this.count()).requests - before.requests,
    };
  }

  private async work(what: string, count: number): Promise<Measured> {
    const secret = JSON.stringify(this.ready);
    const measured = await runMeasured(WORK, [what, this.site, String(count)], { secret, signal: this.signal });
    if (measured.code !== 0) throw new Error(`${what} ended with ${measured.code}`);
    return measured;
  }

  private async count(): Promise<PlatformCount> {
    this.child.send('count');
    const [told] = (await once(this.child, 'message', { signal: this.signal })) as [PlatformCount];
    return told;
  }

  stop(): void {
    this.child.disconnect();
  }
}

/** Entries in a second. */
function rate(entries: number, { ms }: Part): number {
  return (entries / ms) * 1000;
}

function sayParts({ rooms, plain }: Sizes, parts: Parts): void {
  const row = (name: string, part: Part, entries: number | null): (string | number | null)[] => [
    name,
    rounded(part.ms / 1000),
    part.requests,
    entries && rounded(rate(entries, part)),
    rounded(part.cpuMs / (entries ?? 1)),
    rounded(part.peakMb),
  ];
  const { prepared, checked, limited } = parts;
  say(`At ${LATENCY_MS} ms, ${IN_FLIGHT} in flight: ${MOST} requests a second at the very most.`);
  sayTable(
    ['', 's', 'requests', 'entries/s', 'CPU ms each', 'peak MB'],
    [
      row(`${plain} bare creations`, parts.plain, plain),
      row(`prepare ${rooms}`, prepared, rooms),
      row('readiness check', checked, null),
      ...(limited ? [row(`prepare ${limited.rooms}, limit of ${LIMIT} in 60 s`, limited, limited.rooms)] : []),
    ],
  );
  const each = prepared.requests / rooms;
  const minutes = (ENTRIES * each) / (LIMIT * 0.9);
  say(`${rounded(each)} requests for an entry: with that limit ${ENTRIES} entries take ${rounded(minutes)} min.`);
}

function bars({ rooms, plain }: Sizes, parts: Parts): Bar[] {
  const { prepared, checked, limited } = parts;
  const ours = rate(rooms, prepared);
  return [
    bar(
      'prepare: entries/s against bare creations on five connections',
      ours / rate(plain, parts.plain),
      'higher',
      0.9,
    ),
    bar(`prepare: entries/s against ${MOST}, one request each`, ours / MOST, 'higher', 0.9),
    bar(`prepare ${rooms}: peak memory, MB`, prepared.peakMb, 'lower', 200),
    bar(`readiness check of ${rooms}: requests beside pages`, checked.requests - Math.ceil(rooms / PAGE), 'lower', 9),
    bar(`readiness check of ${rooms}: peak memory, MB`, checked.peakMb, 'lower', 200),
    ...(limited ? [limitedBar(limited)] : []),
  ];
}

/** The shortest time in which the limit lets so many requests through: the first 1,000 at once, then 1,000 a minute. */
function limitedBar({ requests, ms, rooms }: Part & { rooms: number }): Bar {
  const least = Math.floor((requests - 1) / LIMIT) * 60_000;
  return bar(`prepare ${rooms} under the limit: its shortest time against ours`, least / ms, 'higher', 0.9);
}
