/**
 * The measured process. `make FILE ROOMS`: a site file. `prepare FILE PER_MINUTE`: one entry per room. `check FILE`: the
 * readiness check. `plain FILE ENTRIES`: bare creations on five connections, which nothing that prepares can beat.
 * Where the platform is comes as JSON on descriptor 3. Says one JSON line.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { SERVICES_LIMITS } from '../../../main/hosts/backend.ts';
import type { PlatformReady } from './platform.ts';

/** What is measured as the app does it. */
const INSIDE: ReadonlySet<string> = new Set(['prepare', 'check']);
const JOB = new URL('./job.ts', import.meta.url);

const argv = process.argv.slice(2);
if (INSIDE.has(argv[0] ?? '')) await inside();
else await import(JOB.href);

/** In a thread like the one that the app has its services in; as there, nothing of them is loaded beside it. */
async function inside(): Promise<void> {
  const platform = JSON.parse(readFileSync(3, 'utf8')) as PlatformReady;
  const worker = new Worker(JOB, { argv, execArgv: [], workerData: platform, resourceLimits: SERVICES_LIMITS });
  const [code] = (await once(worker, 'exit')) as [number];
  process.exitCode = code;
}
