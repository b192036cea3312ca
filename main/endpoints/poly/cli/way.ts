/** The command line of a RealPresence Group as a way to speak to it: variables by name, through their commands. */
import { asOtjError, OtjError } from '../../../contract/errors.ts';
import type { Link } from '../../driver.ts';
import type { Redactor } from '../../redact.ts';
import { isNoWay } from '../../transports/loginOutcome.ts';
import type { Registration } from '../mapping.ts';
import { type ConfigVar, type ConfigVars, GOOD_RESULT, type SystemInfo } from '../videoos/replies.ts';
import type { CalendarStatus } from '../videoos/status.ts';
import type { PolyWay } from '../way.ts';
import { cliSetting, readCommand, storedValue, writeCommand } from './commands.ts';
import { readingsOf } from './localTime.ts';
import { judgeError, parseWhoami, versionIn, WHOAMI_END, type Whoami } from './replies.ts';
import type { CliSession } from './session.ts';
import type { Started } from './start.ts';

/** After the last line of an answer whose end has no sign, milliseconds. */
const QUIET_MS = 700;
/** `status` tells one row for each part and closes with this line; the words of the row for calls are online and offline. */
const STATUS_END = /^status end/i;
const IN_CALL = /^inacall\s+(\w+)/i;
const MANAGER = /^provisioning\s+(\w+)/i;
/** Integrator's Reference Manual for the Group Series: `callinfo` and `calendarmeetings`. */
const NO_CALL = /^system is not in a call/i;
const CALLS_END = /^callinfo end/i;
const MEETINGS_END = /^calendarmeetings list end/i;
const MEETING = /^meeting\|/i;
/** Restarts without a question, by the maker's integrator guide. */
const REBOOT = 'reboot now';
/** Told in place of a state where the device has no command for it. */
const UNKNOWN_STATE = 'CALL_STATE_NOT_TOLD';
/** Logins after lost connections in one visit; more is no link to work over. */
const MOST_REVIVALS = 3;

/** @param reopen logs in anew, once the device was restarted */
export function cliWay(
  started: Started,
  link: Link,
  registration: Registration,
  reopen: (redactor: Redactor) => Promise<Started>,
): PolyWay {
  let { session } = started;
  const { redactor } = session;
  /** One connection until a restart: who answered at its start answers to its end. */
  let who: Heard | null = known(started.whoami);
  let wasRestarted = false;
  /** Set while the device is on its way: the next look logs in. */
  let isAway = false;
  /** Of the newest list of states, its row on a management server. */
  let manager: string[] | undefined;

  let revivals = 0;

  async function open(): Promise<void> {
    const fresh = await reopen(redactor);
    session = fresh.session;
    who = known(fresh.whoami);
    isAway = false;
  }

  async function look(): Promise<SystemInfo> {
    if (isAway) await open();
    who ??= await identify(session);
    const { state, manager: told } = await statesOf(session);
    manager = told;
    return { ...systemOf(who), state };
  }

  return {
    link,
    redactor,
    proof: 'meetings',
    tellsRestart: false,
    async readSystem() {
      try {
        return await look();
      } catch (thrown) {
        // The old connection may outlive the command by a moment.
        if (wasRestarted && asOtjError(thrown).class === 'unreachable') isAway = true;
        throw thrown;
      }
    },
    async readSerial() {
      who ??= await identify(session);
      return who.serial;
    },
    // No command for either of them was seen.
    readAbout: async () => ({ mac: null, deviceMode: null }),
    async readNames(names) {
      const vars = new Map<string, ConfigVar>();
      for (const name of names) {
        const found = await readName(session, name);
        if (found) vars.set(name.toLowerCase(), found);
      }
      return vars;
    },
    spell(name, value) {
      const setting = cliSetting(name);
      return setting ? storedValue(setting, value) : value;
    },
    async writeNames(writes, took) {
      const vars = new Map<string, ConfigVar>();
      for (const { name, value } of writes) {
        const setting = cliSetting(name);
        if (!setting) throw new OtjError('NAMES_UNKNOWN', `${name} has no command`);
        if (setting.secret) redactor.add(value);
        const answer = await session.ask(writeCommand(setting, value), true);
        const result = answer.kind === 'answer' ? GOOD_RESULT : answer.words || 'refused';
        vars.set(name.toLowerCase(), { value: null, result, editable: undefined });
        if (result === GOOD_RESULT) took?.(name);
        else return { vars: notSent(vars, writes), rebootNeeded: false };
      }
      return { vars, rebootNeeded: false };
    },
    async readStatus() {
      const answer = await session.ask('calendarstatus get');
      const told = manager ? { manager } : {};
      if (answer.kind === 'error')
        return { state: 'unknown', words: redactor.clean(`calendarstatus: ${answer.words}`), ...told };
      return { ...judgeWord(answer.value, registration), ...told };
    },
    async readMeetings() {
      const { lines, error } = await session.block('calendarmeetings list "today"', (line) => MEETINGS_END.test(line));
      return error === null ? lines.filter((line) => MEETING.test(line)).length : null;
    },
    readExport: async () => null,
    async talk(line) {
      const { lines, error } = await session.block(line, null, QUIET_MS);
      return error === null ? lines : [`error: ${error}`];
    },
    async restart() {
      wasRestarted = true;
      try {
        const answer = await session.ask(REBOOT, true);
        if (answer.kind === 'error') throw new OtjError('REFUSED', redactor.clean(`${REBOOT}: ${answer.words}`));
      } catch (thrown) {
        isAway = asOtjError(thrown).class === 'unreachable';
        throw thrown;
      }
    },
    get mayRevive() {
      return revivals < MOST_REVIVALS;
    },
    async revive() {
      if (!session.isOver) return;
      const before = who;
      try {
        await open();
        revivals++;
      } catch (thrown) {
        // Where nobody was there, no password went out.
        if (!isNoWay(asOtjError(thrown)) && asOtjError(thrown).code !== 'UNREACHABLE') revivals++;
        throw thrown;
      }
      who ??= await identify(session);
      if (before && who.serial !== before.serial)
        throw new OtjError('IDENTITY_MISMATCH', redactor.clean(`serial ${who.serial} instead of ${before.serial}`));
    },
    async close() {
      session.close();
    },
  };
}

