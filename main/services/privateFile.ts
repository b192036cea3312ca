/** Files that hold what is not for everybody. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { OtjError } from '../contract/errors.ts';

/** Readable by its owner only, from its first byte on, also where a file of that name was there. Throws DISK. */
export function writePrivate(path: string, content: string | Uint8Array): void {
  const fresh = `${path}.${process.pid}.part`;
  try {
    rmSync(fresh, { force: true });
    writeFileSync(fresh, content, { mode: 0o600, flag: 'wx' });
    renameSync(fresh, path);
  } catch (thrown) {
    rmSync(fresh, { force: true });
    throw new OtjError('DISK', (thrown as Error).message, { cause: thrown });
  }
}
