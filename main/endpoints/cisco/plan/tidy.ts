/** What the Service's macro needed of the codec and nothing else does: calls to hosts on the Internet. Pure. */
import type { Baseline } from '../../../contract/device.ts';
import type { Wish } from '../../driver.ts';
import type { CiscoFacts } from '../facts.ts';
import { SIGNATURES } from '../otj/signatures.ts';
import { hostsTaken, settingBefore } from './backup.ts';
import { macrosToTake } from './take.ts';

/** The hosts by which the macro is recognised are those that it calls. */
const HOSTS = [...new Set(SIGNATURES.signs.flatMap(({ host }) => host ?? []))];

export interface Tidy {
  /** HttpClient is used by no macro that stays. */
  httpClientOff: boolean;
  /** Expressions to be taken off the list of allowed hosts. */
  hosts: string[];
}

/**
 * What is begun stays planned, so that its outcome comes on record. Without a macro that is taken nothing is tidied:
 * then HttpClient serves something else.
 */
export function tidyOf(facts: CiscoFacts, wish: Wish, baseline: Baseline | null): Tidy {
  const taken = macrosToTake(facts, wish, baseline);
  if (!wish.tidyHttpClient || taken.length === 0 || facts.macros === null) return { httpClientOff: false, hosts: [] };
  const staying = facts.macros.filter(({ name }) => !taken.includes(name)).map(({ content }) => content.toLowerCase());
  const begun = settingBefore(baseline, 'HttpClient Mode') === 'On';
  // Any mention counts, also in a comment or in a macro that is switched off: a doubt keeps it on.
  const used = staying.some((text) => text.includes('httpclient'));
  const httpClientOff = !used && (facts.settings['HttpClient Mode'] === 'On' || begun);
  const now = facts.allowedHosts ?? [];
  const ours = now.map(({ expression }) => expression).filter((one) => isServiceHost(one, staying));
  const rest = now.length - ours.length;
  // An empty list allows every host: the last entry stays for as long as HttpClient does.
  if (rest === 0 && !httpClientOff && facts.settings['HttpClient Mode'] !== 'Off')
    return { httpClientOff, hosts: hostsTaken(baseline).filter((one) => !ours.includes(one)) };
  return { httpClientOff, hosts: [...new Set([...hostsTaken(baseline), ...ours])] };
}

/** Whether an expression allows hosts of the Service and no others, none of which a macro that stays speaks of. */
function isServiceHost(expression: string, staying: readonly string[]): boolean {
  // Host names, `*.host` and regular expressions such as `^.*\.host$` are met.
  const plain = expression
    .toLowerCase()
    .replace(/\\/g, '')
    .replace(/^\^|\$$/g, '');
  const host = HOSTS.find(
    (one) => plain === one || (/^[a-z0-9.*+-]*\.$/.test(plain.slice(0, -one.length)) && plain.endsWith(one)),
  );
  return host !== undefined && !staying.some((text) => text.includes(host));
}
