/** Reading and writing the calendar settings and the calendar's state on one VideoOS device. */
import { OtjError } from '../../../contract/errors.ts';
import { type Member, type NameSet, sameValue } from '../mapping.ts';
import {
  type ConfigVars,
  GOOD_RESULT,
  parseCalendarRow,
  parseCalendarService,
  parseConfig,
  parseMeetings,
  parseSystem,
  type SystemInfo,
} from './replies.ts';
import type { RestSession } from './session.ts';
import { type CalendarStatus, judgeService, judgeStatus } from './status.ts';

/** Values by setting name; null = the device told none, or it can never be read. */
export type SettingValues = Readonly<Record<string, string | null>>;

export interface SettingWrite {
  name: string;
  value: string;
}

/** `GET /rest/system`. */
export function readSystem(session: RestSession): Promise<SystemInfo> {
  return session.read({ path: '/rest/system' }, parseSystem);
}

/** Reads settings by name in one round trip; what the device does not know is not in the answer. */
export async function readVars(session: RestSession, names: readonly string[]): Promise<ConfigVars> {
  return (await session.read({ path: '/rest/config', body: { names } }, parseConfig)).vars;
}

/** The members of a set that this device has: those named in `offered`. */
export function offeredMembers(set: NameSet, offered: readonly string[]): Member[] {
  return set.members.filter((member) => offered.includes(member.name));
}

/**
 * The readable values of these members. The password is left out of the question: it cannot be read.
 * @throws OtjError ODD_REPLY when a member is suddenly not there any more
 */
export async function readSettings(session: RestSession, members: readonly Member[]): Promise<SettingValues> {
  const readable = members.filter((member) => member.type !== 'secret');
  const vars = await readVars(
    session,
    readable.map((member) => member.name),
  );
  const values: Record<string, string | null> = {};
  for (const { name } of readable) {
    const found = vars.get(name.toLowerCase());
    if (found?.result !== GOOD_RESULT)
      throw new OtjError('ODD_REPLY', session.redactor.clean(`${name}: ${found?.result || 'not in the reply'}`));
    values[name] = found.value;
  }
  return values;
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
 * Writes settings in one request and checks the result of each name; HTTP 200 alone proves nothing.
 * @returns whether the device now wants a restart
 * @throws OtjError REFUSED naming each setting that was not taken, ODD_REPLY when one has no result
 */
export async function writeSettings(session: RestSession, writes: readonly SettingWrite[]): Promise<boolean> {
  const { vars, rebootNeeded } = await session.read({ path: '/rest/config', body: { vars: writes } }, parseConfig);
  const results = writes.map(({ name }) => ({ name, result: vars.get(name.toLowerCase())?.result ?? '' }));
  const bad = results.filter(({ result }) => result !== GOOD_RESULT);
  if (bad.length === 0) return rebootNeeded;
  const words = bad.map(({ name, result }) => `${name}: ${result || 'no result'}`).join(', ');
  const taken = results.length - bad.length;
  throw new OtjError(
    bad.some(({ result }) => result === '') ? 'ODD_REPLY' : 'REFUSED',
    session.redactor.clean(`${words}; ${taken} of ${results.length} settings were taken`),
  );
}

/**
 * The state of the calendar registration: the service's own word, and the status row where that word proves nothing.
 * Devices without either resource give `unknown`, never a guess.
 */
export async function readStatus(session: RestSession): Promise<CalendarStatus> {
  const service = await session.readIfOffered({ path: '/rest/calendar' }, parseCalendarService);
  const alone = judgeService(service);
  if (alone) return alone;
  const row = await session.readIfOffered({ path: '/rest/system/status' }, parseCalendarRow);
  const status = judgeStatus(service, row ?? []);
  return { ...status, words: session.redactor.clean(status.words) };
}

/** How many meetings the device lists, asked for at most one. */
export function readMeetings(session: RestSession): Promise<number> {
  return session.read({ path: '/rest/calendar/meetings?number=1' }, parseMeetings);
}
