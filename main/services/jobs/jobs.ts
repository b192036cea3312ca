/** The long work of this process: one at a time, the finished listed until the site is closed. */
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { AppEvent } from '../../contract/events.ts';
import type { Job, JobKind, JobResult } from '../../contract/jobs.ts';
import { type JobStart, LiveJob } from './job.ts';

const MOST_FINISHED = 20;

export class Jobs {
  private readonly emit: (event: AppEvent) => void;
  private readonly known = new Map<number, LiveJob>();
  private readonly working = new Map<LiveJob, Promise<void>>();
  private lastId = 0;

  constructor(emit: (event: AppEvent) => void) {
    this.emit = emit;
  }

  /** Whether any work goes on. */
  get busy(): boolean {
    return this.working.size > 0;
  }

  /** Throws JOB_RUNNING while any work goes on. */
  assertIdle(): void {
    const [job] = this.working.keys();
    if (job) throw new OtjError('JOB_RUNNING', job.kind);
  }

  /** Whether nothing but work of this kind goes on. */
  isOnly(kind: JobKind): boolean {
    return [...this.working.keys()].every((job) => job.kind === kind);
  }

  /** Oldest first. */
  list(): Job[] {
    return [...this.known.values()].map(({ view }) => view);
  }

  /** Throws JOB_UNKNOWN. */
  get(id: number): LiveJob {
    const job = this.known.get(id);
    if (!job) throw new OtjError('JOB_UNKNOWN');
    return job;
  }

  /**
   * Starts work and does not wait for it; what it throws is the job's own failure.
   * @returns the job's id. Throws JOB_RUNNING.
   */
  start(options: JobStart, work: (job: LiveJob) => Promise<JobResult>): number {
    this.assertIdle();
    const id = ++this.lastId;
    const job = new LiveJob(id, options, this.emit);
    this.known.set(id, job);
    this.working.set(job, this.follow(job, work));
    return id;
  }

  /** Drops the finished ones: they belong to a site that is closed. */
  forget(): void {
    for (const [id, { isOver }] of this.known) if (isOver) this.known.delete(id);
  }

  /** Stops all work and waits until it has ended. */
  async close(): Promise<void> {
    for (const job of this.working.keys()) job.stop('now');
    await Promise.all(this.working.values());
  }

  private async follow(job: LiveJob, work: (job: LiveJob) => Promise<JobResult>): Promise<void> {
    // Not in the same turn: whoever started it is given its id before it can end.
    await new Promise(setImmediate);
    const outcome = await work(job).catch((thrown: unknown) => asOtjError(thrown));
    this.working.delete(job);
    job.finish(outcome);
    const over = [...this.known.values()].filter(({ isOver }) => isOver);
    for (const { id } of over.slice(0, -MOST_FINISHED)) this.known.delete(id);
  }
}
