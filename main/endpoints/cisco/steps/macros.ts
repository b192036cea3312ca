/** Taking macros and putting them back. */
import { TAKEN } from '../../../contract/device.ts';
import { OtjError } from '../../../contract/errors.ts';
import type { StepActions } from '../../driver.ts';
import type { SettingPath } from '../facts/settings.ts';
import type { CiscoFacts } from '../facts.ts';
import { defaultOf, offers } from '../firmware.ts';
import type { Macro } from '../otj/judge.ts';
import { textHash } from '../otj/texts.ts';
import { itemsOf, takenMacro, wasActive } from '../plan/backup.ts';
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
  // The text comes back as it was sent either way; this is about what the engine makes of it.
  const transpiles = mustTranspile(visit.facts);
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
      await visit.change(
        'Macros Macro Save',
        { Name: name, Overwrite: true, ...(transpiles === null ? {} : { Transpile: transpiles }) },
        saved.content,
      );
      await visit.change(active ? 'Macros Macro Activate' : 'Macros Macro Deactivate', { Name: name });
    },
  };
}

/**
 * Whether a macro must be translated when it is saved, else its engine would not run it: only QuickJS runs texts as they
 * are, and only where it is told not to take the translation. @returns null = software that is not known to have the
 * choice: it does as is usual there
 */
export function mustTranspile({ firmware, settings }: Pick<CiscoFacts, 'firmware' | 'settings'>): boolean | null {
  const value = (path: SettingPath) => settings[path] ?? defaultOf(firmware, path);
  if (value('Macros QuickJSEngine') === 'On' && value('Macros EvaluateTranspiled') === 'False') return false;
  return offers(firmware, 'Command Macros Macro Save Transpile') ? true : null;
}

/** A macro's state in words, its text as a hash. */
export function macroState({ content, active }: Macro): string {
  return `${active ? 'active' : 'inactive'}, ${Buffer.byteLength(content)} bytes, sha256 ${textHash(content)}`;
}
