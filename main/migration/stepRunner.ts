/**
 * Runs the steps of one room in order: look; if the wish is not yet so, write the intent, act, look again, write the
 * outcome. Knows no vendor, no screen and no store: it is given a journal and a listener.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import type { Change } from '../contract/plan.ts';
import type { StepStatus } from '../contract/progress.ts';
import type { RunnableStep, Seen } from '../endpoints/driver.ts';

export interface StepJournal {
  /** Whether an earlier run meant this step and was cut off before it learned how it ended. */
  wasMeant(step: RunnableStep): boolean;
  /** Resolves when the intent is on disk. */
  intent(step: RunnableStep): Promise<void>;
  outcome(step: RunnableStep, outcome: StepOutcome): Promise<void>;
}

export interface StepOutcome {
  status: 'done' | 'already' | 'owed' | 'failed';
  words: string;
  problem: Problem | null;
  ms: number;
  changes: readonly Change[];
}

export interface StepContext {
  journal: StepJournal;
  signal: AbortSignal;
  listen(step: RunnableStep, status: StepStatus, ms: number, words: string): void;
}

/** Ids of steps that were left to a later sync. Throws OtjError when a step fails or the work is cancelled. */
export async function runSteps(steps: readonly RunnableStep[], context: StepContext, owed: Set<string>): Promise<void> {
  for (const step of steps) {
    // Cancel takes hold between steps, never inside an effect.
    if (context.signal.aborted) throw new OtjError('CANCELLED', `before: ${step.plan.title}`);
    await runStep(step, context, owed);
  }
}

async function runStep(step: RunnableStep, { journal, listen, signal }: StepContext, owed: Set<string>): Promise<void> {
  const began = performance.now();
  const end = async (status: StepOutcome['status'], words: string, problem: OtjError | null = null) => {
    const ms = performance.now() - began;
    const changes = status === 'done' || status === 'failed' ? step.plan.changes : [];
    await journal.outcome(step, { status, words, problem: problem?.toProblem() ?? null, ms, changes });
    listen(step, status, ms, words);
    if (status === 'owed') owed.add(step.plan.id);
    if (status === 'failed') throw problem;
  };

  listen(step, 'running', 0, '');
  let seen: Seen | undefined;
  try {
    seen = await step.inspect();
    if (seen.holds) return await end(step.apply && !journal.wasMeant(step) ? 'already' : 'done', seen.words);
    if (step.apply) {
      await journal.intent(step);
      await step.apply();
      seen = await step.inspect();
      if (seen.holds) return await end('done', seen.words);
      throw seen.problem ?? new OtjError('NOT_CONFIRMED', seen.words);
    }
  } catch (thrown) {
    const error = asOtjError(thrown);
    return step.mayOwe?.(error)
      ? await end('owed', error.words ?? '', error)
      : await end('failed', error.words ?? seen?.words ?? '', error);
  }
  if (!step.wait) return end('failed', seen.words, seen.problem ?? new OtjError('NOT_CONFIRMED', seen.words));
  return await waitFor(step, step.wait, seen);

  async function waitFor(
    step: RunnableStep,
    { everyMs, forMs }: { everyMs: number; forMs: number },
    first: Seen,
  ): Promise<void> {
    let last = first;
    // What Infinity does not know of yet cannot come: the proof is left to the sync that tells it.
    const until = began + (owed.size > 0 ? 0 : forMs);
    while (performance.now() < until && !signal.aborted) {
      listen(step, 'waiting', performance.now() - began, last.words);
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      try {
        last = await step.inspect();
      } catch (thrown) {
        // Nothing is changed by looking; all changes stand and are read back. Only the proof is missing.
        const error = asOtjError(thrown);
        return end('failed', error.words ?? last.words, error);
      }
      if (last.holds) return end('done', last.words);
    }
    return last.problem && owed.size === 0 && !signal.aborted
      ? end('failed', last.words, last.problem)
      : end('owed', last.words);
  }
}
