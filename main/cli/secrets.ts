/** How secrets come in: from a file descriptor or a prompt, never from an argument or the environment. */
import { readFileSync } from 'node:fs';
import password from '@inquirer/password';
import { OtjError } from '../contract/errors.ts';

const SHORTEST = 8;

interface Asking {
  /** A new secret: typed twice, and long enough. */
  fresh?: boolean;
  /** Enter alone is an answer. */
  optional?: boolean;
}

/**
 * @param fd number of an open descriptor, e.g. 3 for `3<file`; undefined = ask on the terminal
 * @param question shown at the prompt
 * Throws SECRET_NEEDED when neither a descriptor nor a terminal is there, PASSPHRASE_SHORT, and USAGE for a descriptor
 * that cannot be read.
 */
export async function readSecret(fd: number | undefined, question: string, asking: Asking = {}): Promise<string> {
  const { fresh = false, optional = false } = asking;
  if (fd !== undefined) {
    const secret = fromDescriptor(fd);
    if (fresh && secret.length < SHORTEST) throw new OtjError('PASSPHRASE_SHORT');
    return secret;
  }
  if (!hasTerminal()) throw new OtjError('SECRET_NEEDED', question);
  const validate = (text: string) => {
    if (fresh && text.length < SHORTEST) return `at least ${SHORTEST} characters`;
    return text.length > 0 || optional || 'type it, or press Ctrl-C to stop';
  };
  const ask = (message: string) => password({ message, mask: '•', validate }, { output: process.stderr });
  for (;;) {
    const first = await ask(fresh ? `${question} (at least ${SHORTEST} characters)` : question);
    if (!fresh || first === (await ask('The same once more'))) return first;
    process.stderr.write('The two were not the same.\n');
  }
}

export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

function fromDescriptor(fd: number): string {
  try {
    const secret = readFileSync(fd, 'utf8').replace(/\r?\n$/, '');
    if (secret) return secret;
  } catch (thrown) {
    const hint = 'npx and npm run do not hand on descriptors; use the otj beside package.json';
    throw new OtjError('USAGE', `file descriptor ${fd} cannot be read (${hint})`, { cause: thrown });
  }
  throw new OtjError('USAGE', `file descriptor ${fd} is empty`);
}

/** A descriptor number from the command line. Throws USAGE. */
export function descriptor(text: string): number {
  const fd = Number(text);
  if (!Number.isInteger(fd) || fd < 0 || fd > 255 || fd === 1 || fd === 2)
    throw new OtjError('USAGE', `not a file descriptor: ${text}`);
  return fd;
}
