/** What a look at the codec showed. */
import type { ErrorCode } from '../../../contract/errors.ts';
import { OtjError } from '../../../contract/errors.ts';
import type { Seen } from '../../driver.ts';

export function holds(words: string): Seen {
  return { holds: true, words };
}

export function lacks(words: string): Seen {
  return { holds: false, words };
}

export function problem(code: ErrorCode, words: string): Seen {
  return { holds: false, words, problem: new OtjError(code, words) };
}
