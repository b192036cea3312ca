/** One search as the product does it, site file and all. Arguments: range, attempts per second, stop after milliseconds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddressSet } from '../../../main/discovery/ranges.ts';
import { discover, type Found } from '../../../main/services/discover.ts';
import { Site } from '../../../main/site/site.ts';

const [range = '', rate = '', stopAfter] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'otj-bench-'));
const stop = new AbortController();
const found: Pick<Found, 'address' | 'kind' | 'ours'>[] = [];
let stoppedAt: number | null = null;
let earlyMb = 0;

try {
  const site = await Site.create(join(folder, 'bench.otjsite'), 'Correct-Horse-Battery-77', {});
  const total = AddressSet.of([range]).size;
  const began = performance.now();
  if (stopAfter)
    setTimeout(() => {
      stoppedAt = performance.now();
      stop.abort();
    }, Number(stopAfter));
  const { looked } = await discover(site, {
    ...{ ranges: [range], sshPort: 22, httpsPort: 443, allowPublic: false, rate: Number(rate) },
    signal: stop.signal,
    progress: ({ looked: done }) => {
      if (done === Math.floor(total / 10)) earlyMb = memory();
    },
    found: ({ address, kind, ours }) => void found.push({ address, kind, ours }),
    trouble: (words) => void process.stderr.write(`${words}\n`),
  });
  const wallMs = performance.now() - began;
  // Two doors each, and the wait for the last one that is silent.
  const attempts = 2 * looked;
  const cancelMs = stoppedAt === null ? null : performance.now() - stoppedAt;
  site.close();
  process.stdout.write(
    JSON.stringify({
      ...{ wallMs, attempts, floorMs: (attempts / Number(rate)) * 1000, found, earlyMb, lateMb: memory(), cancelMs },
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Resident, after the rubbish was taken out where that can be asked for. MB. */
function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1024 / 1024;
}
