/**
 * Words of a device in login rounds without a question, such as why it refuses (OpenSSH with PAM). The library answers
 * such rounds by itself and drops the words, so they are taken at its own handler. Where a later version of it has no
 * such handler, nothing is lost but the words.
 */
import type { Client } from 'ssh2';
import { part } from './internals.ts';

/** @param hear called with the words of each round that asks nothing; only after `connect` was called on the client */
export function hearEmptyRounds(client: Client, hear: (words: string) => void): void {
  const handlers = part(part(client, '_protocol'), '_handlers');
  const answer = part(handlers, NAME);
  if (!handlers || typeof answer !== 'function') return;
  const listen = (...words: unknown[]) => {
    const [, name, instructions, prompts] = words;
    if (Array.isArray(prompts) && prompts.length === 0) hear(`${String(name)} ${String(instructions)}`);
    return Reflect.apply(answer, handlers, words);
  };
  Reflect.set(handlers, NAME, listen);
}

const NAME = 'USERAUTH_INFO_REQUEST';
