/** When the next request may go out: the node's rate limit, its wishes to slow down, and how long to wait between repeats. */
import { pause } from '../endpoints/transports/wait.ts';

/**
 * A Management Node takes 1,000 requests in 60 seconds (community reading of Pexip's documentation). Some are left
 * for administrators and other programs that work on the same node.
 */
const REQUESTS = 900;
const WINDOW_MS = 60_000;
/** A longer wish to slow down is not waited for; the caller hears of it instead. */
export const LONGEST_HOLD_MS = 60_000;
const LONGEST_BACKOFF_MS = 30_000;

/** Shared by all requests of one client. */
export class Pace {
  readonly #sent: number[] = [];
  #notBefore = 0;
  readonly #perMinute: number;

  constructor(perMinute = REQUESTS) {
    this.#perMinute = perMinute;
  }

  /** Resolves when one more request may be sent. Throws OtjError CANCELLED. */
  async turn(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const now = performance.now();
      while (this.#sent[0] !== undefined && this.#sent[0] <= now - WINDOW_MS) this.#sent.shift();
      const oldest = this.#sent.length >= this.#perMinute ? this.#sent[0] : undefined;
      const wait = Math.max(this.#notBefore - now, oldest === undefined ? 0 : oldest + WINDOW_MS - now);
      if (wait <= 0) {
        this.#sent.push(now);
        return;
      }
      await pause(wait, signal);
    }
  }

  /** Sends nothing at all for a while, since the limit counts for the node and not for one request. */
  hold(ms: number): void {
    this.#notBefore = Math.max(this.#notBefore, performance.now() + ms);
  }
}

/** Wait before repeat number `retry` (from 0): doubling to 30 s with 10 % jitter, as Pexip's go-infinity-sdk does. */
export function backoffMs(retry: number, firstMs: number): number {
  return Math.min(LONGEST_BACKOFF_MS, firstMs * 2 ** retry) * (1 + 0.1 * Math.random());
}
