/**
 * Preparing on Infinity at a distance of 20 ms, and the readiness check.
 *
 * What is ideal? Two things bound it. Five requests in flight at 20 ms are 250 a second. And a Management Node takes
 * 1,000 requests in 60 s, as far as is known, so that five in flight reach the limit after four seconds: with many rooms
 * it is the limit that counts, and the number of requests for an entry. So the first is measured against a platform
 * without the limit, beside bare requests on five connections; the second is told as time for 10,000 entries, and in the
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
import { runMeasured } from './measured.ts';

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

const FULL = { rooms: ENTRIES, plain: 4000, limited: 1600 };
const QUICK = { rooms: 1500, plain: 1000, limited: 0 };

const workSchema = z.object({ ms: z.number(), peakMb: z.number().optional() });

interface Part {
  ms: number;
  /** That the platform has counted. */
  requests: number;
  /** While it worked; of the whole process where it does not tell. */
  peakMb: number;
}

export const infinity: Bench = async (options) => {
  const sizes = options.quick ? QUICK : FULL;
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, 'bench-infinity-'));
  try {
    const free = await Platform.start(UNLIMITED, folder, options);
    try {
      tell(`${sizes.plain} bare requests`);
      const plain = await free.run('plain', sizes.plain);
      await free.make(sizes.rooms);
      tell(`prepare, ${sizes.rooms} entries`);
      const prepared = await free.run('prepare', UNLIMITED);
      tell('readiness check');
      const checked = await free.run('check');
      const limited = sizes.limited > 0 ? await measureLimited(sizes.limited, folder, options) : null;
      sayParts(sizes.rooms, { plain, prepared, checked, limited });
      return bars(sizes.rooms, { plain, prepared, checked, limited });
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
    const { stdout, peakMb } = await this.work(what, count);
    const told = workSchema.parse(JSON.parse(stdout));
    return { ms: told.ms, peakMb: told.peakMb ?? peakMb, requests: (await this.count()).requests - before.requests };
  }

  private async work(what: string, count: number): Promise<{ stdout: string; peakMb: number }> {
    const secret = JSON.stringify(this.ready);
    const { code, stdout, peakMb } = await runMeasured(WORK, [what, this.site, String(count)], {
      secret,
      signal: this.signal,
    });
    if (code !== 0) throw new Error(`${what} ended with ${code}`);
    return { stdout, peakMb };
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

function rate({ requests, ms }: Part): number {
  return (requests / ms) * 1000;
}

function sayParts(rooms: number, { plain, prepared, checked, limited }: Parts): void {
  const row = (name: string, part: Part): (string | number)[] => [
    name,
    rounded(part.ms / 1000),
    part.requests,
    rounded(rate(part)),
    rounded(part.peakMb),
  ];
  say(
    `At ${LATENCY_MS} ms, ${IN_FLIGHT} in flight: ${(IN_FLIGHT / LATENCY_MS) * 1000} requests a second at the very most.`,
  );
  sayTable(
    ['', 's', 'requests', 'requests/s', 'peak MB'],
    [
      row('bare requests', plain),
      row(`prepare ${rooms}`, prepared),
      row('readiness check', checked),
      ...(limited ? [row(`prepare ${limited.rooms}, limit of ${LIMIT} in 60 s`, limited)] : []),
    ],
  );
  const minutes = (ENTRIES * (prepared.requests / rooms)) / (LIMIT * 0.9);
  say(
    `${rounded(prepared.requests / rooms)} requests for an entry: with that limit ${ENTRIES} entries take ${rounded(minutes)} min.`,
  );
}

function bars(rooms: number, { plain, prepared, checked, limited }: Parts): Bar[] {
  const pages = Math.ceil(rooms / PAGE);
  return [
    bar('prepare: requests/s against bare requests on five connections', rate(prepared) / rate(plain), 'higher', 0.9),
    bar(
      'prepare: requests/s against five in flight at 20 ms',
      rate(prepared) / ((IN_FLIGHT / LATENCY_MS) * 1000),
      'higher',
      0.9,
    ),
    bar(`prepare ${rooms}: peak memory, MB`, prepared.peakMb, 'lower', 200),
    bar(`readiness check of ${rooms}: requests beside pages`, checked.requests - pages, 'lower', 9),
    bar(`readiness check of ${rooms}: peak memory, MB`, checked.peakMb, 'lower', 200),
    ...(limited ? [limitedBar(limited)] : []),
  ];
}

/** The shortest time in which the limit lets so many requests through: the first 1,000 at once, then 1,000 a minute. */
function limitedBar({ requests, ms, rooms }: Part & { rooms: number }): Bar {
  const least = Math.floor((requests - 1) / LIMIT) * 60_000;
  return bar(`prepare ${rooms} under the limit: its shortest time against ours`, least / ms, 'higher', 0.9);
}
