import { useRef } from 'react';
import type { Job } from '../../../main/contract/jobs.ts';
import { lasted } from './follow.ts';

/**
 * Since when a job runs without a pause, as far as this screen has seen it.
 * @returns milliseconds since the job began
 */
export function useRunningSince(job: Job, now: number): number {
  const seen = useRef({ id: job.id, status: job.status, from: 0 });
  const { current } = seen;
  if (current.id !== job.id) seen.current = { id: job.id, status: job.status, from: 0 };
  else if (current.status !== job.status) {
    const from = job.status === 'running' ? lasted(job, now) : current.from;
    seen.current = { id: job.id, status: job.status, from };
  }
  return seen.current.from;
}
