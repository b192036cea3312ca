import { describe, expect, it } from 'vitest';
import type { Told } from '../../main/contract/device.ts';
import { decisionsOf, judged, keptOf, takenBack } from '../../renderer/screens/room/decisions.ts';
import { inOrder, nextOpen, rulingOf } from '../../renderer/screens/room/macros/rulings.ts';
import { checksOf } from '../../renderer/screens/room/planTable.ts';
import { toldInOrder, toldWords } from '../../renderer/screens/room/told.ts';
import { makeDevice } from '../support/roomRow.ts';

const SPACE = '\u00a0';

describe('what a codec told', () => {
  it('has durations and moments in the manner of the language', () => {
    expect(toldWords({ value: '3542400s' })).toBe(`41${SPACE}d${SPACE}0${SPACE}h`);
    expect(toldWords({ value: '7260s' })).toBe(`2${SPACE}h${SPACE}1${SPACE}min`);
    expect(toldWords({ value: '2020-11-24T09:12:44Z' })).toMatch(/^24 Nov 2020, \d\d:12:44$/);
  });

  it('is left in its own words otherwise', () => {
    for (const value of ['HTTP+HTTPS', '12 s', 's', '99999999999999999999s', '2020-13-99T99:99:99Z', '2020-01-01', ''])
      expect(toldWords({ value })).toBe(value);
  });

  it('begins with what wants a look', () => {
    const told: Told[] = [
      { key: 'http', value: 'HTTPS', warn: false },
      { key: 'clock', value: 'x', warn: true },
      { key: 'ssh', value: 'On', warn: false },
      { key: 'webex', value: 'y', warn: true },
    ];
    expect(toldInOrder(told).map(({ key }) => key)).toEqual(['clock', 'webex', 'http', 'ssh']);
  });
});

describe('decisions about a room', () => {
  const device = { ...makeDevice({ id: 1 }), legacy: true };
  const decided = {
    accepted: ['manager' as const, 'call' as const, 'clock' as const],
    takeMacros: ['a', 'b'],
    leaveMacros: ['c'],
    device,
  };

  it('are all told; a call is accepted one time and not kept', () => {
    expect(keptOf(decided.accepted)).toEqual(['manager', 'clock']);
    expect(decisionsOf(decided)).toEqual([
      { of: 'legacy' },
      { of: 'accepted', what: 'manager' },
      { of: 'accepted', what: 'clock' },
      { of: 'take', name: 'a' },
      { of: 'take', name: 'b' },
      { of: 'leave', name: 'c' },
    ]);
    expect(decisionsOf({ accepted: [], takeMacros: [], leaveMacros: [], device: null })).toEqual([]);
  });

  it('are taken back one by one', () => {
    expect(takenBack(decided, { of: 'legacy' })).toEqual({ legacy: false });
    expect(takenBack(decided, { of: 'accepted', what: 'manager' })).toEqual({ accepted: ['clock'] });
    expect(takenBack(decided, { of: 'take', name: 'a' })).toEqual({ takeMacros: ['b'], leaveMacros: ['c'] });
    expect(takenBack(decided, { of: 'leave', name: 'c' })).toEqual({ takeMacros: ['a', 'b'], leaveMacros: [] });
  });

  it('never have a macro as both', () => {
    expect(judged(decided, 'c', 'take')).toEqual({ takeMacros: ['a', 'b', 'c'], leaveMacros: [] });
    expect(judged(decided, 'a', 'leave')).toEqual({ takeMacros: ['b'], leaveMacros: ['c', 'a'] });
    expect(judged(decided, 'a', 'take')).toEqual({ takeMacros: ['b', 'a'], leaveMacros: ['c'] });
  });
});

describe('macros of a codec', () => {
  const macro = (name: string, verdict: 'otj' | 'uncertain' | 'other') => ({
    name,
    verdict,
    active: true,
    bytes: 1,
    decided: null,
    score: 0,
    reasons: [],
    content: '',
    marks: [],
    like: null,
  });
  const macros = [macro('lights', 'other'), macro('x', 'uncertain'), macro('otj', 'otj'), macro('y', 'uncertain')];

  it('have those in doubt first, and a decision moves none', () => {
    expect(inOrder(macros).map(({ name }) => name)).toEqual(['x', 'y', 'otj', 'lights']);
  });

  it('are what a person said, before what was judged', () => {
    const decided = { takeMacros: ['x'], leaveMacros: ['otj'] };
    expect(macros.map((one) => rulingOf(one, decided))).toEqual(['other', 'take', 'leave', 'uncertain']);
    expect(nextOpen(macros, decided)?.name).toBe('y');
    expect(nextOpen(macros, { takeMacros: ['x'], leaveMacros: ['y'] })).toBeNull();
  });
});

describe('checks of a plan', () => {
  it('are steps before anything is changed that only look', () => {
    const step = (id: string, stage: 'check' | 'proof', changes: { setting: string; before: null; after: null }[]) => ({
      id,
      stage,
      title: id,
      changes,
    });
    const change = { setting: 'x', before: null, after: null };
    const steps = [step('check.fit', 'check', []), step('odd', 'check', [change]), step('check.others', 'proof', [])];
    expect(checksOf(steps).map(({ id }) => id)).toEqual(['check.fit']);
  });
});
