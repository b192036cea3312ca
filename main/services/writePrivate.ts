/** Files of ours for a person: whole or not at all, and for that person's eyes only. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { OtjError } from '../contract/errors.ts';

/**
 * Written beside its place and put there when it is whole: a full disk leaves what was there before. Readable by its
 * owner only, from its first byte on, also where a file of that name was there. Throws DISK; with `fresh` also
 * SITE_EXISTS where there is a file of that name.
 */
export function writePrivate(path: string, content: string | Uint8Array, { fresh = false } = {}): void {
  const beside = `${path}.${process.pid}.part`;
  if (fresh) reserve(path);
  try {
    rmSync(beside, { force: true });
    writeFileSync(beside, content, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(beside, path);
  } catch (thrown) {
    rmSync(beside, { force: true });
    if (fresh) rmSync(path, { force: true });
    throw disk(thrown);
  }
}

/** A name in a folder can be had once; memory sticks know no links, which would do it in one go. */
function reserve(path: string): void {
  try {
    writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw disk(thrown);
    throw new OtjError('SITE_EXISTS', path, { cause: thrown });
  }
}

function disk(thrown: unknown): OtjError {
  return new OtjError('DISK', (thrown as Error).message, { cause: thrown });
}
