/** What became of each change of a visit: done and read back, refused, unknown, or not tried. */
import type { Effect } from '../contract/errors.ts';
import type { RunnableStep } from '../endpoints/driver.ts';
import type { StepJournal } from './stepRunner.ts';

export class Effects {
  private readonly outcomes = new Map<string, Effect>();

  /** The steps that change something, before any of them has begun. */
  expect(steps: readonly RunnableStep[]): void {
    for (const { plan, apply } of steps)
      if (apply) this.outcomes.set(plan.id, { what: plan.title, outcome: 'not tried' });
  }

  /** Follows what is written to the journal. */
  watch(journal: StepJournal): StepJournal {
    return {
      intent: async (step) => {
        await journal.intent(step);
        this.note(step, 'unknown');
      },
      outcome: async (step, outcome) => {
        await journal.outcome(step, outcome);
        if (outcome.status === 'done' || outcome.status === 'already') this.note(step, 'done');
        else if (outcome.problem?.class === 'refused') this.note(step, 'refused');
      },
    };
  }

  list(): Effect[] {
    return [...this.outcomes.values()];
  }

  private note({ plan }: RunnableStep, outcome: Effect['outcome']): void {
    const effect = this.outcomes.get(plan.id);
    if (effect) effect.outcome = outcome;
  }
}
