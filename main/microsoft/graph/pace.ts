/** When the next request may go out: at most four at once, no more of Outlook than it takes, and nobody before a wait is over. */
import { OtjError } from '../../contract/errors.ts';
import { pause } from '../../endpoints/transports/wait.ts';
import type { Workload } from './workload.ts';

/** HTTP requests at once. Source: throttling-limits of Graph names four for Outlook; the same is kept for all. */
export const IN_FLIGHT = 4;
/**
 * Requests that Outlook takes at once. Source: throttling-limits of Graph; its newer text says four of an app, whatever the mailboxes,
 * older ones four of an app and each mailbox, and callers have seen both. Graph sends Outlook up to four parts of a batch at the same
 * time, so one batch uses what an app has by the newer text, and four of different rooms are well by the older.
 */
const OUTLOOK_OF = { app: 4, mailbox: 4 * IN_FLIGHT } as const;
/** Batches that Outlook has answered in full before one more goes at the same time: a small site is done before it is tried. */
const PROVEN = 2;
/** A longer wish to wait is not waited for; the caller hears of it instead. */
export const LONGEST_WAIT_MS = 60_000;

interface Turn {
  workload: Workload;
  units: number;
  urgent: boolean;
}

interface Waiter extends Turn {
  go(): void;
}

/**
 * Shared by all requests of one connection. Outlook is asked by the newer text first, then for more at once while it takes it; once it
 * turns one away, by the newer text until the connection ends.
 */
export class Pace {
  #inFlight = 0;
  #outlook = 0;
  #outlookMost: number = OUTLOOK_OF.app;
  #outlookWidest: number = OUTLOOK_OF.mailbox;
  #proven = 0;
  readonly #waiting: Waiter[] = [];
  readonly #notBefore = new Map<Workload, number>();

  /**
   * Runs `work` when its turn has come.
   * @param units how many requests it makes of Outlook at once
   * @param urgent more depends on it: it goes before those that wait already
   * Throws CANCELLED while it waits, M365_BUSY where a service wants a longer wait than we do.
   */
  async turn<T>(
    { workload, units, urgent }: Turn,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    for (;;) {
      await this.#enter({ workload, units, urgent }, signal);
      try {
        // a wait is waited for outside, where it takes no turn from others
        if (this.#heldFor(workload) <= 0) return await work();
      } finally {
        this.#inFlight--;
        this.#outlook -= units;
        this.#next();
      }
      const held = this.#heldFor(workload);
      if (held > LONGEST_WAIT_MS) throw busy(held);
      await pause(held, signal);
    }
  }

  #heldFor(workload: Workload): number {
    return (this.#notBefore.get(workload) ?? 0) - performance.now();
  }

  /** Nothing goes to a service for a while: refused requests count as well. */
  hold(workload: Workload, ms: number): void {
    this.#notBefore.set(workload, Math.max(this.#notBefore.get(workload) ?? 0, performance.now() + ms));
  }

  /** Outlook has answered as many at once as a batch has, and turned none away. */
  served(): void {
    if (this.#outlookMost >= this.#outlookWidest || ++this.#proven < PROVEN) return;
    this.#proven = 0;
    this.#outlookMost += OUTLOOK_OF.app;
    this.#next();
  }

  /** Outlook has turned one away. */
  crowded(): void {
    this.#outlookWidest = OUTLOOK_OF.app;
    this.#outlookMost = OUTLOOK_OF.app;
  }

  async #enter({ workload, units, urgent }: Turn, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw new OtjError('CANCELLED');
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        workload,
        units,
        urgent,
        go: () => {
          signal?.removeEventListener('abort', stop);
          this.#inFlight++;
          this.#outlook += units;
          resolve();
        },
      };
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new OtjError('CANCELLED'));
      };
      signal?.addEventListener('abort', stop, { once: true });
      const behind = urgent ? this.#waiting.findIndex((one) => !one.urgent) : -1;
      if (behind < 0) this.#waiting.push(waiter);
      else this.#waiting.splice(behind, 0, waiter);
      this.#next();
    });
  }

  /** In the order asked, but what Outlook has no room for does not stand in the way of the others. */
  #next(): void {
    let blocked = false;
    for (let at = 0; at < this.#waiting.length && this.#inFlight < IN_FLIGHT; ) {
      const waiter = this.#waiting[at];
      if (!waiter) return;
      const fits = waiter.units === 0 || (!blocked && this.#outlook + waiter.units <= this.#outlookMost);
      if (!fits) {
        blocked = true;
        at++;
        continue;
      }
      this.#waiting.splice(at, 1);
      waiter.go();
    }
  }
}

/** Wait before repeat number `retry` (from 0) where none was named: doubling, with a jitter. */
export function backoffMs(retry: number, firstMs: number): number {
  return Math.min(30_000, firstMs * 2 ** retry) * (1 + 0.2 * Math.random());
}

/** When it may be tried again, in words: an ISO time, which a screen can read as well. */
export function busy(waitMs: number, about = ''): OtjError {
  const at = new Date(Math.min(Date.now() + waitMs, 8.64e15)).toISOString().replace(/\.\d+/, '');
  return new OtjError('M365_BUSY', `not before ${at}${about && `; ${about}`}`);
}
