/** The restart that makes a change of macros so, and whether the runtime comes up behind it. */
import { setTimeout as pause } from 'node:timers/promises';
import { TAKEN } from '../../../contract/device.ts';
import type { Seen, StepActions } from '../../driver.ts';
import { type LogLine, readMacroLog } from '../facts/macroLog.ts';
import { type RuntimeState, readRuntime } from '../facts/runtime.ts';
import { isProgram } from '../otj/program.ts';
import { itemsOf, stateOf } from '../plan/backup.ts';
import { STEP } from '../plan/ids.ts';
import { holds, lacks, problem } from './seen.ts';
import type { Visit } from './visit.ts';

/** How often a runtime that is not up yet is looked at, milliseconds: codecs bear 15 requests a second. */
const LOOK_EVERY_MS = 250;

/** How long a macro that is back may take until the engine has read it and logged what is wrong with it, milliseconds. */
const READ_WITHIN_MS = 1000;

/** What the restart of this visit has led to. */
interface Restarted {
  state: RuntimeState;
  /** New lines of the log; null = not told, or not asked for. */
  log: LogLine[] | null;
}

/**
 * A removed macro goes on running until the runtime restarts. The codec does not tell when that was, so the journal is
 * asked: a restart whose outcome is on record since the plan's macros went is not repeated.
 * @param after belongs to the step: what must be known of the moment behind the restart
 */
export function restartRuntime(visit: Visit, id: string, after?: () => Promise<void>): StepActions {
  const { support, facts } = visit;
  let done: Restarted | null = null;
  return {
    async inspect() {
      if (facts.settings['Macros Mode'] === 'Off') return holds('Macros Mode is Off: no macro runs');
      if (done) return outcomeOf(visit, done);
      if (stays(visit, id)) return holds('the macro runtime is stopped, as it was: no macro runs');
      return support.wasDone(id)
        ? holds('the runtime was restarted after the change')
        : lacks('not restarted since the change');
    },
    async apply() {
      // Only who puts macros back wants to know whether they can be run.
      const before = id === STEP.undoRuntime ? await readMacroLog(visit.xapi) : null;
      await visit.change('Macros Runtime Restart', {});
      // In one flight: it costs no time where it is up at once.
      const [first] = await Promise.all([readRuntime(visit.xapi), after?.()]);
      // Without a macro there is nothing to come up.
      const state = first === 'stopped' && (await activeOf(visit)).length > 0 ? await untilUp(visit) : first;
      if (before) await pause(READ_WITHIN_MS);
      const old = before && new Set(before.map(({ key }) => key));
      const log = old && (await readMacroLog(visit.xapi));
      done = { state, log: log && old && log.filter(({ key }) => !old.has(key)) };
    },
  };
}

/** Looks again until it runs, or has had its time. */
async function untilUp({ xapi, target }: Visit): Promise<RuntimeState> {
  const until = performance.now() + target.timeoutMs;
  for (;;) {
    await pause(LOOK_EVERY_MS);
    const state = await readRuntime(xapi);
    if (state !== 'stopped' || performance.now() > until) return state;
  }
}

async function outcomeOf(visit: Visit, { state, log }: Restarted): Promise<Seen> {
  const active = await activeOf(visit);
  const word =
    state === 'running'
      ? 'the runtime was restarted after the change, and runs'
      : 'the runtime was restarted after the change; the codec does not tell whether it runs';
  if (state === 'stopped')
    return active.length === 0
      ? holds('the runtime was restarted after the change; it does not run, for no macro is active')
      : problem('NOT_CONFIRMED', `the macro runtime does not run since its restart (${names(active)} should)`);
  const restored = new Map(itemsOf(visit.support.baseline, TAKEN).map(({ name, content }) => [name, content]));
  const errors = (log ?? []).filter(({ macro, isError }) => isError && restored.has(macro));
  const said = errors.map(({ macro, text }) => `${macro}: ${text}`).join('; ');
  // A text that is no program did not run before either: it is back as it was.
  if (errors.some(({ isUnread, macro }) => isUnread && isProgram(restored.get(macro) ?? '')))
    return problem('NOT_CONFIRMED', `a macro that is back does not run: ${said}`);
  return holds(said === '' ? word : `${word}. Macros Log: ${said}`);
}

async function activeOf(visit: Visit) {
  return (await visit.macros()).filter((macro) => macro.active);
}

function names(macros: readonly { name: string }[]): string {
  return macros.map(({ name }) => name).join(', ');
}

/**
 * A runtime that somebody has stopped is not started by us, but for one that was stopped by our own restart, which is
 * owed to the macros that stay; by an undo only where it ran before the move.
 */
function stays({ facts, support }: Visit, id: string): boolean {
  if (facts.runtime !== 'stopped') return false;
  const saved = stateOf(support.baseline)?.runtime;
  if (id === STEP.undoRuntime) return saved === 'stopped';
  return saved !== 'running' || support.meantAt(id) === null;
}
