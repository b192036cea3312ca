/** The proof that nothing moved but what the plan names. */
import type { Baseline } from '../../../contract/device.ts';
import type { Seen } from '../../driver.ts';
import type { Panel } from '../facts/panels.ts';
import type { Kept } from '../facts/readings.ts';
import { SETTINGS } from '../facts/settings.ts';
import { readKept } from '../facts.ts';
import { itemsOf, stateOf } from '../plan/backup.ts';
import { NAMED } from '../plan/ids.ts';
import { macroState } from './macros.ts';
import { holds, problem } from './seen.ts';
import { hostNames } from './settings.ts';
import type { Visit } from './visit.ts';

export async function othersUnchanged({ facts, steps, xapi, support }: Visit): Promise<Seen> {
  const mayMove = new Set(steps.flatMap(({ changes }) => changes.map(({ setting }) => setting)));
  const before = fingerprints(facts, mayMove);
  const kept = await readKept(xapi, facts);
  const after = fingerprints(kept, mayMove);
  const moved = [
    ...[...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key)),
    ...layoutsMoved(facts.panels, kept.panels),
  ];
  if (moved.length > 0) return problem('NOT_CONFIRMED', `not as before: ${moved.join(', ')}`);
  // Days may lie between the backup and this visit; what others did in them is told, and is no failure of ours.
  const since = [
    ...[...savedPrints(support.baseline, mayMove)].flatMap(([key, value]) => (after.get(key) === value ? [] : [key])),
    ...layoutsMoved(stateOf(support.baseline)?.panels ?? [], kept.panels),
  ];
  return holds(
    [
      ...(since.length > 0 ? [`changed since the backup, not by this visit: ${since.join(', ')}`] : []),
      ...[...after].map(([key, value]) => `${key} ${value}`),
    ].join('\n'),
  );
}

/** Only layouts that were told both times are compared: the list tells whether a panel is there at all. */
function layoutsMoved(before: readonly Panel[], after: readonly Panel[]): string[] {
  const now = new Map(after.map(({ id, layout }) => [id, layout]));
  const isMoved = ({ id, layout }: Panel) => layout !== null && layout !== (now.get(id) ?? layout);
  return before.filter(isMoved).map(({ id }) => NAMED.layout(id));
}

/** The same of what the backup holds. */
function savedPrints(baseline: Baseline | null, mayMove: Set<string>): Map<string, string> {
  const state = stateOf(baseline);
  const all: [string, string][] = (state?.macros ?? []).map(({ name, active }) => {
    const content = itemsOf(baseline, 'macro').find((item) => item.name === name)?.content ?? '';
    return [NAMED.macro(name), macroState({ name, active, content })];
  });
  for (const { id, sha256 } of state?.panels ?? []) all.push([NAMED.panel(id), sha256]);
  for (const path of SETTINGS) {
    const value = state?.settings[path];
    if (value) all.push([path, value]);
  }
  return new Map(all.filter(([name]) => !mayMove.has(name)));
}

/** Name and short state of everything that must not move. */
function fingerprints(
  { macros, users, panels, settings, allowedHosts }: Kept,
  mayMove: Set<string>,
): Map<string, string> {
  const all: [string, string][] = [
    ...(macros ?? []).map((macro): [string, string] => [NAMED.macro(macro.name), macroState(macro)]),
    ...panels.map(({ id, sha256 }): [string, string] => [NAMED.panel(id), sha256]),
    ...SETTINGS.map((path): [string, string] => [path, settings[path] ?? 'not there']),
    ...hostNames(allowedHosts).map((name): [string, string] => [name, 'allowed']),
    ...(users ?? []).map((user): [string, string] => [NAMED.user(user.username), user.roles.join('+')]),
  ];
  return new Map(all.filter(([name]) => !mayMove.has(name)));
}
