/** When the next request may go out: the node's rate limit, its wishes to slow down, and waits between repeats. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OtjError } from '../contract/errors.ts';

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
  #sent: number[] = [];
  #notBefore = 0;
  readonly #perMinute: number;

  constructor(perMinute = REQUESTS) {
    this.#perMinute = perMinute;
  }

  /** Resolves when one more request may be sent. Throws OtjError CANCELLED. */
  async turn(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const now = performance.now();
      this.#sent = this.#sent.filter((at) => at > now - WINDOW_MS);
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

/** Waits; throws OtjError CANCELLED when aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(Math.ceil(ms), undefined, signal ? { signal } : {});
  } catch (thrown) {
    throw new OtjError('CANCELLED', undefined, { cause: thrown });
  }
}

/** Wait before repeat number `retry` (from 0): doubling to 30 s with 10 % jitter, as Pexip's go-infinity-sdk does. */
export function backoffMs(retry: number, firstMs: number): number {
  return Math.min(LONGEST_BACKOFF_MS, firstMs * 2 ** retry) * (1 + 0.1 * Math.random());
}

/** `Retry-After` in milliseconds from now: seconds or an HTTP date; null when absent or neither. */
export function retryAfterMs(header: string | string[] | undefined, now = Date.now()): number | null {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
