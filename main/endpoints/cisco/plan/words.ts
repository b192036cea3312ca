/** Things of a codec in words, as plans show them. */

import { isInCloud } from '../facts/outside.ts';
import type { CiscoFacts } from '../facts.ts';

const DAY_MS = 86_400_000;

export function macroWords(facts: CiscoFacts, name: string): string | null {
  const macro = facts.macros?.find((one) => one.name === name);
  return macro ? `${macro.active ? 'active' : 'inactive'}, ${Buffer.byteLength(macro.content)} bytes` : null;
}

/** `TMS at 10.0.0.9`; null when the codec's settings show no manager. */
export function managerWords({ outside: { manager } }: CiscoFacts): string | null {
  return manager && (manager.address === null ? manager.name : `${manager.name} at ${manager.address}`);
}

/** When the passphrase of an account that is made now will end; null when never. */
export function lifetimeWords({ policy: { lifetimeDays }, clock }: CiscoFacts): string | null {
  if (lifetimeDays === 0) return null;
  const end =
    clock === null ? null : new Date(Date.parse(clock.time) + lifetimeDays * DAY_MS).toISOString().slice(0, 10);
  return `after ${lifetimeDays} days${end === null ? '' : `, on ${end}`} (UserManagement PasswordPolicy MaxLifetime)`;
}

/** What Infinity must be told of a cloud codec; null for every other. */
export function webexWords({ outside }: CiscoFacts): string | null {
  if (!isInCloud(outside)) return null;
  const { developerId } = outside.webex;
  return `Infinity reaches it as an endpoint of type WEBEX, with ${developerId ? `device id ${developerId}` : 'a device id that it does not tell'}`;
}
