import { describe, expect, it } from 'vitest';
import { type Baseline, TAKEN } from '../../main/contract/device.ts';
import { STAGES } from '../../main/contract/plan.ts';
import type { CiscoFacts } from '../../main/endpoints/cisco/facts.ts';
import { judgeMacros, type Macro } from '../../main/endpoints/cisco/otjMacro.ts';
import { backupOf, plan, planUndo, stateOf } from '../../main/endpoints/cisco/plan.ts';
import type { Wish } from '../../main/endpoints/driver.ts';
import { neighbours, otjMacroPair } from '../lab/cisco/macros.ts';

const PAIR = otjMacroPair({ tenant: 'fjord', token: 'service-token-4711' });
const WISH: Wish = {
  mailbox: 'fjord@example.com',
  login: { username: 'otj-push', password: 'Wish-Secret-1' },
  server: null,
  takeMacros: [],
  leaveMacros: [],
  accepted: [],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};

function facts(macros: readonly Macro[] = [...neighbours, ...PAIR], users = ['admin']): CiscoFacts {
  return {
    identity: { serial: 'FOC1', mac: null, model: 'Room Kit', software: 'ce11', systemName: 'Fjord' },
    inCall: false,
    told: [],
    macros: [...macros],
    judgements: judgeMacros(macros),
    users: users.map((username) => ({
      username,
      roles: ['Admin'],
      active: true,
      blocked: false,
      passphraseChangeRequired: false,
    })),
    panels: [{ id: 'lights', sha256: 'aa' }],
    bookings: { ids: ['a'], lastUpdated: null },
    settings: {
      'Macros Mode': 'On',
      'Macros AutoStart': 'On',
      'NetworkServices HTTP Mode': 'HTTPS',
      'HttpClient Mode': 'On',
      'HttpClient AllowInsecureHTTPS': null,
    },
    clock: null,
  };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(Object.freeze(value))) frozen(part);
  return value;
}

const baselineOf = (from: CiscoFacts): Baseline => ({ items: backupOf(from) });
/** After both macros, or these, were removed. */
const takenFrom = (from: CiscoFacts, macros: readonly Macro[] = PAIR): Baseline => ({
  items: [...backupOf(from), ...macros.map(({ name, content }) => ({ kind: TAKEN, name, content }))],
});
const ids = (steps: { id: string }[]) => steps.map(({ id }) => id);
const CUTOVER = ['macro.remove:otj-macro', 'macro.remove:otj-macro-settings', 'macro.runtime'];

describe('the plan of a codec', () => {
  it('makes the account before it ends the old service, and proves at last', () => {
    const steps = plan(facts(), WISH, null);
    expect(ids(steps)).toEqual(['check.fit', 'account', ...CUTOVER, 'check.others', 'meeting']);
    const stages = steps.map(({ stage }) => STAGES.indexOf(stage));
    expect(stages).toEqual(stages.toSorted((a, b) => a - b));
  });

  it('is the same for the same facts, whatever the order of the macros, and changes no input', () => {
    const given = frozen(facts());
    const wish = frozen(structuredClone(WISH));
    const baseline = frozen(baselineOf(given));
    expect(plan(given, wish, baseline)).toEqual(plan(given, wish, baseline));
    expect(planUndo(given, wish, baseline)).toEqual(planUndo(given, wish, baseline));
    const turned = facts([...PAIR, ...neighbours].reverse());
    expect(plan(turned, WISH, null)).toEqual(plan(given, WISH, null));
  });

  it('tells before and after of each change, and no secret', () => {
    const steps = plan(facts(), WISH, null);
    for (const { stage, changes } of steps) if (stage === 'check' || stage === 'proof') expect(changes).toEqual([]);
    expect(steps.find(({ id }) => id === 'account')?.changes).toMatchObject([
      { setting: 'User otj-push', before: null },
    ]);
    expect(steps.find(({ id }) => id === CUTOVER[0])?.changes).toMatchObject([
      { setting: 'Macro otj-macro', before: expect.stringContaining('active'), after: null },
    ]);
    const text = JSON.stringify([steps, planUndo(facts(), WISH, baselineOf(facts()))]);
    for (const secret of ['Wish-Secret-1', 'service-token-4711']) expect(text).not.toContain(secret);
  });

  it('leaves the runtime alone when there is no macro to take', () => {
    expect(ids(plan(facts(neighbours), WISH, null))).toEqual(['check.fit', 'account', 'check.others', 'meeting']);
  });

  it('takes what the technician has judged, and no macro of that name that is not there', () => {
    const odd: Macro = { name: 'otj-macro', content: 'console.log(1)', active: true };
    const taken = (takeMacros: string[]) => ids(plan(facts([odd]), { ...WISH, takeMacros }, null));
    expect(taken([])).not.toContain('macro.remove:otj-macro');
    expect(taken(['otj-macro', 'no-such'])).toContain('macro.remove:otj-macro');
    expect(taken(['otj-macro', 'no-such'])).not.toContain('macro.remove:no-such');
  });

  it('goes without what the login may not read', () => {
    const blind = { ...facts([]), macros: null, users: null };
    expect(ids(plan(blind, WISH, null))).toEqual(['check.fit', 'account', 'check.others', 'meeting']);
    expect(stateOf({ items: backupOf(blind) })).toMatchObject({ macros: [], users: [] });
  });
});

