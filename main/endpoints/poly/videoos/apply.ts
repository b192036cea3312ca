/** Carries out calendar writes on one Poly device, in an order that never mixes old and new service. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Accepted } from '../../../contract/device.ts';
import { OtjError } from '../../../contract/errors.ts';
import { readSwitch } from '../mapping.ts';
import type { PolyWay, SettingWrite } from '../way.ts';
import { type WriteWatch, writeSettings } from './calendar.ts';
import { stateObstacle } from './fit.ts';
import type { WriteOrder } from './plan.ts';
import type { CalendarState } from './status.ts';

/** How long a device may take to show that calendaring is off, and how often to look, milliseconds. */
const SETTLE = { forMs: 10_000, everyMs: 500 };

export interface WriteJob {
  session: PolyWay;
  /** The serial that the device must show before each write. */
  serial: string;
  writes: WriteOrder;
  /** What somebody has agreed to, a restart behind the writes among it. */
  accepted: readonly Accepted[];
  /** What the calendar was seen to be before. */
  before: CalendarState;
}

/**
 * What became of the calendar from before while it was switched off. Only after `left` does a registration prove anything:
 * what stayed goes on, and what was not told may.
 */
export type OldCalendar = 'left' | 'stayed' | 'not told';

export interface WriteOutcome {
  rebootNeeded: boolean;
  oldCalendar: OldCalendar;
  /** Of the settings that no calendar needs, those that the device refused, with its words. */
  refused: ReadonlyMap<string, string>;
}

/** What a device says to a single setting that it does not take. */
const NOT_TAKEN: readonly string[] = ['REFUSED', 'NOT_ADMIN', 'UNSUPPORTED'];

/**
 * Switches off, writes the values, switches on. Safe to repeat from any point; the step's next look reads it back.
 * @throws OtjError IDENTITY_MISMATCH, IN_CALL or RESTART_NEEDED (before the first write), REFUSED and those of the
 *   session; the words tell how far it came
 */
export async function writeCalendar(job: WriteJob): Promise<WriteOutcome> {
  const { session, writes } = job;
  const now = await session.readSystem();
  mustBe(job, now.serial);
  const obstacle = stateObstacle(now, job.accepted);
  if (obstacle) throw obstacle;

  const before = job.before === 'unknown' && (await showsNoList(session)) ? 'silent' : job.before;
  const record = new WriteRecord();
  const write = async (part: readonly SettingWrite[]) => {
    if (part.length === 0) return false;
    record.begin(part);
    return writeSettings(session, part, record);
  };
  try {
    let rebootNeeded = await write(writes.disable);
    // What counts only after a restart is not seen to end before it.
    const oldCalendar = rebootNeeded ? 'not told' : await seenToLeave(session, before);
    // From here on a call that begins does not stop the work: a device left switched off would be the worse end.
    await sameDevice(job);
    rebootNeeded = (await write(writes.values)) || rebootNeeded;
    if (writes.enable.length > 0) {
      await sameDevice(job);
      rebootNeeded = (await write(writes.enable)) || rebootNeeded;
    }
    const refused = new Map<string, string>();
    // One by one: some ways end a writing at the first refusal, or tell one for all.
    for (const one of writes.kept) {
      await sameDevice(job);
      try {
        rebootNeeded = (await write([one])) || rebootNeeded;
      } catch (thrown) {
        if (!(thrown instanceof OtjError) || !NOT_TAKEN.includes(thrown.code)) throw thrown;
        refused.set(one.name, thrown.words ?? thrown.code);
      }
    }
    return { rebootNeeded, oldCalendar, refused };
  } catch (thrown) {
    if (!(thrown instanceof OtjError)) throw thrown;
    const words = [thrown.words, record.words].filter(Boolean).join('; ');
    throw new OtjError(thrown.code, words, { cause: thrown });
  }
}

/** What became of the settings of one job, by the device's own word. */
class WriteRecord implements WriteWatch {
  readonly #taken: string[] = [];
  /** Of the request under way: whether they were taken is not known yet. */
  #open: readonly SettingWrite[] = [];

  begin(part: readonly SettingWrite[]): void {
    this.#open = part;
  }

  took(name: string): void {
    const write = this.#open.find((one) => one.name === name);
    if (!write) return;
    // Only a switch is told with its value: it is written twice.
    this.#taken.push(readSwitch(write.value) === undefined ? name : `${name} ${write.value}`);
    this.#open = this.#open.filter((one) => one !== write);
  }

  answered(): void {
    this.#open = [];
  }

  /** For people; what the device refused by name is told by its refusal. */
  get words(): string {
    const isOpen = this.#open.length > 0;
    return [
      this.#taken.length > 0 ? `taken: ${this.#taken.join(', ')}` : isOpen ? '' : 'no setting was taken',
      isOpen ? `not known whether taken: ${this.#open.map(({ name }) => name).join(', ')}` : '',
    ]
      .filter(Boolean)
      .join('; ');
  }
}

/** Not every way keeps a lasting link to a device: an address may change hands between two requests. */
async function sameDevice(job: WriteJob): Promise<void> {
  mustBe(job, await job.session.readSerial());
}

function mustBe({ session, serial }: WriteJob, shown: string): void {
  if (shown !== serial)
    throw new OtjError('IDENTITY_MISMATCH', session.redactor.clean(`serial ${shown} instead of ${serial}`));
}

/** Where the calendar is seen by nothing, there is nothing to wait for either. */
async function showsNoList(session: PolyWay): Promise<boolean> {
  return session.proof !== 'none' && (await session.readMeetings()) === null;
}

/** Nothing of these can stay. */
const QUIET: readonly (CalendarState | 'silent')[] = ['off', 'down', 'refused'];

/**
 * Waits until nothing proves or claims a registration any more. A device may tell nothing for a moment, busy with the write.
 * @param before what the calendar was seen to be; silent = neither a word nor a list
 */
async function seenToLeave(session: PolyWay, before: CalendarState | 'silent'): Promise<OldCalendar> {
  // Nothing of the device is taken for a proof there.
  if (session.proof === 'none') return 'left';
  const end = Date.now() + SETTLE.forMs;
  for (;;) {
    let seen: OldCalendar = 'stayed';
    const status = await session.readStatus();
    const isSilent = status.state === 'unknown';
    if (isSilent || (status.state !== 'registered' && status.state !== 'claimed')) {
      // Where no word tells it, only a list that is seen to be empty does.
      if (!isSilent && session.proof !== 'meetings') return 'left';
      const listed = await session.readMeetings();
      if (listed === 0 || (!isSilent && listed === null)) return 'left';
      if (listed === null && QUIET.includes(before)) return 'left';
      if (listed === null) seen = 'not told';
    }
    if (Date.now() >= end || (seen === 'not told' && before === 'silent')) return seen;
    await sleep(SETTLE.everyMs);
  }
}
