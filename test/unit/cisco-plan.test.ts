import { describe, expect, it } from 'vitest';
import { type Baseline, TAKEN } from '../../main/contract/device.ts';
import { STAGES } from '../../main/contract/plan.ts';
import type { CiscoFacts } from '../../main/endpoints/cisco/facts.ts';
import type { Macro } from '../../main/endpoints/cisco/otj/judge.ts';
import { textHash } from '../../main/endpoints/cisco/otj/texts.ts';
import {
  backupOf,
  changedSetting,
  cutoverBookings,
  isOurAccount,
  madeAccount,
  savedMeetings,
  stateOf,
  takenHost,
  takenMacro,
} from '../../main/endpoints/cisco/plan/backup.ts';
import { macrosToTake, undecided } from '../../main/endpoints/cisco/plan/take.ts';
import { planUndo } from '../../main/endpoints/cisco/plan/undo.ts';
import { manualSteps, plan } from '../../main/endpoints/cisco/plan.ts';
import type { Wish } from '../../main/endpoints/driver.ts';
import { meetingControls, neighbours, otjMacroPair } from '../lab/cisco/macros.ts';
import { ciscoFacts, codecUser, CISCO_WISH as WISH } from '../support/ciscoFacts.ts';

const PAIR = otjMacroPair({ tenant: 'fjord', token: 'service-token-4711' });

function facts(macros: readonly Macro[] = [...neighbours, ...PAIR], users = ['admin']): CiscoFacts {
  return ciscoFacts(macros, { users: users.map((username) => codecUser(username)) });
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(Object.freeze(value))) frozen(part);
  return value;
}

const baselineOf = (from: CiscoFacts): Baseline => ({
  items: [...backupOf(from), madeAccount(WISH.login.username)],
});
/** After both macros, or these, were removed. */
const takenFrom = (from: CiscoFacts, macros: readonly Macro[] = PAIR): Baseline => ({
  items: [...baselineOf(from).items, ...macros.map(({ name, content }) => ({ kind: TAKEN, name, content }))],
});
const ids = (steps: { id: string }[]) => steps.map(({ id }) => id);
const CHECKS = ['check.fit', 'check.call', 'check.clock'];
const CUTOVER = ['macro.remove:otj-macro', 'macro.remove:otj-macro-settings', 'macro.runtime'];

describe('the plan of a codec', () => {
  it('makes the account before it ends the old service, and proves at last', () => {
    const steps = plan(facts(), WISH, null);
    expect(ids(steps)).toEqual([...CHECKS, 'account', ...CUTOVER, 'check.others', 'meeting']);
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
    expect(ids(plan(facts(neighbours), WISH, null))).toEqual([...CHECKS, 'account', 'check.others', 'meeting']);
  });

  it('takes what the technician has judged, and no macro of that name that is not there', () => {
    const odd: Macro = { name: 'otj-macro', content: 'console.log(1)', active: true };
    const taken = (takeMacros: string[]) => ids(plan(facts([odd]), { ...WISH, takeMacros }, null));
    expect(taken([])).not.toContain('macro.remove:otj-macro');
    expect(taken(['otj-macro', 'no-such'])).toContain('macro.remove:otj-macro');
    expect(taken(['otj-macro', 'no-such'])).not.toContain('macro.remove:no-such');
  });

  it('takes a macro only with the text for which that was decided', () => {
    const odd: Macro = { name: 'odd', content: 'console.log(1)', active: true };
    const taken = (text: string) =>
      ids(plan(facts([odd]), { ...WISH, takeMacros: ['odd'], takeTexts: { odd: textHash(text) } }, null));
    expect(taken(odd.content)).toContain('macro.remove:odd');
    expect(taken('another')).not.toContain('macro.remove:odd');
  });

  it("never takes another product's, whoever wants it, and asks", () => {
    const wish = { ...WISH, takeMacros: [meetingControls.name] };
    const seen = facts([meetingControls, ...PAIR]);
    const taken = macrosToTake(seen, wish, baselineOf(seen));
    expect(taken).toEqual(PAIR.map(({ name }) => name).toReversed());
    expect(undecided(seen, wish, taken).map(({ name }) => name)).toEqual([meetingControls.name]);
    expect(undecided(seen, WISH, taken)).toEqual([]);
    expect(undecided(seen, { ...wish, leaveMacros: [meetingControls.name] }, taken)).toEqual([]);
  });

  it('goes without what the login may not read', () => {
    const blind = { ...facts([]), macros: null, users: null };
    expect(ids(plan(blind, WISH, null))).toEqual([...CHECKS, 'account', 'check.others', 'meeting']);
    expect(stateOf({ items: backupOf(blind) })).toMatchObject({ macros: [], users: null });
  });
});

