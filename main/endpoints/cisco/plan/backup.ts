/** What is saved of a codec before its first change, and how it is found again. Pure. */
import { z } from 'zod';
import { type BackupItem, type Baseline, TAKEN } from '../../../contract/device.ts';
import { type Bookings, bookingsIn } from '../facts/bookings.ts';
import type { SettingPath } from '../facts/settings.ts';
import type { CiscoFacts } from '../facts.ts';
import type { Macro } from '../otj/judge.ts';
import { NAMED } from './ids.ts';

/** What the backup keeps besides texts. */
const stateSchema = z.object({
  macros: z.array(z.object({ name: z.string(), active: z.boolean(), otj: z.boolean() })),
  /** null when the codec did not tell them. */
  users: z.array(z.string()).nullable(),
  /** Whether an account that we make is noted before it is made; not so in backups of older versions. */
  notesAccount: z.boolean().default(false),
  /** A layout is null where it was not told, and in backups of older versions. */
  panels: z.array(z.object({ id: z.string(), sha256: z.string(), layout: z.string().nullable().default(null) })),
  settings: z.record(z.string(), z.string().nullable()),
  /** null when the codec did not tell them; absent in backups of older versions of this program. */
  allowedHosts: z.array(z.string()).nullable().default(null),
  bookingIds: z.array(z.string()),
  /** Of the macros; null when the codec did not tell, and in backups of older versions. */
  runtime: z.enum(['running', 'stopped']).nullable().default(null),
});
type CodecState = z.infer<typeof stateSchema>;
const answerSchema = z.record(z.string(), z.unknown());

const STATE = { kind: 'state', name: 'codec' } as const;
/** Kind of the items that say whether a macro was active in the moment before it was removed. */
const TAKEN_STATE = 'taken-state';
/** Kind of the items that hold ids of meetings of the old service; in backups of older versions. */
const MEETINGS = 'meetings';
/** The codec's whole list of meetings: before the first change, and in the moment when the old macro was cut off. */
const BOOKINGS = 'bookings';
const AT_CUTOVER = 'cutover';
/** Kind of the items that name an account that we are about to make. */
const MADE = 'made';
/** Kind of the items that hold a value in the moment before it was changed: what an undo sets again. */
const CHANGED = 'changed';

export function backupOf(facts: CiscoFacts): BackupItem[] {
  const { macros, judgements, users, panels, panelAnswer, panelExport, settings, allowedHosts, bookings, runtime } =
    facts;
  const state: CodecState = {
    macros: (macros ?? []).map(({ name, active }, at) => ({ name, active, otj: judgements[at]?.verdict === 'otj' })),
    users: users?.map(({ username }) => username) ?? null,
    notesAccount: true,
    panels,
    settings,
    allowedHosts: allowedHosts?.map(({ expression }) => expression) ?? null,
    bookingIds: bookings.ids,
    runtime,
  };
  return [
    { ...STATE, content: JSON.stringify(state, null, 1) },
    ...(macros ?? []).map(({ name, content }) => ({ kind: 'macro', name, content })),
    ...(panels.length > 0 ? [panelItem(panelExport, panelAnswer)] : []),
    ...(bookings.ids.length > 0 ? [{ kind: BOOKINGS, name: 'codec', content: bookings.answer }] : []),
  ];
}

/** With their layouts, where the codec writes them out; else what its list tells. */
function panelItem(exported: string | null, listed: string): BackupItem {
  return exported === null
    ? { kind: 'panels', name: 'codec', content: listed }
    : { kind: 'panels', name: 'export', content: exported };
}

export function stateOf(baseline: Baseline | null): CodecState | null {
  const item = baseline?.items.find(({ kind, name }) => kind === STATE.kind && name === STATE.name);
  return item ? stateSchema.parse(JSON.parse(item.content)) : null;
}

/** A setting as it was before we changed it last; null when we did not. */
export function settingBefore(baseline: Baseline | null, path: SettingPath): string | null {
  return itemsOf(baseline, CHANGED).findLast(({ name }) => name === path)?.content ?? null;
}

export function changedSetting(path: SettingPath, before: string): BackupItem {
  return { kind: CHANGED, name: path, content: before };
}

/** Expressions that we took off the list of allowed hosts, in the order of the list. */
export function hostsTaken(baseline: Baseline | null): string[] {
  const taken = itemsOf(baseline, CHANGED).filter(({ name, content }) => name === NAMED.host(content));
  return [...new Set(taken.map(({ content }) => content))];
}

export function takenHost(expression: string): BackupItem {
  return { kind: CHANGED, name: NAMED.host(expression), content: expression };
}

/** Saved in the moment before a macro goes: its text, and whether it is active. */
export function takenMacro({ name, content, active }: Macro): BackupItem[] {
  return [
    { kind: TAKEN_STATE, name, content: active ? 'active' : 'inactive' },
    { kind: TAKEN, name, content },
  ];
}

/** Whether a macro was active when it was taken; backups of older versions tell only how it was at their beginning. */
export function wasActive(baseline: Baseline | null, name: string): boolean {
  const taken = itemsOf(baseline, TAKEN_STATE).findLast((item) => item.name === name);
  if (taken) return taken.content === 'active';
  return stateOf(baseline)?.macros.find((one) => one.name === name)?.active ?? false;
}

/** The list of meetings that the old macro left behind, saved when it ran no more. */
export function cutoverBookings({ answer }: Bookings): BackupItem {
  return { kind: BOOKINGS, name: AT_CUTOVER, content: answer };
}

/** As `cutoverBookings` saved it last; null when it did not. */
export function bookingsAtCutover(baseline: Baseline | null): Bookings | null {
  const item = itemsOf(baseline, BOOKINGS).findLast(({ name }) => name === AT_CUTOVER);
  return item ? bookingsIn(answerSchema.parse(JSON.parse(item.content))) : null;
}

/** Ids of all meetings that are known to be of the old service; null without a backup. */
export function savedMeetings(baseline: Baseline | null): string[] | null {
  const state = stateOf(baseline);
  const later = itemsOf(baseline, MEETINGS).flatMap(({ content }) => z.array(z.string()).parse(JSON.parse(content)));
  return state && [...state.bookingIds, ...later, ...(bookingsAtCutover(baseline)?.ids ?? [])];
}

export function madeAccount(username: string): BackupItem {
  return { kind: MADE, name: 'account', content: username };
}

/** Whether a user of this name on the codec is one that we made. */
export function isOurAccount(baseline: Baseline | null, username: string): boolean {
  const state = stateOf(baseline);
  if (state === null) return false;
  if (!state.notesAccount) return !state.users?.includes(username);
  return itemsOf(baseline, MADE).some(({ content }) => content === username);
}

/** All texts that were ever saved of a macro of this name. */
export function textsOf(baseline: Baseline | null, name: string): string[] {
  const texts = [...itemsOf(baseline, 'macro'), ...itemsOf(baseline, TAKEN)];
  return texts.filter((item) => item.name === name).map(({ content }) => content);
}

export function itemsOf(baseline: Baseline | null, kind: string): BackupItem[] {
  return (baseline?.items ?? []).filter((item) => item.kind === kind);
}
