/** The table "what will change": settings that change, things that are kept, settings that are so already. Pure. */
import type { Change, PlannedStep } from '../../../main/contract/plan.ts';
import type { BackupItemView } from '../../../main/contract/rooms.ts';

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

/** Steps that only look, before anything is changed. */
export function checksOf(steps: readonly PlannedStep[]): PlannedStep[] {
  return steps.filter(({ stage, changes }) => stage === 'check' && changes.length === 0);
}

/** Whether a value stands for a secret: such a one is a word of ours, not what the device holds. */
export function isRedacted(value: string): boolean {
  return /\((unreadable|sealed|typed)\)$|sealed in the site file$/.test(value);
}
