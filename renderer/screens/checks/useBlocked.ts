import type { Job } from '../../../main/contract/jobs.ts';
import { useRunningJob, useSite } from '../../state/hooks.ts';

/** Why nothing can be started now: the job that goes on, or another program; null = it can. */
export function useBlocked(): Job | 'elsewhere' | null {
  const site = useSite();
  const job = useRunningJob();
  return site?.busyElsewhere ? 'elsewhere' : job;
}
