/** Restarts a device whose settings take effect only then, and sees it come back as the same one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asOtjError, OtjError } from '../../../contract/errors.ts';
import type { PolyWay } from '../way.ts';
import { callObstacle } from './fit.ts';
import type { SystemInfo } from './replies.ts';

/** A device takes minutes to come back (VideoOS: about three, by public clients); none was seen to take this long. */
export const RETURN_MS = 10 * 60_000;
/** Seconds by which its running time must have fallen behind the clock to prove a restart: it tells whole seconds. */
const FALLEN_BEHIND = 3;
/** What proves that nobody is there; a late answer does not. */
const AWAY: readonly string[] = ['UNREACHABLE', 'CONNECTION_LOST'];
/** What a device says to a restart that it does not do. */
const DENIED: readonly string[] = ['REFUSED', 'NOT_ADMIN'];
const STAYED = 'it never went away';
/** What a device that is on its way down or up may answer, and others too: it proves nothing. */
const ON_ITS_WAY: readonly string[] = ['ODD_REPLY', 'REFUSED', 'REST_OFF', 'RATE_LIMITED', 'NOT_ADMIN', 'HANDSHAKE'];

export interface RestartWait {
  everyMs: number;
  forMs: number;
}

/**
 * Asks for the restart once and waits until the device has been away and answers again.
 * @throws OtjError IN_CALL and IDENTITY_MISMATCH before it, RESTART_NEEDED when the device refuses it or never goes down,
 *   NOT_BACK when it does not come back in time, IDENTITY_MISMATCH when another device answers, LOGIN_REFUSED and
 *   TRUST_CHANGED of the new session
 */
export async function restartDevice(session: PolyWay, serial: string, { everyMs, forMs }: RestartWait): Promise<void> {
  if (!session.restart) throw new OtjError('INTERNAL', 'this way cannot restart a device');
  const before = await session.readSystem();
  mustBe(serial, before.serial, session);
  const obstacle = callObstacle(before);
  if (obstacle) throw obstacle;
  const began = performance.now();
  let wasAway = false;
  try {
    await session.restart();
  } catch (thrown) {
    // It may go down before it has answered, or half way through: whether it restarts is then seen, not guessed.
    const error = asOtjError(thrown);
    if (DENIED.includes(error.code)) throw new OtjError('RESTART_NEEDED', error.words, { cause: error });
    if (error.class !== 'unreachable' && error.code !== 'ODD_REPLY') throw thrown;
  }
  let last = STAYED;
  while (performance.now() - began < forMs) {
    await sleep(everyMs);
    try {
      const now = await session.readSystem();
      mustBe(serial, now.serial, session);
      const seconds = (performance.now() - began) / 1000;
      const isNew =
        now.uptime !== undefined && before.uptime !== undefined && now.uptime < before.uptime + seconds - FALLEN_BEHIND;
      if ((isNew || wasAway) && now.state !== 'STARTING') return;
      last = now.state === 'STARTING' ? 'it is starting' : STAYED;
    } catch (thrown) {
      const error = asOtjError(thrown);
      if (error.class !== 'unreachable' && !ON_ITS_WAY.includes(error.code)) throw thrown;
      wasAway ||= AWAY.includes(error.code);
      last = `${error.code} ${error.words ?? ''}`.trim();
    }
  }
  throw new OtjError(last === STAYED ? 'RESTART_NEEDED' : 'NOT_BACK', session.redactor.clean(last));
}

/** By its running time, which it tells in whole seconds. @param since epoch milliseconds */
export function hasRestarted({ uptime, state }: SystemInfo, since: number): boolean {
  return uptime !== undefined && state !== 'STARTING' && uptime + 1 < (Date.now() - since) / 1000;
}

function mustBe(serial: string, shown: string, { redactor }: PolyWay): void {
  if (shown !== serial) throw new OtjError('IDENTITY_MISMATCH', redactor.clean(`serial ${shown} instead of ${serial}`));
}
