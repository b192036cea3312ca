/** Taking macros and putting them back, and the restart that makes it so. */
import { TAKEN } from '../../../contract/device.ts';
import { OtjError } from '../../../contract/errors.ts';
import type { StepActions } from '../../driver.ts';
import type { Macro } from '../otj/judge.ts';
import { textHash } from '../otj/texts.ts';
import { itemsOf, stateOf, takenMacro, wasActive } from '../plan/backup.ts';
import { STEP } from '../plan/ids.ts';
import { isInTheWay } from '../plan/take.ts';
import { holds, lacks } from './seen.ts';
import type { Visit } from './visit.ts';

export function removeMacro(visit: Visit, name: string): StepActions {
  return {
    async inspect() {
      const macro = await visit.macro(name);
      return macro ? lacks(macroState(macro)) : holds(`no macro ${name}`);
    },
    async apply() {
      // What goes is what is saved in this moment, and it goes only if it is still the text that was judged.
      const macro = await visit.macroNow(name);
      if (!macro) return;
      if (!wasJudged(visit, macro))
        throw new OtjError('MACRO_UNCERTAIN', `${name} was changed since it was judged; it is still there`);
      await visit.support.addBackup(...takenMacro(macro));
      await visit.change('Macros Macro Remove', { Name: name });
    },
  };
}

/** One that was put back since the plan was made was judged when it was taken. */
function wasJudged({ facts, support }: Visit, { name, content }: Macro): boolean {
  const read = facts.macros?.find((one) => one.name === name);
  if (read) return read.content === content;
  return itemsOf(support.baseline, TAKEN).some((item) => item.name === name && item.content === content);
}

export function restoreMacro(visit: Visit, name: string): StepActions {
  const { baseline } = visit.support;
  const saved = itemsOf(baseline, TAKEN).findLast((item) => item.name === name);
  const active = wasActive(baseline, name);
  return {
    async inspect() {
      const macro = await visit.macro(name);
      if (!macro) return lacks(`no macro ${name}`);
      return { holds: macro.content === saved?.content && macro.active === active, words: macroState(macro) };
    },
    async apply() {
      if (!saved) throw new OtjError('BACKUP_MISSING', `macro ${name}`);
      const present = await visit.macroNow(name);
      // Somebody may have saved a macro of their own under this name since: theirs to decide, and kept whatever they do.
      if (present && isInTheWay(present, visit.wish, baseline)) throw new OtjError('MACRO_IN_THE_WAY', name);
      if (present && present.content !== saved.content)
        await visit.support.addBackup({ kind: 'overwritten', name, content: present.content });
      await visit.change('Macros Macro Save', { Name: name, Overwrite: true, Transpile: false }, saved.content);
      await visit.change(active ? 'Macros Macro Activate' : 'Macros Macro Deactivate', { Name: name });
    },
  };
}

/**
 * A removed macro goes on running until the runtime restarts. The codec does not tell when that was, so the journal is
 * asked: a restart whose outcome is on record since the plan's macros went is not repeated.
 * @param after belongs to the step: what must be known of the moment behind the restart
 */
export function restartRuntime(visit: Visit, id: string, after?: () => Promise<void>): StepActions {
  let restarted = false;
  return {
    async inspect() {
      if (visit.facts.settings['Macros Mode'] === 'Off') return holds('Macros Mode is Off: no macro runs');
      if (!restarted && stays(visit, id)) return holds('the macro runtime is stopped, as it was: no macro runs');
      return restarted || visit.support.wasDone(id)
        ? holds('the runtime was restarted after the change')
        : lacks('not restarted since the change');
    },
    async apply() {
      await visit.change('Macros Runtime Restart', {});
      await after?.();
      restarted = true;
    },
  };
}

/** A runtime that somebody has stopped is not started by us; by an undo only where it ran before the move. */
function stays({ facts, support }: Visit, id: string): boolean {
  if (facts.runtime !== 'stopped') return false;
  return id !== STEP.undoRuntime || stateOf(support.baseline)?.runtime === 'stopped';
}

/** A macro's state in words, its text as a hash. */
export function macroState({ content, active }: Macro): string {
  return `${active ? 'active' : 'inactive'}, ${Buffer.byteLength(content)} bytes, sha256 ${textHash(content)}`;
}
