/** How secrets come in: from a file descriptor or a prompt, never from an argument or the environment. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
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

/** Longest key file that is read, bytes. */
const LONGEST_KEY = 65_536;

/**
 * A private key in PEM or JWK, from a file, a descriptor or the terminal, where it may be pasted with its lines.
 * Throws SECRET_NEEDED, USAGE.
 */
export async function readKey(
  { keyFile, keyFd }: { keyFile?: string; keyFd?: number },
  question: string,
): Promise<string> {
  if (keyFd !== undefined) return fromDescriptor(keyFd);
  if (keyFile !== undefined) {
    try {
      const bytes = readFileSync(keyFile);
      if (bytes.length <= LONGEST_KEY) return bytes.toString('utf8');
    } catch (thrown) {
      throw new OtjError('USAGE', (thrown as Error).message, { cause: thrown });
    }
    throw new OtjError('USAGE', `${keyFile} is too large for a key`);
  }
  if (!hasTerminal()) throw new OtjError('SECRET_NEEDED', question);
  process.stderr.write(`${question}, PEM or JWK. Paste it; it is not shown. An empty line ends it.\n`);
  return pastedKey();
}

/** A prompt for passwords ends at the first line, so pasted lines are read here, without an echo. */
async function pastedKey(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const input = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  let text = '';
  for await (const line of input) {
    if (line.trim() === '' && text !== '') break;
    text += `${line}\n`;
    if (/-----END/.test(line) || isJson(text) || text.length > LONGEST_KEY) break;
  }
  input.close();
  if (text.trim() === '') throw new OtjError('DECLINED', 'no key was given');
  return text;
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
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
