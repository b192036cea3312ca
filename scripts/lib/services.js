/** Whether Debian would start the services of a package that is installed for a test's sake. */
import { isProgram } from './apt.js';
import { run } from './run.js';

/** Debian's agreement on services of freshly installed packages: a program that says whether they may start. */
const POLICY = '/usr/sbin/policy-rc.d';
const FORBIDDEN = 101;
const WHY = 'installing it would also start it';

/**
 * A server that listens to the network must not come to anybody for a test's sake.
 * @param {string[]} services
 * @returns {Promise<string | null>} null = none is started
 */
export async function reasonOfServices(services) {
  if (!isProgram(POLICY)) return WHY;
  for (const service of services) {
    const { code } = await run(POLICY, [service, 'start']);
    if (code !== FORBIDDEN) return WHY;
  }
  return null;
}
