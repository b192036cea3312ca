/** The job of an access script that runs on this computer: each line that it prints is an item. */
import type { Parsed } from '../../contract/methods.ts';
import { assertRunnable, runAccess } from '../accessRun.ts';
import type { OpenSite } from '../openSite.ts';
import { technicianOf } from '../settings.ts';
import { startOnSite } from './onSite.ts';

/** @returns the job's id. Throws what assertRunnable() throws, JOB_RUNNING, SITE_BUSY. */
export function startAccess(open: OpenSite, { id, kind, sha256, ...how }: Parsed<'jobs.access'>): number {
  open.jobs.assertIdle();
  const wish = { script: { id, kind, sha256 }, ...how };
  assertRunnable(open.site, wish);
  return startOnSite(open, { kind: 'access', total: 0, pausable: false }, async ({ site, job }) => {
    const run = await runAccess(site, {
      ...wish,
      technician: technicianOf(site),
      signal: job.signal,
      line: ({ from, text }) => job.item({ roomId: null, about: from, what: 'printed', words: text, problem: null }),
    });
    return { kind: 'access', run };
  });
}
