/** The job of a publish: rooms whose results are news, then the report files. */

import type { JobResult } from '../../contract/jobs.ts';
import type { Room } from '../../site/rooms.ts';
import type { OpenSite } from '../openSite.ts';
import { deliverResults } from '../results/deliver.ts';
import type { Delivery } from '../results/publish.ts';
import { startOnSite, type Work } from './onSite.ts';

/** @param rooms null = all that is owed. @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startPublish(open: OpenSite, rooms: readonly Room[] | null): number {
  const total = rooms?.length ?? open.site.results.owedCount();
  return startOnSite(open, { kind: 'publish', total, pausable: false }, (work) => publishOn(work, rooms));
}

/** Tells each room and each file that failed as an item of the job. Throws what deliverResults() throws. */
export async function publishOn(
  work: Work,
  rooms: readonly Room[] | null,
): Promise<Extract<JobResult, { kind: 'publish' }>> {
  const { site, job } = work;
  const { files, ...result } = await deliverResults(site, {
    rooms,
    signal: job.signal,
    told: (one) => told(work, one),
  });
  const lost = files.filter(({ problem }) => problem !== null);
  for (const { path, problem } of lost)
    job.item({ roomId: null, about: path, what: 'failed', words: problem?.words ?? '', problem });
  return { kind: 'publish', ...result };
}

function told({ job, moved }: Work, { room, what, problem, theirs }: Delivery): void {
  if (what !== 'same')
    job.item({
      roomId: room.id,
      about: room.name,
      what: problem ? 'failed' : 'published',
      words: problem ? (problem.words ?? '') : theirs.join(', '),
      problem,
    });
  job.count(problem !== null);
  moved(room.id);
}