describe('after a visit that broke off', () => {
  it.each([
    ['nothing removed', [...neighbours, ...PAIR]],
    ['one of two removed', [...neighbours, ...PAIR.slice(0, 1)]],
    ['both removed', [...neighbours]],
  ])('with %s, the plan still holds both removals and the restart', (_name, macros) => {
    const baseline = baselineOf(facts());
    expect(ids(plan(facts(macros, ['admin', 'otj-push']), WISH, baseline)).slice(4, 7)).toEqual(CUTOVER);
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
    const steps = planUndo(facts(), WISH, { items: backupOf(facts(undefined, ['admin', 'otj-push'])) });
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
      panels: [{ id: 'lights', sha256: 'aa', layout: null }],
      allowedHosts: [],
      bookingIds: ['a'],
      settings: given.settings,
    });
    expect(items).toContainEqual({ kind: 'panels', name: 'codec', content: given.panelAnswer });
    const exported = backupOf({ ...given, panelExport: '{"Export":{"Value":"UEsD"}}' });
    expect(exported).toContainEqual({ kind: 'panels', name: 'export', content: '{"Export":{"Value":"UEsD"}}' });
    expect(exported.filter(({ kind }) => kind === 'panels')).toHaveLength(1);
    expect(stateOf(null)).toBeNull();
    expect(stateOf({ items: [] })).toBeNull();
  });
});

describe('what surrounds the codec', () => {
  const outside = (change: Partial<CiscoFacts['outside']>) =>
    ciscoFacts(PAIR, { outside: { ...ciscoFacts([]).outside, ...change } });
  const tms = outside({ mode: 'TMS', manager: { name: 'TMS', address: '10.0.0.9' } });
  const cloud = outside({ webex: { status: 'Registered', developerId: 'DEV-1' } });

  it('is asked about when a management system shows, and left to a person', () => {
    expect(ids(plan(facts(), WISH, null))).not.toContain('check.manager');
    expect(plan(tms, WISH, null).find(({ id }) => id === 'check.manager')?.title).toContain('TMS at 10.0.0.9');
    expect(manualSteps(tms)).toEqual(['manager']);
    expect(manualSteps(facts())).toEqual([]);
  });

  it('makes no account on a cloud codec, and takes its macros all the same', () => {
    const steps = plan(cloud, WISH, null);
    expect(ids(steps)).toEqual([...CHECKS, 'check.webex', ...CUTOVER, 'check.others', 'meeting']);
    expect(steps.find(({ id }) => id === 'check.webex')?.title).toMatch(/type WEBEX.*DEV-1/);
    expect(manualSteps(cloud)).toEqual(['webex-entry']);
  });

  it('has the web server switched on before the account is signed in as', () => {
    const off = ciscoFacts(PAIR, { settings: { ...facts().settings, 'NetworkServices HTTP Mode': 'Off' } });
    expect(ids(plan(off, WISH, null)).slice(3, 5)).toEqual(['settings.http', 'account']);
    const baseline = { items: [...backupOf(off), changedSetting('NetworkServices HTTP Mode', 'Off')] };
    // Begun: what was meant keeps its step, with nothing left to do.
    const begun = plan(facts(), WISH, baseline).find(({ id }) => id === 'settings.http');
    expect(begun?.changes).toMatchObject([{ before: 'HTTPS', after: 'HTTPS' }]);
    expect(planUndo(facts(), WISH, baseline).at(-2)).toMatchObject({
      id: 'undo.setting:NetworkServices HTTP Mode',
      changes: [{ before: 'HTTPS', after: 'Off' }],
    });
  });
});

