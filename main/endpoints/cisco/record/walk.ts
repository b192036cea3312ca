/** Walks a codec from reading to reading, one after the other, and changes nothing on it. */
import { setTimeout as pause } from 'node:timers/promises';
import { asOtjError, OtjError } from '../../../contract/errors.ts';
import type { Xapi } from '../xapi.ts';
import { READS, type Read, titleOf } from './reads.ts';
import type { Recording } from './recording.ts';
import type { Wire } from './tap.ts';

/** What may still come behind a whole reply, such as a line end; and the longest wait for words without an id. */
const AFTER_MS = 30;
const PLAIN_MS = 1_500;

/**
 * @param told called after each reading. @returns how each ended; one that failed does not keep the rest from being tried,
 * but after the connection is gone there is no rest. Throws CANCELLED between two readings.
 */
export async function walk(
  xapi: Xapi,
  wire: Wire,
  { signal, told }: { signal: AbortSignal; told: (done: number, of: number) => void },
): Promise<Recording['outcomes']> {
  const reads = READS.filter(({ kind }) => kind !== 'line' || xapi.link.transport === 'ssh');
  const outcomes: Recording['outcomes'] = [];
  for (const read of reads) {
    if (signal.aborted) throw new OtjError('CANCELLED');
    const title = titleOf(read);
    wire.begin(title);
    const outcome = await attempt(xapi, wire, read);
    if (xapi.link.transport === 'ssh') await pause(AFTER_MS);
    outcomes.push({ read: title, outcome });
    told(outcomes.length, reads.length);
    if (GONE.has(outcome)) break;
  }
  wire.pause();
  return outcomes;
}

const GONE: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'TIMEOUT', 'REPLY_TOO_LARGE', 'CANCELLED', 'STARTING']);

async function attempt(xapi: Xapi, wire: Wire, read: Read): Promise<string> {
  try {
    if (read.kind === 'line') await wire.sayPlain(read.text, PLAIN_MS);
    else if (read.kind === 'get') await xapi.get(read.tree, read.path);
    else await xapi.command(read.path, read.params);
    return 'ok';
  } catch (thrown) {
    return asOtjError(thrown).code;
  }
}
