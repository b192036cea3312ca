/** Walks a device from reading to reading, one after the other, and changes nothing on it. */
import { setTimeout as pause } from 'node:timers/promises';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { Recording } from './recording.ts';
import type { Wire } from './tap.ts';

/** What may still come behind a whole reply of a shell, such as a line end. */
const AFTER_MS = 30;

/** One thing that a recording asks. */
export interface Reading {
  /** As a person would type it; names it in the file. */
  title: string;
  run(): Promise<unknown>;
}

/**
 * @param told called after each reading. @returns how each ended; one that failed does not keep the rest from being tried,
 * but after the connection is gone, the login is not taken any more, or two in a row had no answer, there is no rest. Throws CANCELLED between two
 * readings.
 */
export async function walk(
  readings: readonly Reading[],
  wire: Wire,
  { signal, told }: { signal: AbortSignal; told: (done: number, of: number) => void },
): Promise<Recording['outcomes']> {
  const outcomes: Recording['outcomes'] = [];
  let unheard = 0;
  for (const { title, run } of readings) {
    if (signal.aborted) throw new OtjError('CANCELLED');
    wire.begin(title);
    const error = await attempt(run);
    if (wire.isShell) await pause(AFTER_MS);
    outcomes.push({ read: title, outcome: error?.code ?? 'ok' });
    told(outcomes.length, readings.length);
    unheard = error?.code === 'TIMEOUT' ? unheard + 1 : 0;
    if (error && (isTheEnd(error, wire) || unheard > 1)) break;
  }
  wire.pause();
  return outcomes;
}

function isTheEnd({ code, class: kind }: OtjError, wire: Wire): boolean {
  return GONE.has(code) || kind === 'login' || (wire.isShell && UNFINISHED.has(code));
}

const GONE: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'UNREACHABLE', 'CANCELLED', 'STARTING']);
/** What is left of such a reply would be taken for the next one's, where replies come one behind the other. */
const UNFINISHED: ReadonlySet<string> = new Set(['TIMEOUT', 'REPLY_TOO_LARGE']);

async function attempt(run: () => Promise<unknown>): Promise<OtjError | null> {
  try {
    await run();
    return null;
  } catch (thrown) {
    return asOtjError(thrown);
  }
}
