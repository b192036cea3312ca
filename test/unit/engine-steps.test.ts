import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { RunnableStep, Seen, StepActions } from '../../main/endpoints/driver.ts';
import { runSteps, type StepContext, type StepJournal, type StepOutcome } from '../../main/migration/stepRunner.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';

const CHANGE = { setting: 'Light', before: 'off', after: 'on' };

function step(id: string, actions: Partial<StepActions>): RunnableStep {
  return {
    plan: { id, stage: 'cutover', title: `Do ${id}`, changes: actions.apply ? [CHANGE] : [] },
    inspect: async () => ({ holds: true, words: 'as wished' }),
    ...actions,
  };
}

/** A setting of some device, with all that happened to it in order. */
function device(log: string[], { holds = false, obeys = true } = {}) {
  let on = holds;
  return {
    inspect: async (): Promise<Seen> => {
      log.push('look');
      return { holds: on, words: on ? 'on' : 'off' };
    },
    apply: async () => {
      log.push('act');
      on = on || obeys;
    },
  };
}

function context(log: string[], signal = new AbortController().signal, meant: string[] = []) {
  const outcomes: Record<string, StepOutcome> = {};
  const journal: StepJournal = {
    wasMeant: ({ plan }) => meant.includes(plan.id),
    intent: async ({ plan }) => {
      log.push(`intent ${plan.id}`);
      // As slow as a disk: nothing may happen meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push('on disk');
    },
    outcome: async ({ plan }, outcome) => {
      log.push(`outcome ${outcome.status}`);
      outcomes[plan.id] = outcome;
    },
  };
  const events: string[] = [];
  const steppers: StepContext = { journal, signal, listen: (_step, status) => events.push(status) };
  return { outcomes, events, owed: new Set<string>(), steppers };
}

describe('a step', () => {
  it('is looked at, meant on disk, done, looked at again, and only then told as done', async () => {
    const log: string[] = [];
    const { steppers, owed, outcomes, events } = context(log);
    await runSteps([step('a', device(log))], steppers, owed);
    expect(log).toEqual(['look', 'intent a', 'on disk', 'act', 'look', 'outcome done']);
    expect(outcomes.a).toMatchObject({ status: 'done', words: 'on', problem: null, changes: [CHANGE] });
    expect(events).toEqual(['running', 'done']);
  });

  it('that is so already is not done again and claims no change', async () => {
    const log: string[] = [];
    const { steppers, owed, outcomes } = context(log);
    await runSteps([step('a', device(log, { holds: true }))], steppers, owed);
    expect(log).toEqual(['look', 'outcome already']);
    expect(outcomes.a).toMatchObject({ status: 'already', changes: [] });
  });

  it('that was cut off after its effect is done, not so already', async () => {
    const log: string[] = [];
    const { steppers, owed, outcomes } = context(log, undefined, ['a']);
    await runSteps([step('a', device(log, { holds: true })), step('b', device(log, { holds: true }))], steppers, owed);
    expect(log).not.toContain('act');
    expect(outcomes.a).toMatchObject({ status: 'done', changes: [CHANGE] });
    expect(outcomes.b?.status).toBe('already');
  });

  it('that says it worked and reads back otherwise is not confirmed', async () => {
    const log: string[] = [];
    const { steppers, owed, outcomes } = context(log);
    const error = await errorOf(() => runSteps([step('a', device(log, { obeys: false }))], steppers, owed));
    expect(error).toMatchObject({ code: 'NOT_CONFIRMED', words: 'off' });
    expect(outcomes.a).toMatchObject({ status: 'failed', problem: { code: 'NOT_CONFIRMED' } });
  });

  it('tells the reason that the read-back itself gives', async () => {
    const log: string[] = [];
    const { steppers, owed } = context(log);
    const inspect = async () => ({ holds: false, words: 'x', problem: new OtjError('RESTART_NEEDED', 'x') });
    expect(await codeOf(() => runSteps([step('a', { ...device(log), inspect })], steppers, owed))).toBe(
      'RESTART_NEEDED',
    );
  });

  it.each(['inspect', 'apply'] as const)('that throws in %s fails with that error and ends the row', async (where) => {
    const log: string[] = [];
    const { steppers, owed, outcomes } = context(log);
    const broken = async () => {
      throw new OtjError('REFUSED', 'no');
    };
    const steps = [step('a', { ...device(log), [where]: broken }), step('b', device(log))];
    expect(await errorOf(() => runSteps(steps, steppers, owed))).toMatchObject({ code: 'REFUSED', words: 'no' });
    expect(outcomes.a).toMatchObject({ status: 'failed', problem: { code: 'REFUSED' } });
    expect(outcomes.b).toBeUndefined();
  });

  it('that only looks and does not hold fails with its problem', async () => {
    const { steppers, owed } = context([]);
    const inspect = async () => ({ holds: false, words: 'busy', problem: new OtjError('IN_CALL', 'busy') });
    expect(await codeOf(() => runSteps([step('a', { inspect })], steppers, owed))).toBe('IN_CALL');
    const silent = async () => ({ holds: false, words: 'busy' });
    expect(await codeOf(() => runSteps([step('a', { inspect: silent })], steppers, owed))).toBe('NOT_CONFIRMED');
  });

  it('is never done when its intent could not be written', async () => {
    const log: string[] = [];
    const { steppers, owed } = context(log);
    const intent = async () => {
      throw new OtjError('DISK', 'full');
    };
    const full = { ...steppers, journal: { ...steppers.journal, intent } };
    expect(await codeOf(() => runSteps([step('a', device(log))], full, owed))).toBe('DISK');
    expect(log).not.toContain('act');
  });

  it('may be left to later for the errors it names, and for no other', async () => {
    const away = async () => {
      throw new OtjError('INFINITY_UNREACHABLE', 'away');
    };
    const log: string[] = [];
    const { steppers, owed, outcomes } = context(log);
    const mayOwe = (error: OtjError) => error.code === 'INFINITY_UNREACHABLE';
    await runSteps([step('a', { ...device(log), apply: away, mayOwe }), step('b', device(log))], steppers, owed);
    expect([...owed]).toEqual(['a']);
    expect(outcomes.a).toMatchObject({ status: 'owed', problem: { code: 'INFINITY_UNREACHABLE' }, changes: [] });
    expect(outcomes.b?.status).toBe('done');
    const unfit = { ...device(log), mayOwe: () => false, apply: away };
    expect(await codeOf(() => runSteps([step('c', unfit)], steppers, owed))).toBe('INFINITY_UNREACHABLE');
    expect([...owed]).toEqual(['a']);
  });
});

