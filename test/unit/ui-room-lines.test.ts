import { describe, expect, it } from 'vitest';
import type { PlannedStep } from '../../main/contract/plan.ts';
import type { BackupItemView, StepRecord } from '../../main/contract/rooms.ts';
import {
  compareTexts,
  type DiffRow,
  folded,
  pretty,
  unified,
  visible,
} from '../../renderer/screens/room/diff/lines.ts';
import { changesMade, isRedacted, planTable } from '../../renderer/screens/room/planTable.ts';
import { liveLines, proofWords, recordedRuns } from '../../renderer/screens/room/stepLines.ts';

const STEPS: PlannedStep[] = [
  { id: 'check.fit', stage: 'check', title: 'Check', changes: [] },
  {
    id: 'macro.remove:otj-macro',
    stage: 'cutover',
    title: 'Remove macro otj-macro',
    changes: [{ setting: 'Macro otj-macro', before: 'active, 14000 bytes', after: null, why: 'its name' }],
  },
  {
    id: 'entry',
    stage: 'entry',
    title: 'Enter',
    changes: [{ setting: 'Infinity entry', before: 'entry 3', after: 'entry 3' }],
  },
];

function saved(name: string, kind = 'macro', open = true): BackupItemView {
  return { kind, name, sha256: `${name}0`, bytes: 14_000, savedAt: '2026-11-23T13:00:00Z', open };
}

describe('what will change', () => {
  it('keeps what is so already and what nothing touches apart from what changes', () => {
    const table = planTable(STEPS, [
      saved('otj-macro'),
      saved('lights'),
      saved('codec', 'state'),
      saved('old', 'macro', false),
    ]);
    expect(table.changing.map(({ setting }) => setting)).toEqual(['Macro otj-macro']);
    expect(table.changing[0]?.backup).toEqual({ bytes: 14_000, sha256: 'otj-macro0' });
    expect(table.same.map(({ setting }) => setting)).toEqual(['Infinity entry']);
    expect(table.kept).toEqual(['lights']);
  });

  it('is told from what was recorded once it is done, over several runs and since the last undo', () => {
    const step = (runId: number, id: string, status: StepRecord['status'], ...changes: StepRecord['changes']) => {
      const at = '2026-11-23T13:00:00Z';
      return { runId, step: id, title: id, status, at, ms: 1, words: null, problem: null, changes };
    };
    const user = { setting: 'User otj-push', before: null, after: 'Admin' };
    const steps = [
      step(1, 'account', 'done', user),
      step(2, 'undo.fit', 'done'),
      step(2, 'macro.restore:lights', 'done', { setting: 'Macro lights', before: null, after: 'active' }),
      step(3, 'account', 'done', user),
      // Cut off here: that the macro went was never recorded, only what it was.
      step(3, 'macro.remove:otj-macro', 'unknown'),
      step(4, 'account', 'already', { ...user, before: 'Admin' }),
      step(4, 'mode', 'done', { setting: 'HTTP Mode', before: 'HTTP+HTTPS', after: 'Off' }),
      step(4, 'mode', 'done', { setting: 'HTTP Mode', before: 'Off', after: 'HTTPS' }),
    ];
    const backup = [saved('otj-macro'), saved('otj-macro', 'taken'), saved('lights')];
    const table = planTable(changesMade(steps, backup), backup);
    expect(table.changing.map(({ setting, before, after }) => [setting, before, after])).toEqual([
      ['User otj-push', null, 'Admin'],
      ['HTTP Mode', 'HTTP+HTTPS', 'HTTPS'],
      ['Macro otj-macro', '14000 bytes', null],
    ]);
    expect(table.kept).toEqual(['lights']);
  });

  it('knows words that stand for a secret', () => {
    expect(isRedacted('old password (unreadable)')).toBe(true);
    expect(isRedacted('Admin, active, passphrase sealed in the site file')).toBe(true);
    expect(isRedacted('HTTPS')).toBe(false);
  });
});

