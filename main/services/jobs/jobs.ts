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
  /** Work that is no job, because whoever began it waits for its end. */
  private alone: { what: string; stopper: AbortController; ended: Promise<unknown> } | null = null;
  private lastId = 0;

  constructor(emit: (event: AppEvent) => void) {
    this.emit = emit;
  }

  /** Whether any work goes on. */
  get busy(): boolean {
    return this.working.size > 0 || this.alone !== null;
  }

  /** Throws JOB_RUNNING while any work goes on. */
  assertIdle(): void {
    const [job] = this.working.keys();
    if (job) throw new OtjError('JOB_RUNNING', job.kind);
    if (this.alone) throw new OtjError('JOB_RUNNING', this.alone.what);
  }

  /** Whether nothing but work of this kind goes on. */
  isOnly(kind: JobKind): boolean {
    if (this.alone) return false;
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

  /**
   * Short work on a network that the caller waits for. Like a job it lets nothing else begin and no other site be opened
   * meanwhile, and it is stopped with the jobs. Throws JOB_RUNNING, and what the work throws.
   * @param what names it for whoever is refused because of it
   */
  async whileAlone<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.assertIdle();
    const stopper = new AbortController();
    const ended = work(stopper.signal);
    this.alone = { what, stopper, ended };
    try {
      return await ended;
    } finally {
      this.alone = null;
    }
  }

  /** Drops the finished ones: they belong to a site that is closed. */
  forget(): void {
    for (const [id, { isOver }] of this.known) if (isOver) this.known.delete(id);
  }

  /** Stops all work and waits until it has ended. */
  async close(): Promise<void> {
    for (const job of this.working.keys()) job.stop('now');
    this.alone?.stopper.abort();
    await Promise.all([...this.working.values(), this.alone?.ended.catch(() => undefined)]);
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
