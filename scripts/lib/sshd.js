/** OpenSSH's server, which the interop tests start for themselves on a loopback address. */
import { aptComplaint, aptInstall, isProgram, reasonNotToInstall } from './apt.js';
import { run, seconds } from './run.js';

const SSHD = '/usr/sbin/sshd';
/** Debian's agreement on services of freshly installed packages: a program that says whether they may start. */
const POLICY = '/usr/sbin/policy-rc.d';
const FORBIDDEN = 101;

/**
 * Finds or installs it. Never throws: without it only its tests are left out.
 * @param {(line: string) => void} say
 */
export async function ensureSshd(say) {
  if (isProgram(SSHD)) return;
  const why = reasonNotToInstall() ?? (await reasonOfServices());
  if (why) {
    say(`no OpenSSH server: its tests will be skipped (${why}; install openssh-server)`);
    return;
  }
  const result = await aptInstall(['openssh-server']);
  if (isProgram(SSHD)) say(`OpenSSH server installed in ${seconds(result.seconds)}`);
  else say(`no OpenSSH server: its tests will be skipped (apt-get could not install it: ${aptComplaint(result)})`);
}

/** The package starts a server that listens to the network; that must not happen to anybody for a test's sake. */
async function reasonOfServices() {
  if (!isProgram(POLICY)) return 'installing it would also start it';
  const { code } = await run(POLICY, ['ssh', 'start']);
  return code === FORBIDDEN ? null : 'installing it would also start it';
}
