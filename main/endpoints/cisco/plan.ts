/** What to do on a codec, from what was read. Pure: the same facts give the same plan. */
import { z } from 'zod';
import { type BackupItem, type Baseline, TAKEN } from '../../contract/device.ts';
import type { Change, PlannedStep } from '../../contract/plan.ts';
import type { Wish } from '../driver.ts';
import type { CiscoFacts } from './facts.ts';

/** Step ids; those of one macro carry its name behind the colon. */
export const STEP = {
  fit: 'check.fit',
  account: 'account',
  removeMacro: 'macro.remove:',
  runtime: 'macro.runtime',
  others: 'check.others',
  meeting: 'meeting',
  undoFit: 'undo.fit',
  restoreMacro: 'undo.macro:',
  undoRuntime: 'undo.runtime',
  removeAccount: 'undo.account',
} as const;

/** What the backup keeps besides the macros' texts. */
export const stateSchema = z.object({
  macros: z.array(z.object({ name: z.string(), active: z.boolean(), otj: z.boolean() })),
  users: z.array(z.string()),
  panels: z.array(z.object({ id: z.string(), sha256: z.string() })),
  settings: z.record(z.string(), z.string().nullable()),
  bookingIds: z.array(z.string()),
});
export type CodecState = z.infer<typeof stateSchema>;

const STATE = { kind: 'state', name: 'codec' } as const;

export function backupOf(facts: CiscoFacts): BackupItem[] {
  const { macros, judgements, users, panels, settings, bookings } = facts;
  const state: CodecState = {
    macros: (macros ?? []).map(({ name, active }, at) => ({ name, active, otj: judgements[at]?.verdict === 'otj' })),
    users: (users ?? []).map(({ username }) => username),
    panels,
    settings,
    bookingIds: bookings.ids,
  };
  return [
    { ...STATE, content: JSON.stringify(state, null, 1) },
    ...(macros ?? []).map(({ name, content }) => ({ kind: 'macro', name, content })),
  ];
}

export function stateOf(baseline: Baseline | null): CodecState | null {
  const item = baseline?.items.find(({ kind, name }) => kind === STATE.kind && name === STATE.name);
  return item ? stateSchema.parse(JSON.parse(item.content)) : null;
}

/**
 * Macros to be taken: recognised now, judged so by the technician, or begun by an earlier visit. The last are known by
 * their text and not by their name: whoever saved another text under that name since has a macro of their own.
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
  return sorted([...now, ...begun]);
}

/** Macros that were taken since the baseline: what an undo puts back. */
export function macrosTaken(baseline: Baseline | null): string[] {
  return sorted((baseline?.items ?? []).filter(({ kind }) => kind === TAKEN).map(({ name }) => name));
}

function textsOf(baseline: Baseline | null, name: string): string[] {
  return (baseline?.items ?? [])
    .filter((item) => item.name === name && (item.kind === 'macro' || item.kind === TAKEN))
    .map(({ content }) => content);
}

/** The settings macro last: the OTJ macro imports it and would fail loudly if it ran without. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort((a, b) => Number(isSettings(a)) - Number(isSettings(b)) || a.localeCompare(b));
}

function isSettings(name: string): boolean {
  return name.includes('settings');
}

export function plan(facts: CiscoFacts, wish: Wish, baseline: Baseline | null): PlannedStep[] {
  const { username } = wish.login;
  const user = facts.users?.find((one) => one.username === username);
  const taken = macrosToTake(facts, wish, baseline);
  return [
    step(STEP.fit, 'check', 'Check that the codec is fit for the move'),
    step(STEP.account, 'access', `Make account ${username} for Infinity and sign in as it`, {
      setting: `User ${username}`,
      before: user ? `${user.roles.join(', ')}${user.active ? '' : ', inactive'}` : null,
      after: 'Admin, active, passphrase sealed in the site file',
    }),
    ...taken.map((name) =>
      step(`${STEP.removeMacro}${name}`, 'cutover', `Remove macro ${name}`, {
        setting: `Macro ${name}`,
        before: macroWords(facts, name),
        after: null,
        why: facts.judgements.find((one) => one.name === name)?.reasons.join('; ') || 'taken before, see the backup',
      }),
    ),
    ...(taken.length > 0 ? [step(STEP.runtime, 'cutover', 'Restart the macro runtime')] : []),
    step(STEP.others, 'proof', 'Prove that all other macros, panels and settings are as before'),
    step(STEP.meeting, 'proof', 'See meetings arrive from Infinity'),
  ];
}

export function planUndo(facts: CiscoFacts, wish: Wish, baseline: Baseline): PlannedStep[] {
  const state = stateOf(baseline);
  // Settings first, so that the macro finds them when it starts.
  const taken = macrosTaken(baseline).reverse();
  const { username } = wish.login;
  return [
    step(STEP.undoFit, 'check', 'Check that the codec is fit for the undo'),
    ...taken.map((name) =>
      step(`${STEP.restoreMacro}${name}`, 'cutover', `Put macro ${name} back`, {
        setting: `Macro ${name}`,
        before: macroWords(facts, name),
        after: `as in the backup, ${state?.macros.find((one) => one.name === name)?.active ? 'active' : 'inactive'}`,
      }),
    ),
    ...(taken.length > 0 ? [step(STEP.undoRuntime, 'cutover', 'Restart the macro runtime')] : []),
    // An account that was there before us stays.
    ...(state?.users.includes(username)
      ? []
      : [
          step(STEP.removeAccount, 'cutover', `Remove account ${username}`, {
            setting: `User ${username}`,
            before: 'Admin',
            after: null,
          }),
        ]),
    step(STEP.others, 'proof', 'Prove that all other macros, panels and settings are as before'),
  ];
}

function step(id: string, stage: PlannedStep['stage'], title: string, ...changes: Change[]): PlannedStep {
  return { id, stage, title, changes };
}

function macroWords(facts: CiscoFacts, name: string): string | null {
  const macro = facts.macros?.find((one) => one.name === name);
  return macro ? `${macro.active ? 'active' : 'inactive'}, ${Buffer.byteLength(macro.content)} bytes` : null;
}