describe('cancel', () => {
  it('takes hold between steps: the one under way ends well, the next is not looked at', async () => {
    const log: string[] = [];
    const stop = new AbortController();
    const { steppers, owed, outcomes } = context(log, stop.signal);
    const first = device(log);
    const steps = [
      step('a', {
        ...first,
        apply: async () => {
          stop.abort();
          await first.apply();
        },
      }),
      step('b', device(log)),
    ];
    expect(await errorOf(() => runSteps(steps, steppers, owed))).toMatchObject({
      code: 'CANCELLED',
      words: 'before: Do b',
    });
    expect(outcomes.a?.status).toBe('done');
    expect(log.filter((line) => line === 'look')).toHaveLength(2);
  });
});

describe('waiting for proof', () => {
  const wait = { everyMs: 1, forMs: 10_000 };
  const holdsAfter = (looks: number, otherwise: Partial<Seen> = {}) => {
    let seen = 0;
    return async (): Promise<Seen> => ({ holds: ++seen > looks, words: `look ${seen}`, ...otherwise });
  };

  it('looks until it holds', async () => {
    const { steppers, owed, outcomes, events } = context([]);
    await runSteps([step('a', { wait, inspect: holdsAfter(3) })], steppers, owed);
    expect(outcomes.a).toMatchObject({ status: 'done', words: 'look 4' });
    expect(events).toEqual(['running', 'waiting', 'waiting', 'waiting', 'done']);
  });

  it('is left to later when the time is over', async () => {
    const { steppers, owed, outcomes } = context([]);
    const inspect = async () => ({ holds: false, words: 'nothing' });
    await runSteps([step('a', { wait: { everyMs: 1, forMs: 20 }, inspect })], steppers, owed);
    expect(outcomes.a).toMatchObject({ status: 'owed', words: 'nothing', problem: null });
    expect([...owed]).toEqual(['a']);
  });

  it('fails at the end when what was seen last is a problem', async () => {
    const { steppers, owed } = context([]);
    const inspect = async () => ({ holds: false, words: 'no', problem: new OtjError('NOT_ARRIVED', 'no') });
    const steps = [step('a', { wait: { everyMs: 1, forMs: 20 }, inspect })];
    expect(await codeOf(() => runSteps(steps, steppers, owed))).toBe('NOT_ARRIVED');
  });

  it('does not wait for what Infinity does not know of yet, and does not call that a problem', async () => {
    const { steppers, owed, events } = context([]);
    owed.add('entry');
    const inspect = holdsAfter(1, { problem: new OtjError('NOT_ARRIVED') });
    await runSteps([step('a', { wait, inspect })], steppers, owed);
    expect(events).toEqual(['running', 'owed']);
  });

  it('ends at once when cancelled, with everything done standing', async () => {
    const stop = new AbortController();
    const { steppers, owed, outcomes } = context([], stop.signal);
    const inspect = async () => {
      stop.abort();
      return { holds: false, words: 'nothing' };
    };
    await runSteps([step('a', { wait: { everyMs: 60_000, forMs: 120_000 }, inspect })], steppers, owed);
    expect(outcomes.a?.status).toBe('owed');
  });

  it('fails when looking fails', async () => {
    const { steppers, owed, outcomes } = context([]);
    let looks = 0;
    const inspect = async () => {
      if (++looks === 3) throw new OtjError('CONNECTION_LOST', 'gone');
      return { holds: false, words: 'nothing' };
    };
    expect(await codeOf(() => runSteps([step('a', { wait, inspect })], steppers, owed))).toBe('CONNECTION_LOST');
    expect(outcomes.a).toMatchObject({ status: 'failed', problem: { code: 'CONNECTION_LOST' } });
  });
});