describe('macros that the technician leaves', () => {
  it('are never taken, whatever they look like', () => {
    const wish = { ...WISH, leaveMacros: ['otj-macro'] };
    for (const baseline of [null, baselineOf(facts()), takenFrom(facts())])
      expect(ids(plan(facts(), wish, baseline))).not.toContain('macro.remove:otj-macro');
  });
});

describe('tidying', () => {
  const wish: Wish = { ...WISH, tidyHttpClient: true, clearBookings: true };
  const silent = neighbours.filter(({ content }) => !content.toLowerCase().includes('httpclient'));
  const hosts = (...expressions: string[]) => expressions.map((expression, at) => ({ id: `${at + 1}`, expression }));
  const tidy = (given: CiscoFacts, baseline: Baseline | null = null) =>
    plan(given, wish, baseline).filter(({ id }) => id.startsWith('tidy'));
  const settingsOf = (given: CiscoFacts, baseline: Baseline | null = null) =>
    tidy(given, baseline).flatMap(({ changes }) => changes.map(({ setting }) => setting));

  it('is done only on request, and only where a macro is taken', () => {
    expect(ids(plan(facts([...silent, ...PAIR]), WISH, null)).some((id) => /^(tidy|bookings)/.test(id))).toBe(false);
    expect(ids(plan(facts(silent), wish, null)).some((id) => /^(tidy|bookings)/.test(id))).toBe(false);
    expect(ids(plan(facts([...silent, ...PAIR]), wish, null)).slice(4)).toEqual([
      ...CUTOVER,
      'tidy.http-client',
      'bookings.clear',
      'check.others',
      'meeting',
    ]);
  });

  it('leaves HttpClient on while any other macro speaks of it, and never empties a list that is in force', () => {
    expect(settingsOf(ciscoFacts([...neighbours, ...PAIR]))).toEqual([]);
    expect(settingsOf(ciscoFacts([...neighbours, ...PAIR], { allowedHosts: hosts('*.otj.pexip.io') }))).toEqual([]);
    const two = hosts('*.otj.pexip.io', 'api-gateway.pexip.io');
    expect(settingsOf(ciscoFacts([...neighbours, ...PAIR], { allowedHosts: two }))).toEqual([
      'HttpClient Allow Hostname *.otj.pexip.io',
    ]);
  });

  it.each([
    ['otj.pexip.io', true],
    ['fjord.otj.pexip.io', true],
    ['*.otj.pexip.io', true],
    ['^.*\\.otj\\.pexip\\.io$', true],
    ['cisco-macros.pexip.io', true],
    ['*.pexip.io', false],
    ['.*', false],
    ['notj.pexip.io', false],
    ['a.example.com|otj.pexip.io', false],
    ['otj.pexip.io.example.com', false],
  ])('takes %s off the list: %s', (expression, isTaken) => {
    const given = ciscoFacts([...silent, ...PAIR], { allowedHosts: hosts(expression, 'other.example.com') });
    expect(settingsOf(given).includes(`HttpClient Allow Hostname ${expression}`)).toBe(isTaken);
  });

  it('keeps a host that a macro which stays speaks of', () => {
    const mine: Macro = { name: 'mine', content: 'console.log("otj.pexip.io was here")', active: true };
    const wise = { ...wish, leaveMacros: ['mine'] };
    const given = ciscoFacts([mine, ...PAIR], { allowedHosts: hosts('otj.pexip.io') });
    expect(ids(plan(given, wise, null))).not.toContain('tidy.hosts');
  });

  it('is undone only as far as it was done', () => {
    const given = ciscoFacts([...silent, ...PAIR], { allowedHosts: hosts('otj.pexip.io') });
    const undo = (...items: Baseline['items']) => ids(planUndo(given, wish, { items: [...backupOf(given), ...items] }));
    expect(undo().filter((id) => /hosts|setting/.test(id))).toEqual([]);
    expect(undo(changedSetting('HttpClient Mode', 'On'), takenHost('otj.pexip.io')).slice(1, 3)).toEqual([
      'undo.hosts',
      'undo.setting:HttpClient Mode',
    ]);
  });

  it('stays planned once it was begun', () => {
    const before = ciscoFacts([...silent, ...PAIR], { allowedHosts: hosts('otj.pexip.io') });
    const items = [...backupOf(before), changedSetting('HttpClient Mode', 'On'), takenHost('otj.pexip.io')];
    const after = ciscoFacts(silent, { settings: { ...before.settings, 'HttpClient Mode': 'Off' }, allowedHosts: [] });
    expect(tidy(after, { items }).flatMap(({ changes }) => changes)).toMatchObject([
      { setting: 'HttpClient Mode', before: 'Off', after: 'Off' },
      { setting: 'HttpClient Allow Hostname otj.pexip.io', before: null, after: null },
    ]);
  });
});

