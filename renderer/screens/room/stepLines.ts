/** The lines of a room's work: what goes on now, what is recorded, what is still to come. Pure. */
import type { Problem } from '../../../main/contract/errors.ts';
import type { StepEvent } from '../../../main/contract/events.ts';
import type { PlannedStep } from '../../../main/contract/plan.ts';
import type { StepRecord } from '../../../main/contract/rooms.ts';

export type LineStatus = StepRecord['status'] | 'running' | 'waiting' | 'to come';

export interface StepLine {
  id: string;
  title: string;
  status: LineStatus;
  /** How long it took, or takes so far; null when that is not known. */
  ms: number | null;
  /** When a recorded step ended. */
  at: string | null;
  words: string;
  problem: Problem | null;
}

/** Lines of the work that goes on: steps as told, then those of the plan that have not begun. */
export function liveLines(
  live: readonly Pick<StepEvent, 'step' | 'title' | 'status' | 'ms' | 'words'>[],
  plan: readonly PlannedStep[],
): StepLine[] {
  const begun = live.map(
    ({ step, title, status, ms, words }): StepLine => ({ id: step, title, status, ms, words, at: null, problem: null }),
  );
  if (begun.some(({ status }) => status === 'failed')) return begun;
  const known = new Set(begun.map(({ id }) => id));
  return [...begun, ...plan.filter(({ id }) => !known.has(id)).map(toCome)];
}

function toCome({ id, title }: PlannedStep): StepLine {
  return { id, title, status: 'to come', ms: null, at: null, words: '', problem: null };
}

export interface RecordedRun {
  runId: number;
  /** When its first step was recorded. */
  at: string;
  lines: StepLine[];
  failed: boolean;
  undo: boolean;
}

/** All runs of a room, newest first. */
export function recordedRuns(steps: readonly StepRecord[]): RecordedRun[] {
  const runs = Map.groupBy(steps, ({ runId }) => runId);
  return [...runs]
    .map(([runId, records]) => ({
      runId,
      at: records[0]?.at ?? '',
      lines: records.map(lineOf),
      failed: records.some(({ status }) => status === 'failed' || status === 'unknown'),
      undo: records.some(({ step }) => isUndoStep(step)),
    }))
    .reverse();
}

function lineOf({ step, title, status, ms, at, words, problem }: StepRecord): StepLine {
  return { id: step, title, status, ms, at, words: words ?? '', problem };
}

/** Ids of steps that only an undo has. */
export function isUndoStep(id: string): boolean {
  return /^undo\.|^entry-removal$|^calendar\.restored?$|^check\.undo$/.test(id);
}

/** What the proof saw, in the device's own words; null when no proof has come. */
export function proofWords(steps: readonly StepRecord[]): string | null {
  const last = steps.findLast(({ step }) => step === 'meeting' || step === 'calendar.meeting');
  return last && (last.status === 'done' || last.status === 'already') ? last.words : null;
}
