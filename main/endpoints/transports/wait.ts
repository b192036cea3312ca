/** Waits that can be stopped, and the waits that a server asks for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OtjError } from '../../contract/errors.ts';

/** Waits; throws OtjError CANCELLED when aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(Math.ceil(ms), undefined, signal ? { signal } : {});
  } catch (thrown) {
    throw new OtjError('CANCELLED', undefined, { cause: thrown });
  }
}

/** `Retry-After` in milliseconds from now: seconds or an HTTP date; null when absent or neither. */
export function retryAfterMs(header: string | string[] | undefined, now = Date.now()): number | null {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
