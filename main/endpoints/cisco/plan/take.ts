/** Which macros a migration takes, and which an undo puts back. Pure. */
import { type Baseline, TAKEN } from '../../../contract/device.ts';
import type { Wish } from '../../driver.ts';
import type { CiscoFacts } from '../facts.ts';
import type { Judgement } from '../otj/judge.ts';
import { itemsOf, stateOf, textsOf } from './backup.ts';

/**
 * Macros to be taken: recognised now, judged so by the technician, or begun by an earlier visit. The last are known by
 * their text and not by their name: whoever saved another text under that name since has a macro of their own. One that
 * the technician has judged not to be OTJ's is not taken. What is gone already stays in the plan, whatever is decided
 * since: it goes on running until the restart that follows.
 */
export function macrosToTake(facts: CiscoFacts, wish: Wish, baseline: Baseline | null): string[] {
  const now = facts.judgements
    .filter(({ name, verdict }) => verdict === 'otj' || wish.takeMacros.includes(name))
    .map(({ name }) => name);
  const begun = (stateOf(baseline)?.macros ?? [])
    .filter(({ name, otj }) => otj || wish.takeMacros.includes(name))
    .map(({ name }) => name)
    .filter((name) => {
      const present = facts.macros?.find((one) => one.name === name);
      return !present || textsOf(baseline, name).includes(present.content);
    });
  const gone = itemsOf(baseline, TAKEN)
    .map(({ name }) => name)
    .filter((name) => !facts.macros?.some((one) => one.name === name));
  return sorted([...[...now, ...begun].filter((name) => !wish.leaveMacros.includes(name)), ...gone]);
}

/** Macros that a person has to judge before anything is changed. */
export function undecided(facts: CiscoFacts, wish: Wish, taken: readonly string[]): Judgement[] {
  return facts.judgements.filter(
    ({ name, verdict }) => verdict === 'uncertain' && !taken.includes(name) && !wish.leaveMacros.includes(name),
  );
}

/** Macros that were taken since the baseline: what an undo puts back. */
export function macrosTaken(baseline: Baseline | null): string[] {
  return sorted(itemsOf(baseline, TAKEN).map(({ name }) => name));
}

/** The settings macro last: the OTJ macro imports it and would fail loudly if it ran without. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort((a, b) => Number(isSettings(a)) - Number(isSettings(b)) || a.localeCompare(b));
}

function isSettings(name: string): boolean {
  return name.includes('settings');
}
