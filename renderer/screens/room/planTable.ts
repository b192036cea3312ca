/** The table "what will change": settings that change, things that are kept, settings that are so already. Pure. */
import type { Change, PlannedStep } from '../../../main/contract/plan.ts';
import type { BackupItemView, StepRecord } from '../../../main/contract/rooms.ts';
import { isUndoStep } from './stepLines.ts';

export interface PlanRow extends Change {
  /** Unique within the table. */
  key: string;
  /** The step that does it. */
  step: string;
  /** The text in the backup, where the thing has one. */
  backup: Pick<BackupItemView, 'bytes' | 'sha256'> | null;
}

export interface PlanTable {
  changing: PlanRow[];
  /** Already as wished. */
  same: PlanRow[];
  /** Names of macros on the device that nothing touches. Empty when that is not known. */
  kept: string[];
}

const MACRO = 'Macro ';

/** @param backup what was saved of this device; a macro in it that no step names is kept */
export function planTable(steps: readonly PlannedStep[], backup: readonly BackupItemView[]): PlanTable {
  const texts = backup.filter(({ kind, open }) => open && (kind === 'macro' || kind === 'taken'));
  const rows = steps.flatMap(({ id, changes }) =>
    changes.map((change, at): PlanRow => {
      const text = texts.findLast(({ name }) => change.setting === `${MACRO}${name}`);
      return {
        ...change,
        key: `${id} ${at}`,
        step: id,
        backup: text ? { bytes: text.bytes, sha256: text.sha256 } : null,
      };
    }),
  );
  const named = new Set(rows.map(({ setting }) => setting));
  const macros = new Set(texts.filter(({ kind }) => kind === 'macro').map(({ name }) => name));
  return {
    changing: rows.filter(({ before, after }) => before !== after),
    same: rows.filter(({ before, after }) => before === after),
    kept: [...macros].filter((name) => !named.has(`${MACRO}${name}`)),
  };
}

/**
 * What was changed since the room was last put back, setting by setting, from what it was at first to what it is now.
 * A plan that was made anew after an interruption knows only the rest, so what was recorded counts; and of a macro
 * whose removal was cut off before its end was recorded, the text that was saved in that moment.
 */
export function changesMade(steps: readonly StepRecord[], backup: readonly BackupItemView[]): PlannedStep[] {
  const lastUndo = steps.findLast(({ step }) => isUndoStep(step))?.runId ?? 0;
  const made = new Map<string, PlannedStep>();
  const add = (id: string, title: string, change: Change) => {
    const before = made.get(change.setting)?.changes[0]?.before ?? change.before;
    made.set(change.setting, { id, stage: 'cutover', title, changes: [{ ...change, before }] });
  };
  for (const { runId, step, title, status, changes } of steps)
    if (runId > lastUndo && status === 'done') for (const change of changes) add(step, title, change);
  for (const { kind, open, name, bytes } of backup) {
    const setting = `${MACRO}${name}`;
    if (kind === 'taken' && open && !made.has(setting))
      add(setting, setting, { setting, before: `${bytes} bytes`, after: null });
  }
  return [...made.values()];
}

/** Steps that only look, before anything is changed. */
export function checksOf(steps: readonly PlannedStep[]): PlannedStep[] {
  return steps.filter(({ stage, changes }) => stage === 'check' && changes.length === 0);
}

/** Whether a value stands for a secret: such a one is a word of ours, not what the device holds. */
export function isRedacted(value: string): boolean {
  return /\((unreadable|sealed|typed)\)$|sealed in the site file$/.test(value);
}
