/** Reading and writing the calendar settings of one Poly device, over whichever way it is spoken to. */
import { OtjError } from '../../../contract/errors.ts';
import { type Member, type NameSet, sameValue } from '../mapping.ts';
import type { PolyWay, SettingWrite } from '../way.ts';
import { GOOD_RESULT } from './replies.ts';

/** Values by setting name; null = the device told none, or it can never be read. */
export type SettingValues = Readonly<Record<string, string | null>>;

/** The members of a set that this device has: those named in `offered`. */
export function offeredMembers(set: NameSet, offered: readonly string[]): Member[] {
  return set.members.filter((member) => offered.includes(member.name));
}

/**
 * The readable values of these members. The password is left out of the question: it cannot be read.
 * @throws OtjError ODD_REPLY when a member is suddenly not there any more
 */
export async function readSettings(session: PolyWay, members: readonly Member[]): Promise<SettingValues> {
  const readable = members.filter((member) => member.type !== 'secret');
  const vars = await session.readNames(readable.map((member) => member.name));
  const values: Record<string, string | null> = {};
  for (const { name } of readable) {
    const found = vars.get(name.toLowerCase());
    if (found?.result !== GOOD_RESULT)
      throw new OtjError('ODD_REPLY', session.redactor.clean(`${name}: ${found?.result || 'not in the reply'}`));
    values[name] = found.value;
  }
  return values;
}

export interface WriteWatch {
  /** The device has taken this one. */
  took(name: string): void;
  /** It has told of each name what became of it. */
  answered(): void;
}

/** Names of readable members whose value is not the wished one. */
export function differing(members: readonly Member[], values: SettingValues, wished: SettingValues): string[] {
  return members
    .filter(({ type }) => type !== 'secret')
    .filter(
      ({ name, type }) => Object.hasOwn(wished, name) && !sameValue(type, values[name] ?? null, wished[name] ?? ''),
    )
    .map(({ name }) => name);
}

/**
 * Writes settings and checks the result of each name; HTTP 200 alone proves nothing.
 * @param watch told what becomes of each name, as soon as that is known
 * @returns whether the device now wants a restart
 * @throws OtjError REFUSED naming each setting that was not taken, ODD_REPLY when one has no result
 */
export async function writeSettings(
  session: PolyWay,
  writes: readonly SettingWrite[],
  watch?: WriteWatch,
): Promise<boolean> {
  const { vars, rebootNeeded } = await session.writeNames(writes, (name) => watch?.took(name));
  const results = writes.map(({ name }) => ({ name, result: vars.get(name.toLowerCase())?.result ?? '' }));
  const bad = results.filter(({ result }) => result !== GOOD_RESULT);
  for (const { name, result } of results) if (result === GOOD_RESULT) watch?.took(name);
  watch?.answered();
  if (bad.length === 0) return rebootNeeded;
  const words = bad.map(({ name, result }) => `${name}: ${result || 'no result'}`).join(', ');
  throw new OtjError(bad.some(({ result }) => result === '') ? 'ODD_REPLY' : 'REFUSED', session.redactor.clean(words));
}
