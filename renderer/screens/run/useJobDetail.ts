import type { Job } from '../../../main/contract/jobs.ts';
import type { Output } from '../../../main/contract/methods.ts';
import { useNow } from '../../design/Elapsed.tsx';
import { type Answer, useAnswer } from '../../state/hooks.ts';

/** How often the whole is asked for while a job goes on; what is newer comes by events. */
const EVERY_MS = 2_000;
/** The same for jobs of thousands of rooms. */
const LARGE = { rooms: 1_000, everyMs: 10_000 };

/** Rooms, course and items of a job, fetched anew while it goes on and once when it has ended. */
export function useJobDetail(job: Job | null): Answer<Output<'jobs.detail'>> {
  const now = useNow();
  const every = (job?.total ?? 0) > LARGE.rooms ? LARGE.everyMs : EVERY_MS;
  const turn = job?.endedAt ?? Math.floor(now / every);
  return useAnswer('jobs.detail', job && { job: job.id }, [turn, job?.total ?? 0]);
}
