/** Which job was started for which room alone, so that its room can say so. Jobs themselves do not tell their rooms. */
import { create } from 'zustand';
import type { Job } from '../../../main/contract/jobs.ts';
import { useRunningJob } from '../../state/hooks.ts';

const useOwnJobs = create<{ roomOf: ReadonlyMap<number, number> }>()(() => ({ roomOf: new Map() }));

export function claimJob(job: number, roomId: number): void {
  useOwnJobs.setState(({ roomOf }) => ({ roomOf: new Map(roomOf).set(job, roomId) }));
}

/** The job that goes on now if it was started for this room alone. */
export function useOwnRunningJob(roomId: number): Job | null {
  const running = useRunningJob();
  const owner = useOwnJobs(({ roomOf }) => (running ? roomOf.get(running.id) : undefined));
  return owner === roomId ? running : null;
}

/** Whether this job was started for this room alone. */
export function useIsOwn(job: Job | null, roomId: number): boolean {
  return useOwnJobs(({ roomOf }) => job !== null && roomOf.get(job.id) === roomId);
}
