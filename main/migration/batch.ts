/** Many rooms at once: how many together, and when to stop a batch that only repeats one failure. */
import pLimit from 'p-limit';
import { OtjError } from '../contract/errors.ts';

const SAME_FAILURES_IN_A_ROW = 5;
const MOST_PROVING = 64;
/** Logins that are known to be refused, and were not tried. */
const PAUSED: ReadonlySet<string> = new Set(['CREDENTIAL_PAUSED', 'INFINITY_LOGIN_PAUSED']);

/** A room's visit in two parts: the work, and the waiting for proof, which holds no place among the workers. */
export interface Visit {
  prove(): Promise<void>;
}

export interface BatchRoom {
  /** Resolves to null when the room ended in the work, with its outcome already recorded. */
  work(): Promise<Visit | null>;
  /** Told in place of `work` when the batch is held or stopped before this room. */
  skip(reason: OtjError): Promise<void>;
}

/** How a person holds a batch: rooms under way are never touched by it, only whether another one begins. */
export class BatchControl {
  private gate: PromiseWithResolvers<void> | null = null;
  private finishing = false;
  private begun = 0;
  private readonly changed: () => void;

  /** @param changed told whenever the number of rooms under way is another one */
  constructor(changed: () => void = () => undefined) {
    this.changed = changed;
  }

  /** Rooms that have begun and not ended, those waiting for their proof among them. */
  get underWay(): number {
    return this.begun;
  }

  /** No further room begins until `resume`. */
  pause(): void {
    if (!this.finishing) this.gate ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.gate?.resolve();
    this.gate = null;
  }

  /** No further room begins at all. To be called for a stop at once as well: rooms may be waiting for `resume`. */
  finish(): void {
    this.finishing = true;
    this.resume();
  }

  /** Waits while the batch is paused. @returns why no room may begin, or null */
  async mayBegin(signal: AbortSignal): Promise<OtjError | null> {
    while (this.gate) await this.gate.promise;
    return signal.aborted || this.finishing ? new OtjError('CANCELLED') : null;
  }

  /** Counts a room as under way. @returns to be called once when it has ended */
  begin(): () => void {
    this.begun++;
    this.changed();
    return () => {
      this.begun--;
      this.changed();
    };
  }
}

/** Failures that count: a refusal before any touch is none. */
function isTouching(error: OtjError): boolean {
  return error.class !== 'precondition' && !PAUSED.has(error.code);
}

/** Whether a batch only repeats one failure: then the rooms to come would meet it too. */
export class Repeats {
  private readonly most: number;
  private readonly counts: (error: OtjError) => boolean;
  private same: { code: string; times: number } = { code: '', times: 0 };
  private reason: OtjError | null = null;

  /**
   * @param most so many in a row are enough
   * @param counts which failures count
   */
  constructor(most = SAME_FAILURES_IN_A_ROW, counts: (error: OtjError) => boolean = isTouching) {
    this.most = most;
    this.counts = counts;
  }

  /** Why no further room is to begin; null = nothing keeps it. */
  get held(): OtjError | null {
    return this.reason;
  }

  /** Counts ends of rooms: a success ends a row of failures; one that does not count changes nothing. */
  ended(error: OtjError | null): void {
    if (!error) {
      this.same = { code: '', times: 0 };
    } else if (this.counts(error)) {
      this.same =
        error.code === this.same.code
          ? { code: error.code, times: this.same.times + 1 }
          : { code: error.code, times: 1 };
      if (this.same.times >= this.most)
        this.reason = new OtjError('BATCH_PAUSED', `${error.code}, ${this.same.times} times in a row`);
    }
  }
}

/**
 * Runs all rooms; a room's own failures are its own. `ended` tells the batch of each room's end.
 */
export class Batch {
  private readonly repeats: Repeats;
  private readonly concurrency: number;
  private readonly signal: AbortSignal;
  private readonly control: BatchControl;

  constructor(concurrency: number, signal: AbortSignal, control = new BatchControl(), repeats = new Repeats()) {
    this.repeats = repeats;
    this.concurrency = concurrency;
    this.signal = signal;
    this.control = control;
  }

  /** As {@link Repeats} counts it. */
  ended(error: OtjError | null): void {
    this.repeats.ended(error);
  }

  async run(rooms: readonly BatchRoom[]): Promise<void> {
    const workers = pLimit(this.concurrency);
    // Rooms that only wait keep a session open each; a laptop has sockets for many, not for all of a large estate.
    const proving = pLimit(Math.max(MOST_PROVING, this.concurrency));
    await Promise.all(
      rooms.map(async (room) => {
        const begun = await workers(() => this.begin(room));
        if (begun) await proving(() => begun.visit.prove()).finally(begun.end);
      }),
    );
  }

  private async begin(room: BatchRoom): Promise<{ visit: Visit; end: () => void } | null> {
    const stop = (await this.control.mayBegin(this.signal)) ?? this.repeats.held;
    if (stop) {
      await room.skip(stop);
      return null;
    }
    const end = this.control.begin();
    let visit: Visit | null = null;
    try {
      visit = await room.work();
    } finally {
      if (!visit) end();
    }
    return visit && { visit, end };
  }
}
