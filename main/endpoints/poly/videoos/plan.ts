/** Which steps bring a Poly device to the wish, and which bring it back. Pure: same facts, same plan. */

import type { Baseline } from '../../../contract/device.ts';
import { OtjError } from '../../../contract/errors.ts';
import type { Change, PlannedStep } from '../../../contract/plan.ts';
import type { Wish } from '../../driver.ts';
import { findSet, type Member, memberOf, type NameSet, type PolyMapping, readSwitch, sameValue } from '../mapping.ts';
import type { SettingWrite } from '../way.ts';
import { type SavedCalendar, savedCalendar } from './backup.ts';
import { offeredMembers, type SettingValues } from './calendar.ts';
import type { PolyFacts } from './facts.ts';

export const STEP = {
  fit: 'check.fit',
  set: 'calendar.set',
  registered: 'calendar.registered',
  meeting: 'calendar.meeting',
  undoFit: 'check.undo',
  restart: 'device.restart',
  restartIfAsked: 'device.restart-if-asked',
  restore: 'calendar.restore',
  restored: 'calendar.restored',
} as const;

/** The steps of a migration; only the check when the device offers no settings that we know. */
export function planMigration(mapping: PolyMapping, facts: PolyFacts, wish: Wish): PlannedStep[] {
  const fit: PlannedStep = {
    id: STEP.fit,
    stage: 'check',
    title: 'Check that the device is free and takes these calendar settings',
    changes: [],
  };
  const chosen = chosenSet(mapping, facts);
  if (!chosen) return [fit];
  return [
    fit,
    {
      id: STEP.set,
      stage: 'cutover',
      title: 'Point the calendar at the Conferencing Node',
      changes: changesOf(chosen.members, facts.calendar.values, wishedValues(chosen.set, chosen.members, wish)),
    },
    ...restartOf(mapping),
    { id: STEP.registered, stage: 'proof', title: 'Wait until the calendar is registered', changes: [] },
    { id: STEP.meeting, stage: 'proof', title: 'See what meetings the device lists', changes: [] },
  ];
}

/**
 * The steps of an undo.
 * @throws OtjError BACKUP_MISSING when the baseline holds no readable calendar settings
 */
export function planRestore(mapping: PolyMapping, facts: PolyFacts, wish: Wish, baseline: Baseline): PlannedStep[] {
  const saved = savedCalendar(baseline);
  if (!saved) throw new OtjError('BACKUP_MISSING', 'no calendar settings in the backup');
  const fit: PlannedStep = {
    id: STEP.undoFit,
    stage: 'check',
    title: 'Check that the device is free and takes its old calendar settings',
    changes: [],
  };
  const chosen = chosenSet(mapping, facts);
  if (chosen?.set.id !== saved.set) return [fit];
  const { old, password } = restoredValues(chosen.set, chosen.all, saved, wish);
  const now = facts.calendar.values;
  const members = chosen.all.filter(({ role, name, type }) => {
    if (type === 'secret') return password !== null;
    // What no move has touched is shown where somebody has changed it since.
    return Object.hasOwn(old, name) && (role !== 'kept' || !sameValue(type, now[name] ?? null, old[name] ?? null));
  });
  return [
    fit,
    {
      id: STEP.restore,
      stage: 'cutover',
      title: 'Put the old calendar settings back',
      changes: changesOf(members, facts.calendar.values, old, [
        'current password (unreadable)',
        'old password (typed)',
      ]),
    },
    ...restartOf(mapping),
    { id: STEP.restored, stage: 'proof', title: 'See that the old calendar is back', changes: [] },
  ];
}

function restartOf({ restart }: PolyMapping): PlannedStep[] {
  if (!restart) return [];
  if (restart.when === 'asked') {
    const title = 'Restart the device if it asks for that and somebody has agreed, and wait until it is back';
    return [{ id: STEP.restartIfAsked, stage: 'cutover', title, changes: [] }];
  }
  const title = 'Restart the device, so that the settings take effect, and wait until it is back';
  return [{ id: STEP.restart, stage: 'cutover', title, changes: [] }];
}

export interface Chosen {
  set: NameSet;
  /** What a move writes and looks at. */
  members: Member[];
  /** With those that are only saved and put back. */
  all: Member[];
}

/** The set that the device offers and its members there; null when there is none. */
export function chosenSet(mapping: PolyMapping, facts: PolyFacts): Chosen | null {
  const set = facts.calendar.set === null ? undefined : findSet(mapping, facts.calendar.set);
  if (!set) return null;
  const all = offeredMembers(set, facts.calendar.offered);
  return { set, all, members: all.filter(({ role }) => role !== 'kept') };
}

