/** Brings a fresh connection to a Group's command line to the point where it takes commands. */
import { OtjError } from '../../../contract/errors.ts';
import type { Redactor } from '../../redact.ts';
import { demandsPassphrase, loginRefused, tellsSessionLimit } from '../../transports/loginOutcome.ts';
import type { Shell } from '../../transports/ssh.ts';
import { CliLines } from './lines.ts';
import { parseWhoami, WHOAMI_END, type Whoami } from './replies.ts';
import { CliSession } from './session.ts';

/** The banner ends with a known line by public adapters; without it, quiet must do. Milliseconds. */
const QUIET_MS = 1_500;
/** Lines before any command; more is no greeting. */
const MAX_LINES = 1_000;
const PASSWORD = /^password\s*:/i;
/** What a device says to a wrong password (public SSH client); over telnet it may also just ask again [assumed]. */
const REFUSED = /(password|login) (failed|incorrect)|incorrect (password|login)|access denied|authentication failed/i;
const LOCKED = /lock(ed|[\s-]*out)/i;

export interface Started {
  session: CliSession;
  /** What the banner told of the device; empty texts where it told nothing. */
  whoami: Whoami;
}

/**
 * Waits for the greeting, and over telnet answers the question for the password, once. Nothing is left open on failure.
 * @param password what to answer over telnet; null = the login is over already (SSH)
 * @param redactor of an earlier session with the device
 * @throws OtjError LOGIN_REFUSED, ACCOUNT_LOCKED, PASSPHRASE_CHANGE, SESSION_LIMIT, TIMEOUT, REPLY_TOO_LARGE and those
 *   of the link
 */
export async function startCli(
  shell: Shell,
  password: string | null,
  timeoutMs: number,
  redactor?: Redactor,
): Promise<Started> {
  const greeting = Promise.withResolvers<void>();
  const lines = new CliLines();
  const said: string[] = [];
  let session: CliSession | null = null;
  /** Whether nothing has to be answered any more. */
  let isIn = password === null;
  const fail = (error: OtjError) => greeting.reject(error);
  const timer = setTimeout(() => {
    fail(new OtjError('TIMEOUT', shell.clean(`no greeting; it said: ${said.slice(-3).join(' ')}`)));
  }, timeoutMs);
  // A device that greets with nothing takes commands all the same, once it has let us in.
  let quiet = isIn ? setTimeout(greeting.resolve, QUIET_MS) : undefined;

  /** Answers the question for the password; a second one means that the answer was wrong. */
  const question = () => {
    if (isIn || password === null) return fail(refusal(shell, said, null));
    isIn = true;
    shell.write(`${password}\r`);
  };
  shell.onClose((reason) => fail(isIn && password !== null ? refusal(shell, said, reason) : reason));
  shell.onText((text) => {
    if (session) return session.receive(text);
    const whole = lines.push(text);
    if (!whole || said.length + whole.length > MAX_LINES)
      return fail(new OtjError('REPLY_TOO_LARGE', 'a greeting without end'));
    for (const line of whole) {
      said.push(line);
      if (REFUSED.test(line)) return fail(refusal(shell, said, null));
      if (PASSWORD.test(line)) question();
    }
    if (PASSWORD.test(lines.begun)) {
      lines.skip();
      question();
    }
    clearTimeout(quiet);
    if (said.some((line) => WHOAMI_END.test(line))) greeting.resolve();
    else if (isIn && said.length > 0) quiet = setTimeout(greeting.resolve, QUIET_MS);
  });

  try {
    await greeting.promise;
    session = new CliSession(shell, timeoutMs, redactor);
    session.redactor.add(password);
    return { session, whoami: parseWhoami(said) };
  } catch (thrown) {
    shell.close();
    throw thrown;
  } finally {
    clearTimeout(timer);
    clearTimeout(quiet);
  }
}

/** Why the device did not let us in, by its last words. */
function refusal(shell: Shell, said: readonly string[], reason: OtjError | null): OtjError {
  const words = shell.clean(said.slice(-3).join(' '));
  if (tellsSessionLimit(words)) return new OtjError('SESSION_LIMIT', words);
  if (demandsPassphrase(words)) return new OtjError('PASSPHRASE_CHANGE', words);
  if (LOCKED.test(words)) return new OtjError('ACCOUNT_LOCKED', words);
  if (reason?.code === 'CANCELLED') return reason;
  return loginRefused(words, 'command line');
}