describe('what was saved in the moment before', () => {
  const later = { name: 'otj-later', content: 'x', active: true };
  const taken: Baseline = { items: [...backupOf(facts([...neighbours])), ...takenMacro(later)] };

  it('keeps a macro in the plan that is gone already, whatever is decided since: it runs on until the restart', () => {
    const steps = ids(plan(facts([...neighbours]), { ...WISH, leaveMacros: ['otj-later'] }, taken));
    expect(steps).toContain('macro.remove:otj-later');
    expect(steps).toContain('macro.runtime');
  });

  it('says whether a macro was active that came after the backup', () => {
    const change = (active: boolean) => {
      const baseline = { items: [...backupOf(facts([...neighbours])), ...takenMacro({ ...later, active })] };
      return planUndo(facts([...neighbours]), WISH, baseline).flatMap(({ changes }) => changes[0]?.after ?? []);
    };
    expect(change(true)).toContain('as in the backup, active');
    expect(change(false)).toContain('as in the backup, inactive');
  });

  it('adds the meetings of then to those of the backup', () => {
    const older = { kind: 'meetings', name: 'codec', content: '["m-1"]' };
    const atCutover = cutoverBookings({ ids: ['m-2'], lastUpdated: null, answer: '{"Booking":[{"Id":"m-2"}]}' });
    const later = { items: [...taken.items, older, atCutover] };
    expect(savedMeetings(later)).toEqual(['a', 'm-1', 'm-2']);
    expect(savedMeetings(taken)).toEqual(['a']);
    expect(savedMeetings(null)).toBeNull();
  });

  it('tells an account that we made from one that somebody else has made since', () => {
    expect(isOurAccount(taken, 'otj-push')).toBe(false);
    expect(ids(planUndo(facts(), WISH, taken))).not.toContain('undo.account');
    expect(isOurAccount({ items: [...taken.items, madeAccount('otj-push')] }, 'otj-push')).toBe(true);
  });

  it('takes a backup of an older version for what it tells', () => {
    const state = { ...stateOf(taken), notesAccount: undefined, users: ['admin'] };
    const old = (users: string[]): Baseline => ({
      items: [{ kind: 'state', name: 'codec', content: JSON.stringify({ ...state, users }) }],
    });
    expect(isOurAccount(old(['admin']), 'otj-push')).toBe(true);
    expect(isOurAccount(old(['admin', 'otj-push']), 'otj-push')).toBe(false);
  });
});
