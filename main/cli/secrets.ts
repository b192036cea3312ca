/** How secrets come in: from a file descriptor or a prompt, never from an argument or the environment. */
import { readFileSync } from 'node:fs';
import password from '@inquirer/password';
import { OtjError } from '../contract/errors.ts';

/**
 * @param fd number of an open descriptor, e.g. 3 for `3<file`; undefined = ask on the terminal
 * @param question shown at the prompt
 * Throws VAULT_LOCKED when neither a descriptor nor a terminal is there, USAGE for a descriptor that cannot be read.
 */
export async function readSecret(fd: number | undefined, question: string, { twice = false } = {}): Promise<string> {
  if (fd !== undefined) return fromDescriptor(fd);
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new OtjError('VAULT_LOCKED', question);
  const context = { output: process.stderr };
  const first = await password({ message: question, mask: '•' }, context);
  if (!twice || first === (await password({ message: 'Once more', mask: '•' }, context))) return first;
  throw new OtjError('USAGE', 'the two were not the same');
}

function fromDescriptor(fd: number): string {
  try {
    const secret = readFileSync(fd, 'utf8').replace(/\r?\n$/, '');
    if (secret) return secret;
  } catch (thrown) {
    throw new OtjError('USAGE', `file descriptor ${fd} cannot be read`, { cause: thrown });
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
