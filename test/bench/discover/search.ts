/** One search as the product does it, into a site file. Arguments: site file, range, attempts per second, stop after milliseconds. */
import { AddressSet } from '../../../main/discovery/ranges.ts';
import { discover, type Found } from '../../../main/services/discover.ts';
import { Site } from '../../../main/site/site.ts';
import { memoryInUse } from '../../support/memory.ts';

const [path = '', range = '', rate = '', stopAfter] = process.argv.slice(2);
const stop = new AbortController();
const found: Pick<Found, 'address' | 'kind' | 'ours'>[] = [];
let stoppedAt: number | null = null;
let earlyMb = 0;

const site = Site.open(path);
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
    if (earlyMb === 0 && done >= total * 0.3) earlyMb = live();
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
    ...{ wallMs, attempts, floorMs: (attempts / Number(rate)) * 1000, found, earlyMb, lateMb: live(), cancelMs },
  }),
);

function live(): number {
  return memoryInUse() / 1024 / 1024;
}
