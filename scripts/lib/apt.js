/** Debian's packages for tests: installed where that is possible unasked. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.js';

/** Why nothing is installed by itself here, or null. */
export function reasonNotToInstall() {
  if (process.platform !== 'linux') return 'it is not installed by itself on this system';
  if (!(process.env.PATH ?? '').split(delimiter).some((folder) => isProgram(join(folder, 'apt-get')))) {
    return 'there is no apt-get to install it with';
  }
  return process.getuid?.() === 0 ? null : 'only root can install it';
}

/**
 * @param {string[]} packages
 * @returns {Promise<{ code: number, output: string, seconds: number }>} of the last try, and the time of all
 */
export async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300'];
  const get = (...args) => run('apt-get', [...options, ...args], { env, timeoutMs: 15 * 60_000 });
  const first = await get('install', '--no-install-recommends', ...packages);
  if (first.code === 0) return first;
  // Package lists are often absent or stale on small images; only then is it worth fetching them.
  const update = await get('update');
  const second = await get('install', '--no-install-recommends', ...packages);
  return { ...second, seconds: first.seconds + update.seconds + second.seconds };
}

/** What apt-get said was wrong, in one line. */
export function aptComplaint({ output }) {
  return output.split('\n').find((line) => /^[EW]:/.test(line)) ?? 'no reason given';
}

export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
