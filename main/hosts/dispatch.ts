/** The one way of a call: look it up, check what goes in, do it, check what comes out. Whoever transports knows no methods. */
import type { z } from 'zod';
import type { Reply } from '../contract/bridge.ts';
import { asOtjError, OtjError } from '../contract/errors.ts';
import type { Method } from '../contract/method.ts';
import { type Handlers, METHODS } from '../contract/methods.ts';

/** Enough to see which field is meant. */
const ISSUES_TOLD = 3;

/**
 * Never rejects. A reply that is not as the contract says is our own fault (INTERNAL) and is not handed on.
 * @param name as it came from outside; @param input may hold secrets and is never told back
 */
export async function dispatch(handlers: Handlers, name: string, input: unknown): Promise<Reply> {
  try {
    return { ok: true, output: await answer(handlers, name, input) };
  } catch (thrown) {
    return { ok: false, problem: asOtjError(thrown).toProblem() };
  }
}

async function answer(handlers: Handlers, name: string, input: unknown): Promise<unknown> {
  if (!isMethod(name)) throw new OtjError('USAGE', 'there is no such call');
  const method: Method = METHODS[name];
  const given = method.input.safeParse(input);
  if (!given.success) throw new OtjError('USAGE', `${name}: ${wordsOf(given.error)}`);
  // One of many handlers, each with its own input: that this one takes it is what its schema has just said.
  const handler: (input: never) => unknown = handlers[name];
  const result = method.output.safeParse(await handler(given.data as never));
  if (!result.success) throw new OtjError('INTERNAL', `answer of ${name}: ${wordsOf(result.error)}`);
  return result.data;
}

/** Own properties only: `__proto__` and `constructor` are no calls. */
function isMethod(name: string): name is keyof typeof METHODS {
  return Object.hasOwn(METHODS, name);
}

/** Where it does not fit, and what was expected there; not what was there. */
function wordsOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, ISSUES_TOLD)
    .map(({ path, message }) => (path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message))
    .join('; ');
}
