/** The steps that restart a device behind a writing, and what a restart that is still to come means to the others. */
import { OtjError } from '../../../contract/errors.ts';
import type { StepActions } from '../../driver.ts';
import type { PolyWay } from '../way.ts';
import type { BindContext, Memory } from './context.ts';
import { STEP } from './plan.ts';
import { hasRestarted, RETURN_MS, restartDevice } from './restart.ts';

/**
 * Once behind each writing; a device that was restarted since an earlier visit's writing is left alone. So is one that
 * nobody saw come back, such as with another certificate: its running time tells that it has restarted since it was asked.
 */
export function restartStep({ session, facts, support, wait }: BindContext, memory: Memory): StepActions {
  return {
    async inspect() {
      if (memory.restarted) return { holds: true, words: 'restarted, and back as the same device' };
      if (!memory.written && support.wasDone(STEP.restart))
        return { holds: true, words: 'was restarted when the settings had been written' };
      const asked = memory.written ? null : support.meantAt(STEP.restart);
      if (asked !== null && hasRestarted(await session.readSystem(), asked))
        return { holds: true, words: 'has restarted since it was asked to, and is the same device' };
      return { holds: false, words: 'not restarted since the settings were written' };
    },
    async apply() {
      const { everyMs } = wait;
      await restartDevice(session, facts.identity.serial, { everyMs, forMs: RETURN_MS });
      memory.restarted = true;
    },
  };
}

/**
 * Only where the device says that it needs it, which is read anew: so whoever restarted it, and whatever was cut off in
 * between, its own word decides. Without somebody's agreement the step only looks, and stops the room.
 */
export function restartIfAskedStep({ session, facts, wish, support, wait }: BindContext, memory: Memory): StepActions {
  const isAgreed = wish.accepted.includes('restart');
  return {
    async inspect() {
      if (!session.restart) return { holds: true, words: 'this way does not tell of a restart, and none is made' };
      const now = await session.readSystem();
      const asks = now.rebootNeeded || memory.written?.rebootNeeded === true;
      const shows = isSilent(session) && memory.oldCalendar === 'stayed';
      if (asks || shows) {
        const who = isAgreed ? '' : ', and nobody has agreed to one';
        const words = memory.restarted
          ? 'was restarted, and asks for a restart again'
          : `${asks ? 'the device asks for a restart' : SHOWN}${who}`;
        return { holds: false, words, problem: new OtjError('RESTART_NEEDED', words) };
      }
      if (isSilent(session) && !memory.restarted) return { holds: true, words: NOT_SHOWN };
      if (memory.restarted) return { holds: true, words: 'restarted, and back as the same device' };
      const meant = memory.written ? null : support.meantAt(STEP.restartIfAsked);
      return meant !== null && hasRestarted(now, meant)
        ? { holds: true, words: 'has restarted since it was asked to, and is the same device' }
        : { holds: true, words: 'the device asks for no restart' };
    },
    ...(isAgreed
      ? {
          async apply() {
            await restartDevice(session, facts.identity.serial, { everyMs: wait.everyMs, forMs: RETURN_MS });
            memory.restarted = true;
            // Whatever it says from here on comes of the settings that it has started with.
            if (memory.written) memory.written = { rebootNeeded: false };
            memory.oldCalendar = 'left';
          },
        }
      : {}),
  };
}

/** Where settings wait for a restart, the calendar may still be the one from before them: its word proves nothing. */
export async function waitsForRestart({ session, mapping }: BindContext): Promise<boolean> {
  return (
    mapping.restart?.when === 'asked' && session.restart !== undefined && (await session.readSystem()).rebootNeeded
  );
}

/** On a command line nothing is asked for: a calendar that goes on while it is switched off still has the settings from before. */
const SHOWN =
  'the calendar went on while it was switched off: the settings seem to count after a restart only; one that is made by hand cannot be seen on this way';
const NOT_SHOWN = 'nothing shows that a restart is needed, and this way does not tell of one';

function isSilent({ tellsRestart }: PolyWay): boolean {
  return tellsRestart === false;
}

/** Whether it has restarted since an earlier visit asked for that behind its writing: all that it shows is newer than that. */
export async function hasStartedAnew({ session, support }: BindContext): Promise<boolean> {
  const asked = support.meantAt(STEP.restartIfAsked);
  return asked !== null && hasRestarted(await session.readSystem(), asked);
}

/** Why a calendar may stay away where the device does not tell it. */
export function hintOfRestart({ session, mapping }: BindContext, { written, restarted }: Memory): string {
  const mayWait = mapping.restart?.when === 'asked' && isSilent(session) && written !== null && !restarted;
  return mayWait ? 'the settings may wait for a restart, of which this way does not tell' : '';
}
