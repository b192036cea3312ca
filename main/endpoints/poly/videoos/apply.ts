/** Carries out calendar writes on one Poly device, in an order that never mixes old and new service. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OtjError } from '../../../contract/errors.ts';
import type { Member } from '../mapping.ts';
import type { PolyWay } from '../way.ts';
import { differing, readSettings, type SettingValues, writeSettings } from './calendar.ts';
import { stateObstacle } from './fit.ts';
import type { WriteOrder } from './plan.ts';
import type { SystemInfo } from './replies.ts';

/** How long a device may take to show that calendaring is off, and how often to look, milliseconds. */
const SETTLE = { forMs: 10_000, everyMs: 500 };

export interface WriteJob {
  session: PolyWay;
  /** The serial that the device must show before each write. */
  serial: string;
  members: readonly Member[];
  writes: WriteOrder;
  /** What all readable members must be at the end. */
  wished: SettingValues;
  /** Whether the calendar was registered or claimed to be; then that must be seen to end when it is switched off. */
  wasRegistered: boolean;
}

export interface WriteOutcome {
  rebootNeeded: boolean;
  /** What proves a registration was there even while calendaring was off, so that it proves nothing for a while. */
  statusIsStale: boolean;
}

/**
 * Switches off, writes the values, switches on, reads back. Safe to repeat from any point.
 * @throws OtjError IDENTITY_MISMATCH, IN_CALL or RESTART_NEEDED (before the first write), REFUSED, NOT_CONFIRMED and
 *   those of the session; the words tell how far it came
 */
export async function writeCalendar(job: WriteJob): Promise<WriteOutcome> {
  const { session, writes, members, wished } = job;
  const obstacle = stateObstacle(await sameDevice(job));
  if (obstacle) throw obstacle;

  let rebootNeeded = await writeSettings(session, writes.disable);
  let done = 'calendaring has been switched off, no other setting is known to be changed';
  try {
    const statusIsStale = job.wasRegistered && !(await seenToLeave(session));
    // From here on a call that begins does not stop the work: a device left switched off would be the worse end.
    await sameDevice(job);
    rebootNeeded = (await writeSettings(session, writes.values)) || rebootNeeded;
    done = 'the values have been written, calendaring is still off';
    if (writes.enable.length > 0) {
      await sameDevice(job);
      rebootNeeded = (await writeSettings(session, writes.enable)) || rebootNeeded;
    }
    done = 'all settings have been written';
    const wrong = differing(members, await readSettings(session, members), wished);
    if (wrong.length > 0) throw new OtjError('NOT_CONFIRMED', `reads back otherwise: ${wrong.join(', ')}`);
    return { rebootNeeded, statusIsStale };
  } catch (thrown) {
    if (!(thrown instanceof OtjError)) throw thrown;
    throw new OtjError(thrown.code, [thrown.words, done].filter(Boolean).join('; '), { cause: thrown });
  }
}

/** Not every way keeps a lasting link to a device: an address may change hands between two requests. */
async function sameDevice({ session, serial }: WriteJob): Promise<SystemInfo> {
  const now = await session.readSystem();
  if (now.serial !== serial)
    throw new OtjError('IDENTITY_MISMATCH', session.redactor.clean(`serial ${now.serial} instead of ${serial}`));
  return now;
}

/** Waits until nothing proves or claims a registration any more; false when something keeps doing so. */
async function seenToLeave(session: PolyWay): Promise<boolean> {
  const end = Date.now() + SETTLE.forMs;
  for (;;) {
    const { state } = await session.readStatus();
    const isGone = state !== 'registered' && state !== 'claimed';
    if (isGone && (session.proof !== 'meetings' || !(await session.readMeetings()))) return true;
    if (Date.now() >= end) return false;
    await sleep(SETTLE.everyMs);
  }
}