describe('after a visit that broke off', () => {
  it.each([
    ['nothing removed', [...neighbours, ...PAIR]],
    ['one of two removed', [...neighbours, ...PAIR.slice(0, 1)]],
    ['both removed', [...neighbours]],
  ])('with %s, the plan still holds both removals and the restart', (_name, macros) => {
    const baseline = baselineOf(facts());
    expect(ids(plan(facts(macros, ['admin', 'otj-push']), WISH, baseline)).slice(2, 5)).toEqual(CUTOVER);
  });

  it('leaves a macro that somebody has since saved under that name', () => {
    const theirs: Macro = { name: 'otj-macro', content: 'console.log(1)', active: true };
    const steps = ids(plan(facts([...neighbours, theirs]), WISH, baselineOf(facts())));
    expect(steps).not.toContain('macro.remove:otj-macro');
    expect(steps).toContain('macro.remove:otj-macro-settings');
  });

  it('holds macros that the technician had judged', () => {
    const odd: Macro = { name: 'odd', content: '', active: true };
    const baseline = baselineOf(facts([odd]));
    const wish = { ...WISH, takeMacros: ['odd'] };
    expect(ids(plan(facts([]), wish, baseline))).toContain('macro.remove:odd');
    expect(ids(planUndo(facts([]), wish, takenFrom(facts([odd]), [odd])))).toContain('undo.macro:odd');
  });
});

describe('the plan of an undo', () => {
  it('puts the settings back first, restarts once, takes our account away, and proves', () => {
    const steps = planUndo(facts([...neighbours], ['admin', 'otj-push']), WISH, takenFrom(facts()));
    expect(ids(steps)).toEqual([
      'undo.fit',
      'undo.macro:otj-macro-settings',
      'undo.macro:otj-macro',
      'undo.runtime',
      'undo.account',
      'check.others',
    ]);
    expect(steps[2]?.changes).toMatchObject([{ before: null, after: 'as in the backup, active' }]);
  });

  it('puts back only what was taken', () => {
    expect(ids(planUndo(facts(), WISH, baselineOf(facts())))).toEqual(['undo.fit', 'undo.account', 'check.others']);
    const one = takenFrom(facts(), PAIR.slice(1));
    expect(ids(planUndo(facts(), WISH, one)).slice(1, 3)).toEqual(['undo.macro:otj-macro', 'undo.runtime']);
  });

  it('keeps an account that was there before us', () => {
    const steps = planUndo(facts(), WISH, baselineOf(facts(undefined, ['admin', 'otj-push'])));
    expect(ids(steps)).not.toContain('undo.account');
  });

  it('touches no macro that was installed later', () => {
    const baseline = baselineOf(facts(neighbours));
    expect(ids(planUndo(facts([...neighbours, ...PAIR]), WISH, baseline))).toEqual([
      'undo.fit',
      'undo.account',
      'check.others',
    ]);
  });

  it('tells that a macro was inactive', () => {
    const sleeping = PAIR.map((macro) => ({ ...macro, active: false }));
    const steps = planUndo(facts([]), WISH, takenFrom(facts(sleeping)));
    expect(steps[1]?.changes).toMatchObject([{ after: 'as in the backup, inactive' }]);
  });
});

describe('the backup', () => {
  it('holds every macro byte for byte and the state of the rest', () => {
    const given = facts();
    const items = backupOf(given);
    for (const { name, content } of given.macros ?? []) expect(items).toContainEqual({ kind: 'macro', name, content });
    expect(stateOf({ items })).toMatchObject({
      users: ['admin'],
      panels: [{ id: 'lights', sha256: 'aa' }],
      bookingIds: ['a'],
      settings: given.settings,
    });
    expect(stateOf(null)).toBeNull();
    expect(stateOf({ items: [] })).toBeNull();
  });
});