describe('lines of the work', () => {
  const running = { step: 'check.fit', title: 'Check', status: 'running', ms: 12, words: '' } as const;

  it('shows what is still to come, until a step fails', () => {
    expect(liveLines([running], STEPS).map(({ status }) => status)).toEqual(['running', 'to come', 'to come']);
    expect(liveLines([{ ...running, status: 'failed' }], STEPS)).toHaveLength(1);
  });

  const record = (runId: number, step: string, status: StepRecord['status'] = 'done'): StepRecord => ({
    runId,
    step,
    title: step,
    status,
    at: `2026-11-23T13:0${runId}:00Z`,
    ms: 1,
    words: `words of ${step}`,
    problem: null,
    changes: [],
  });

  it('tells runs apart, the newest first', () => {
    const runs = recordedRuns([record(1, 'account'), record(1, 'meeting', 'failed'), record(2, 'undo.fit')]);
    expect(runs.map(({ runId, failed, undo, lines }) => [runId, failed, undo, lines.length])).toEqual([
      [2, false, true, 1],
      [1, true, false, 2],
    ]);
  });

  it('proves nothing by a proof that was left to a sync', () => {
    expect(proofWords([record(1, 'meeting')])).toBe('words of meeting');
    expect(proofWords([record(1, 'meeting'), record(2, 'meeting', 'owed')])).toBeNull();
    expect(proofWords([])).toBeNull();
  });
});

const brief = (rows: readonly DiffRow[]) =>
  rows.map(({ kind, left, right }) => `${kind} ${left?.number ?? '-'} ${right?.number ?? '-'}`);

describe('two texts beside each other', () => {
  it('numbers the lines of both sides', () => {
    const diff = compareTexts('a\nb\nc\n', 'a\nB\nc\nd');
    expect(brief(diff.rows)).toEqual(['same 1 1', 'changed 2 2', 'same 3 3', 'added - 4']);
    expect([diff.added, diff.removed]).toEqual([2, 1]);
  });

  it('takes a missing line break at the end, and none at all, for what they are', () => {
    expect(compareTexts('a\nb', 'a\nb\n')).toMatchObject({ added: 0, removed: 0 });
    expect(brief(compareTexts('a\nb', null).rows)).toEqual(['removed 1 -', 'removed 2 -']);
    expect(compareTexts('', '').rows).toEqual([]);
  });

  it('puts the texts together again from its rows', () => {
    const left = Array.from({ length: 300 }, (_, at) => `line ${at % 17}`).join('\n');
    const right = Array.from({ length: 280 }, (_, at) => `line ${at % 13}`).join('\n');
    const { rows } = compareTexts(left, right);
    const side = (of: 'left' | 'right') => rows.flatMap((row) => row[of]?.text ?? []).join('\n');
    expect(side('left')).toBe(left);
    expect(side('right')).toBe(right);
  });

  it('folds long stretches of same lines and keeps three around a change', () => {
    const lines = Array.from({ length: 40 }, (_, at) => `${at}`);
    const { rows } = compareTexts(lines.join('\n'), lines.with(20, 'new').join('\n'));
    const shown = folded(rows);
    expect(shown.map(({ kind }) => kind)).toEqual([
      'fold',
      'same',
      'same',
      'same',
      'changed',
      'same',
      'same',
      'same',
      'fold',
    ]);
    expect(shown.flatMap((row) => (row.kind === 'fold' ? row.rows.length : []))).toEqual([17, 16]);
  });

  it('shows removed lines of a block before its added ones', () => {
    const { rows } = compareTexts('a\nb\nc', 'x\ny\nc');
    expect(brief(unified(rows) as DiffRow[])).toEqual([
      'removed 1 -',
      'removed 2 -',
      'added - 1',
      'added - 2',
      'same 3 3',
    ]);
  });

  it('lays out JSON and leaves other texts alone', () => {
    expect(pretty('{"b":1,"a":[2]}')).toBe('{\n  "b": 1,\n  "a": [\n    2\n  ]\n}\n');
    expect(pretty('{ no json')).toBe('{ no json');
    expect(pretty('const a = 1;')).toBe('const a = 1;');
  });

  it('shows characters that act unseen', () => {
    expect(visible('a\u202eb\tc\u0000')).toBe('a‹U+202E›b\tc‹U+0000›');
  });
});
