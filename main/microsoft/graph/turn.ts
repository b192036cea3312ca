/** Work that would hold up a request that is about to go out. */
import { setImmediate } from 'node:timers/promises';

/**
 * Resolves when what was asked for just now is on its way: a connection is free for the next request in the turn behind its last
 * answer, and undici looks for one more turn whether it still stands.
 */
export async function underWay(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await setImmediate();
}