function changesOf(
  members: readonly Member[],
  before: SettingValues,
  after: SettingValues,
  [oldSecret, newSecret] = ['old password (unreadable)', 'new password (sealed)'],
): Change[] {
  return members.map(({ name, type }) =>
    type === 'secret'
      ? { setting: name, before: oldSecret ?? null, after: newSecret ?? null }
      : { setting: name, before: before[name] ?? null, after: after[name] ?? null },
  );
}

/** What every readable member is to be. The password is not in it. */
export function wishedValues(set: NameSet, members: readonly Member[], wish: Wish): SettingValues {
  const values: Record<string, string | null> = {};
  for (const member of members) if (member.type !== 'secret') values[member.name] = wishedValue(set, member, wish);
  return values;
}

function wishedValue(set: NameSet, member: Member, wish: Wish): string {
  const plain = plainValue(set, member, wish);
  return member.form === undefined || plain === '' ? plain : member.form.replaceAll('{}', () => plain);
}

function plainValue(set: NameSet, member: Member, wish: Wish): string {
  switch (member.role) {
    case 'enabled':
      return set.true;
    case 'server':
      return wish.server ?? '';
    case 'mailbox':
      return wish.mailbox;
    case 'username':
      return wish.login.username;
    case 'password':
      return wish.login.password;
    default:
      return member.fixed ?? '';
  }
}

/** What to write in which order: off first, so that the device never signs in with a mixture; on as the last. */
export interface WriteOrder {
  disable: SettingWrite[];
  values: SettingWrite[];
  /** Empty when calendaring is to stay off. */
  enable: SettingWrite[];
  /** What no calendar needs: behind all else, and a refusal of it stops nothing. */
  kept: SettingWrite[];
}

/**
 * Without values that already read so: a device may refuse what it need not even be told, such as an empty domain. The
 * switch is always written, and so is the password, which cannot be read.
 */
export function withoutSame(order: WriteOrder, members: readonly Member[], seen: SettingValues): WriteOrder {
  const isSame = ({ name, value }: SettingWrite) => {
    const type = members.find((member) => member.name === name)?.type;
    return (
      type !== undefined && type !== 'secret' && Object.hasOwn(seen, name) && sameValue(type, seen[name] ?? null, value)
    );
  };
  const differs = (write: SettingWrite) => !isSame(write);
  return { ...order, values: order.values.filter(differs), kept: order.kept.filter(differs) };
}

/** The writes of a migration. */
export function migrationWrites(set: NameSet, members: readonly Member[], wish: Wish): WriteOrder {
  const { name } = memberOf(set, 'enabled');
  return {
    disable: [{ name, value: set.false }],
    values: members
      .filter(({ role }) => role !== 'enabled')
      .map((member) => ({ name: member.name, value: wishedValue(set, member, wish) })),
    enable: [{ name, value: set.true }],
    kept: [],
  };
}

export interface Restored {
  /** Readable values as they were. */
  old: SettingValues;
  /** The old password to write; null when nobody knows it. */
  password: string | null;
  /** Whether calendaring was on. */
  enabled: boolean;
}

/** What an undo brings back. A calendar that was off needs no password. */
export function restoredValues(set: NameSet, members: readonly Member[], saved: SavedCalendar, wish: Wish): Restored {
  const old: Record<string, string | null> = {};
  for (const { name, type } of members)
    if (type !== 'secret' && Object.hasOwn(saved.values, name)) old[name] = saved.values[name] ?? null;
  const enabled = readSwitch(old[memberOf(set, 'enabled').name]) === true;
  return { old, password: wish.oldPassword || null, enabled };
}

/** The writes of an undo. */
export function restoreWrites(set: NameSet, restored: Restored): WriteOrder {
  const { name } = memberOf(set, 'enabled');
  const all = Object.entries(restored.old)
    .filter((entry): entry is [string, string] => entry[0] !== name && entry[1] !== null)
    .map(([setting, value]) => ({ name: setting, value }));
  const isKept = ({ name: setting }: SettingWrite) =>
    set.members.some((member) => member.name === setting && member.role === 'kept');
  const values = all.filter((write) => !isKept(write));
  if (restored.password !== null) values.push({ name: memberOf(set, 'password').name, value: restored.password });
  const wasOff = restored.old[name] ?? set.false;
  return {
    disable: [{ name, value: restored.enabled ? set.false : wasOff }],
    values,
    enable: restored.enabled ? [{ name, value: restored.old[name] ?? set.true }] : [],
    kept: all.filter(isKept),
  };
}