/** What `whoami` told, and what its clock may have meant when that was heard. */
interface Heard extends Whoami {
  clock: readonly number[];
  heardAt: number;
}

function known(whoami: Whoami): Heard | null {
  const heardAt = Date.now();
  return whoami.serial ? { ...whoami, clock: readingsOf(whoami.localTime, heardAt), heardAt } : null;
}

/**
 * The command line folds "configured" and "registered" into one word, and "wrong password" and "server down" into the
 * other: neither is more than a claim.
 */
export function judgeWord(word: string, { command = {} }: Registration): CalendarStatus {
  const key = word.trim().toLowerCase();
  const state = Object.hasOwn(command, key) ? command[key] : undefined;
  const words = `calendarstatus ${word}`;
  if (state === 'underway' || state === 'registered') return { state: 'claimed', words };
  return { state: state ?? 'unknown', words };
}

async function identify(session: CliSession): Promise<Heard> {
  const { lines, error } = await session.block('whoami', (line) => WHOAMI_END.test(line), QUIET_MS);
  const who = known(parseWhoami(lines));
  if (error === null && who) return who;
  throw new OtjError('ODD_REPLY', session.redactor.clean(`whoami: ${error ?? 'no serial number'}`));
}

/** `status` has a row for it; a device without that row may have the older command. */
async function statesOf(session: CliSession): Promise<{ state: string; manager: string[] | undefined }> {
  const status = await session.block('status', (line) => STATUS_END.test(line));
  const wordOf = (row: RegExp) => status.lines.flatMap((line) => row.exec(line)?.[1]?.toLowerCase() ?? []).slice(0, 1);
  const manager = wordOf(MANAGER);
  const told = manager.length > 0 ? manager : undefined;
  const [word] = wordOf(IN_CALL);
  if (word) return { state: word === 'offline' ? 'READY' : 'IN_CALL', manager: told };
  const { lines, error } = await session.block('callinfo all', (line) => NO_CALL.test(line) || CALLS_END.test(line));
  if (error !== null) return { state: UNKNOWN_STATE, manager: told };
  return { state: lines.some((line) => NO_CALL.test(line)) ? 'READY' : 'IN_CALL', manager: told };
}

function systemOf({ serial, model, software, systemName, clock, heardAt }: Heard): Omit<SystemInfo, 'state'> {
  const since = Date.now() - heardAt;
  return {
    serial,
    model,
    software: versionIn(software),
    systemName,
    rebootNeeded: false,
    ...(clock.length > 0 ? { clock: clock.map((time) => time + since) } : {}),
  };
}

/** null = the command line has no command for it. @throws OtjError NOT_ADMIN and those of the link */
async function readName(session: CliSession, name: string): Promise<ConfigVar | null> {
  const setting = cliSetting(name);
  if (!setting) return null;
  // It has a setter and no getter, and comes with the others in the device's table.
  if (setting.secret) return { value: null, result: GOOD_RESULT, editable: undefined };
  const answer = await session.ask(readCommand(setting));
  if (answer.kind === 'answer')
    return { value: storedValue(setting, answer.value), result: GOOD_RESULT, editable: undefined };
  if (judgeError(answer.words) === 'rights')
    throw new OtjError('NOT_ADMIN', session.redactor.clean(`${setting.root}: ${answer.words}`));
  return { value: null, result: answer.words || 'refused', editable: undefined };
}

/** What stands behind a refused write was not sent, and is told so. */
function notSent(done: ReadonlyMap<string, ConfigVar>, writes: readonly { name: string }[]): ConfigVars {
  const all = new Map(done);
  for (const { name } of writes)
    if (!all.has(name.toLowerCase()))
      all.set(name.toLowerCase(), { value: null, result: 'not sent', editable: undefined });
  return all;
}
