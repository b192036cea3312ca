/** Programs that are not ours and speak SSDP and mDNS, or look for hosts: tests run them in network namespaces. */
import { aptComplaint, aptInstall, isProgram, reasonNotToInstall } from './apt.js';
import { seconds } from './run.js';
import { reasonOfServices } from './services.js';

/** Program, and Debian's package that has it. */
const PARTS = [
  ['/usr/sbin/avahi-daemon', 'avahi-daemon'],
  ['/usr/sbin/minidlnad', 'minidlna'],
  ['/usr/bin/gssdp-discover', 'gupnp-tools'],
  ['/usr/bin/nmap', 'nmap'],
];

/**
 * Finds or installs them. Never throws: without them only their tests are left out.
 * @param {(line: string) => void} say
 */
export async function ensureNetworkParts(say) {
  const missing = PARTS.filter(([program]) => !isProgram(program)).map(([, name]) => name);
  if (missing.length === 0) return;
  const names = missing.join(', ');
  const why = reasonNotToInstall() ?? (await reasonOfServices(['avahi-daemon', 'minidlna']));
  if (why) {
    say(`without ${names}: some tests of discovery will be skipped (${why})`);
    return;
  }
  const result = await aptInstall(missing);
  const left = PARTS.filter(([program]) => !isProgram(program)).map(([, name]) => name);
  if (left.length === 0) say(`${names} installed in ${seconds(result.seconds)}`);
  else say(`without ${left.join(', ')}: some tests of discovery will be skipped (${aptComplaint(result)})`);
}
