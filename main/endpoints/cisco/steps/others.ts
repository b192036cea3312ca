/** The proof that nothing moved but what the plan names. */
import type { Seen } from '../../driver.ts';
import type { Kept } from '../facts/readings.ts';
import { SETTINGS } from '../facts/settings.ts';
import { readKept } from '../facts.ts';
import { NAMED } from '../plan/ids.ts';
import { macroState } from './macros.ts';
import { holds, problem } from './seen.ts';
import { hostNames } from './settings.ts';
import type { Visit } from './visit.ts';

export async function othersUnchanged({ facts, steps, xapi }: Visit): Promise<Seen> {
  const mayMove = new Set(steps.flatMap(({ changes }) => changes.map(({ setting }) => setting)));
  const before = fingerprints(facts, mayMove);
  const after = fingerprints(await readKept(xapi, facts), mayMove);
  const moved = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
  if (moved.length > 0) return problem('NOT_CONFIRMED', `not as before: ${moved.join(', ')}`);
  return holds([...after].map(([key, value]) => `${key} ${value}`).join('\n'));
}

/** Name and short state of everything that must not move. */
function fingerprints(
  { macros, users, panels, settings, allowedHosts }: Kept,
  mayMove: Set<string>,
): Map<string, string> {
  const all: [string, string][] = [
    ...(macros ?? []).map((macro): [string, string] => [NAMED.macro(macro.name), macroState(macro)]),
    ...panels.map(({ id, sha256 }): [string, string] => [`Panel ${id}`, sha256]),
    ...SETTINGS.map((path): [string, string] => [path, settings[path] ?? 'not there']),
    ...hostNames(allowedHosts).map((name): [string, string] => [name, 'allowed']),
    ...(users ?? []).map((user): [string, string] => [NAMED.user(user.username), user.roles.join('+')]),
  ];
  return new Map(all.filter(([name]) => !mayMove.has(name)));
}
