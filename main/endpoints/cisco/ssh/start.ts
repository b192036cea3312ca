/** Brings a fresh SSH shell of a codec to the point where it takes commands. */
import { OtjError } from '../../../contract/errors.ts';
import { demandsPassphrase, tellsDuplicate, tellsSessionLimit } from '../../transports/loginOutcome.ts';
import type { Shell } from '../../transports/ssh.ts';
import { Greeting } from './greeting.ts';

/** After a lone `OK` with no word of a login before it (welcome text may be cut), how long quiet means ready. */
const QUIET_MS = 1000;
/** Of what was said before the end, the last lines tell most. */
const TOLD_LINES = 3;

/**
 * Waits for the banner and switches echo off. From then on all text goes to `next`.
 * Throws TIMEOUT, CONNECTION_LOST, CANCELLED, SESSION_LIMIT, DUPLICATE_SESSION, PASSPHRASE_CHANGE.
 */
export function startShell(shell: Shell, timeoutMs: number, next: (text: string) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const greeting = new Greeting();
  let over = false;
  let quiet: NodeJS.Timeout | undefined;
  const done = (end: () => void) => {
    over = true;
    clearTimeout(timer);
    clearTimeout(quiet);
    end();
  };
  const timer = setTimeout(() => {
    done(() => reject(meaning(shell, greeting.said, new OtjError('TIMEOUT', 'no xAPI prompt after login'))));
    shell.close();
  }, timeoutMs);
  const echoOff = () => shell.write('echo off\n');

  shell.onClose((reason) => done(() => reject(meaning(shell, `${greeting.said} ${reason.words ?? ''}`, reason))));
  shell.onText((piece) => {
    if (over) return next(piece);
    clearTimeout(quiet);
    const turn = greeting.push(piece);
    // Nothing waits for its answer: the shell takes lines in their order, so it holds for all that follows.
    if (turn === 'send echo off')
      done(() => {
        echoOff();
        resolve();
      });
    if (turn === 'guess')
      quiet = setTimeout(() => {
        greeting.settle();
        echoOff();
      }, QUIET_MS);
    if (turn === 'ready')
      done(() => {
        resolve();
        if (greeting.rest) next(greeting.rest);
      });
  });
  return promise;
}

/** A shell may end with words that tell why. */
function meaning(shell: Shell, said: string, reason: OtjError): OtjError {
  if (reason.code === 'CANCELLED') return reason;
  const words = shell.clean(said.trim().split('\n').slice(-TOLD_LINES).join(' '));
  if (tellsDuplicate(said)) return new OtjError('DUPLICATE_SESSION', words);
  if (tellsSessionLimit(said)) return new OtjError('SESSION_LIMIT', words);
  if (demandsPassphrase(said)) return new OtjError('PASSPHRASE_CHANGE', words);
  return reason;
}
