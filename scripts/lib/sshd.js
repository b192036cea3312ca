/** OpenSSH's server, which the interop tests start for themselves on a loopback address. */
import { aptComplaint, aptInstall, isProgram, reasonNotToInstall } from './apt.js';
import { seconds } from './run.js';
import { reasonOfServices } from './services.js';

const SSHD = '/usr/sbin/sshd';

/**
 * Finds or installs it. Never throws: without it only its tests are left out.
 * @param {(line: string) => void} say
 */
export async function ensureSshd(say) {
  if (isProgram(SSHD)) return;
  const why = reasonNotToInstall() ?? (await reasonOfServices(['ssh']));
  if (why) {
    say(`no OpenSSH server: its tests will be skipped (${why}; install openssh-server)`);
    return;
  }
  const result = await aptInstall(['openssh-server']);
  if (isProgram(SSHD)) say(`OpenSSH server installed in ${seconds(result.seconds)}`);
  else say(`no OpenSSH server: its tests will be skipped (apt-get could not install it: ${aptComplaint(result)})`);
}
