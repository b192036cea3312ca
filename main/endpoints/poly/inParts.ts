/** Reading many settings from a device that refuses a question as a whole because of one name in it. */
import { OtjError } from '../../contract/errors.ts';
import type { ConfigVar, ConfigVars } from './videoos/replies.ts';

/** More is no search for a name. Where each of n names is refused it takes 2n - 1 questions: enough for 32 names at once. */
const MOST_QUESTIONS = 64;

/**
 * Asks for all names at once, and in halves wherever that is refused, down to the names that are refused by themselves: those
 * are in the answer with the device's word as their result.
 * @param ask the answer, or the device's word of refusal
 * @throws OtjError REFUSED after too many questions, and what `ask` throws
 */
export async function readInParts(
  names: readonly string[],
  ask: (names: readonly string[]) => Promise<ConfigVars | string>,
): Promise<ConfigVars> {
  const vars = new Map<string, ConfigVar>();
  const parts: (readonly string[])[] = [names];
  let questions = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (questions++ >= MOST_QUESTIONS)
      throw new OtjError('REFUSED', `${names.length} names, however they were asked for`);
    const answer = await ask(part);
    if (typeof answer !== 'string') for (const one of answer) vars.set(...one);
    else if (part.length > 1) {
      const half = Math.ceil(part.length / 2);
      parts.push(part.slice(half), part.slice(0, half));
    } else for (const name of part) vars.set(name.toLowerCase(), { value: null, result: answer, editable: undefined });
  }
  return vars;
}
