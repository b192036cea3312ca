/** Which macros a migration takes, and which an undo puts back. Pure. */
import { type Baseline, TAKEN } from '../../../contract/device.ts';
import type { Wish } from '../../driver.ts';
import type { CiscoFacts } from '../facts.ts';
import type { Judgement, Macro } from '../otj/judge.ts';
import { textHash } from '../otj/texts.ts';
import { itemsOf, stateOf, textsOf } from './backup.ts';

/**
 * Macros to be taken: recognised now, judged so by the technician, or begun by an earlier visit. The last are known by
 * their text and not by their name: whoever saved another text under that name since has a macro of their own; and so
 * has whoever did since the technician decided. One that the technician has judged not to be OTJ's is not taken, and
 * never one that shows that it is another product's. What is gone already stays in the plan, whatever is decided
 * since: it goes on running until the restart that follows.
 */
export function macrosToTake(facts: CiscoFacts, wish: Wish, baseline: Baseline | null): string[] {
  const now = facts.judgements
    .filter(({ name, verdict }) => verdict === 'otj' || isDecided(facts, wish, name))
    .map(({ name }) => name);
  const begun = (stateOf(baseline)?.macros ?? [])
    .filter(({ name, otj }) => otj || isDecided(facts, wish, name))
    .map(({ name }) => name)
    .filter((name) => {
      const present = presentOf(facts, name);
      return !present || textsOf(baseline, name).includes(present.content);
    });
  const gone = itemsOf(baseline, TAKEN)
    .map(({ name }) => name)
    .filter((name) => !presentOf(facts, name));
  const vetoed = facts.judgements.filter((one) => one.vetoed).map(({ name }) => name);
  const left = new Set([...wish.leaveMacros, ...vetoed]);
  return sorted([...[...now, ...begun].filter((name) => !left.has(name)), ...gone]);
}

/** Macros that a person has to judge before anything is changed; also one that they wanted taken and that never is. */
export function undecided(facts: CiscoFacts, wish: Wish, taken: readonly string[]): Judgement[] {
  return facts.judgements.filter(
    ({ name, verdict, vetoed }) =>
      (verdict === 'uncertain' || (vetoed && wish.takeMacros.includes(name))) &&
      !taken.includes(name) &&
      !wish.leaveMacros.includes(name),
  );
}

/** Why the technician's word on such a macro does not count; null when there is none. */
export function whyNotTaken(facts: CiscoFacts, wish: Wish, { name, vetoed }: Judgement): string | null {
  if (!wish.takeMacros.includes(name)) return null;
  if (vetoed) return 'never taken, because it is the macro of another product: leave it, or part it by hand';
  return isDecided(facts, wish, name) ? null : 'its text is another one since it was decided';
}

/** Macros whose name an undo needs though somebody has saved a text of their own under it. */
export function macrosInTheWay(facts: CiscoFacts, wish: Wish, baseline: Baseline | null): string[] {
  return macrosTaken(baseline).filter((name) => {
    const present = presentOf(facts, name);
    return present !== undefined && isInTheWay(present, wish, baseline);
  });
}

/** @param present what is under the name of a macro that was taken */
export function isInTheWay({ name, content }: Macro, wish: Wish, baseline: Baseline | null): boolean {
  if (textsOf(baseline, name).includes(content)) return false;
  return !wish.overwriteMacros?.some((seen) => seen.name === name && seen.sha256 === textHash(content));
}

/** Macros that were taken since the baseline: what an undo puts back. */
export function macrosTaken(baseline: Baseline | null): string[] {
  return sorted(itemsOf(baseline, TAKEN).map(({ name }) => name));
}

/** Whether the technician has said of this very text that it is OTJ's. */
function isDecided(facts: CiscoFacts, { takeMacros, takeTexts }: Wish, name: string): boolean {
  if (!takeMacros.includes(name)) return false;
  const text = takeTexts?.[name];
  const present = presentOf(facts, name);
  return text === undefined || present === undefined || textHash(present.content) === text;
}

function presentOf(facts: CiscoFacts, name: string): Macro | undefined {
  return facts.macros?.find((one) => one.name === name);
}

/** The settings macro last: the OTJ macro imports it and would fail loudly if it ran without. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort((a, b) => Number(isSettings(a)) - Number(isSettings(b)) || a.localeCompare(b));
}

function isSettings(name: string): boolean {
  return name.includes('settings');
}
