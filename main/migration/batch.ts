/** Many rooms at once: how many together, and when to stop a batch that only repeats one failure. */
import pLimit from 'p-limit';
import { OtjError } from '../contract/errors.ts';

const SAME_FAILURES_IN_A_ROW = 5;
const MOST_PROVING = 64;

/** A room's visit in two parts: the work, and the waiting for proof, which holds no place among the workers. */
export interface Visit {
  prove(): Promise<void>;
}

export interface BatchRoom {
  /** Resolves to null when the room ended in the work, with its outcome already recorded. */
  work(): Promise<Visit | null>;
  /** Told in place of `work` when the batch is paused or cancelled before this room. */
  skip(reason: OtjError): Promise<void>;
}

/**
 * Runs all rooms; a room's own failures are its own. `failed` tells the batch of each room's end.
 */
export class Batch {
  private same: { code: string; times: number } = { code: '', times: 0 };
  private paused: OtjError | null = null;
  private readonly concurrency: number;
  private readonly signal: AbortSignal;

  constructor(concurrency: number, signal: AbortSignal) {
    this.concurrency = concurrency;
    this.signal = signal;
  }

  /** Counts ends of rooms: a success ends a row of failures; refusals before any touch do not count. */
  ended(error: OtjError | null): void {
    if (!error) {
      this.same = { code: '', times: 0 };
    } else if (error.class !== 'precondition' && error.code !== 'CREDENTIAL_PAUSED') {
      this.same =
        error.code === this.same.code
          ? { code: error.code, times: this.same.times + 1 }
          : { code: error.code, times: 1 };
      if (this.same.times >= SAME_FAILURES_IN_A_ROW)
        this.paused = new OtjError('BATCH_PAUSED', `${error.code}, ${this.same.times} times in a row`);
    }
  }

  async run(rooms: readonly BatchRoom[]): Promise<void> {
    const workers = pLimit(this.concurrency);
    // Rooms that only wait keep a session open each; a laptop has sockets for many, not for all of a large estate.
    const proving = pLimit(Math.max(MOST_PROVING, this.concurrency));
    await Promise.all(
      rooms.map(async (room) => {
        const visit = await workers(async () => {
          const stop = this.signal.aborted ? new OtjError('CANCELLED') : this.paused;
          if (!stop) return room.work();
          await room.skip(stop);
          return null;
        });
        if (visit) await proving(() => visit.prove());
      }),
    );
  }
}
