import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../main/contract/catalogue.ts';
import type { ErrorCode } from '../../main/contract/errors.ts';
import { asTable, isEnough } from '../../renderer/screens/rooms/importing.ts';
import { manualScope, PASSING, runScope, undoScope } from '../../renderer/screens/rooms/scope.ts';
import { makeRoom } from '../support/roomRow.ts';

const PLAIN = { insist: false, undone: false };
const ROOMS = [
  makeRoom({ id: 1 }),
  makeRoom({ id: 2, state: 'ready', family: 'poly-videoos' }),
  makeRoom({ id: 3, state: 'in progress', interrupted: true }),
  makeRoom({ id: 4, state: 'in progress' }),
  makeRoom({ id: 5, state: 'in progress', interrupted: true, undoUnfinished: true }),
  makeRoom({ id: 6, state: 'needs attention', code: 'MACRO_UNCERTAIN' }),
  makeRoom({ id: 7, state: 'needs attention', code: 'UNREACHABLE' }),
  makeRoom({ id: 8, state: 'needs attention', code: 'LOGIN_REFUSED' }),
  makeRoom({ id: 9, state: 'needs attention', code: 'LOGIN_REFUSED' }),
  makeRoom({ id: 10, state: 'migrated', withoutOtjMs: 38_000, onInfinity: true }),
  makeRoom({ id: 11, state: 'awaiting sync', owed: 1 }),
  makeRoom({ id: 12, state: 'undone', onInfinity: true, withoutOtjMs: 38_000 }),
  makeRoom({ id: 13, address: null, family: null }),
  makeRoom({ id: 14, state: 'needs attention', code: 'NO_ADDRESS', address: null }),
];

describe('what a run takes', () => {
  it('is what is open, cut-off rooms first', () => {
    const scope = runScope(ROOMS, PLAIN);
    expect(scope.ids).toEqual([3, 2, 1, 7]);
    expect(Object.fromEntries(scope.families)).toEqual({ 'cisco-roomos': 3, 'poly-videoos': 1 });
    expect([scope.cutOff, scope.unseen]).toEqual([1, 1]);
  });

  it('leaves the others, each for one reason', () => {
    const scope = runScope(ROOMS, PLAIN);
    expect(scope.held).toEqual([
      { code: 'LOGIN_REFUSED', ids: [8, 9] },
      { code: 'MACRO_UNCERTAIN', ids: [6] },
    ]);
    const { heldCount, noAddress, halfUndone, undone, done, underWay } = scope;
    expect({ heldCount, noAddress, halfUndone, undone, done, underWay }).toEqual({
      heldCount: 3,
      noAddress: [13, 14],
      halfUndone: [5],
      undone: [12],
      done: [10, 11],
      underWay: [4],
    });
    const left = heldCount + [noAddress, halfUndone, undone, done, underWay].flat().length;
    expect(scope.ids.length + left).toBe(ROOMS.length);
  });

  it('is more when somebody insists, and never a half undone room or one without an address', () => {
    expect(runScope(ROOMS, { insist: true, undone: false }).ids).toEqual([3, 2, 1, 7, 6, 8, 9]);
    expect(runScope(ROOMS, { insist: true, undone: true }).ids).toEqual([3, 2, 1, 7, 6, 8, 9, 12]);
  });

  it('takes a room again that was prepared since', () => {
    const told = { state: 'needs attention', code: 'NOT_PREPARED' } as const;
    const rooms = [makeRoom({ id: 1, ...told }), makeRoom({ id: 2, ...told, onInfinity: true })];
    expect(runScope(rooms, PLAIN)).toMatchObject({ ids: [2], held: [{ code: 'NOT_PREPARED', ids: [1] }] });
  });

  it('takes a room again once it was decided whose entry stands, and that was delivered', () => {
    const told = { state: 'needs attention', code: 'INFINITY_CHANGED', onInfinity: true } as const;
    const rooms = [makeRoom({ id: 1, ...told, owed: 1 }), makeRoom({ id: 2, ...told, owed: 0 })];
    expect(runScope(rooms, PLAIN)).toMatchObject({ ids: [2], heldCount: 1 });
  });

  it('counts every trouble of reaching something as one that may pass', () => {
    const codes = Object.entries(CATALOGUE).flatMap(([code, entry]) =>
      entry.class === 'unreachable' ? [code as ErrorCode] : [],
    );
    expect(codes.filter((code) => !PASSING.has(code))).toEqual([]);
  });
});

describe('what other work takes', () => {
  it('undo: what was moved or prepared', () => {
    const scope = undoScope([...ROOMS, makeRoom({ id: 20, state: 'ready', onInfinity: true })]);
    expect(scope.ids).toEqual([3, 5, 10, 11, 20]);
    expect(scope).toMatchObject({ moved: 4, nothing: 9, underWay: 1 });
  });

  it('ticking: rooms where something is left, with how many things', () => {
    const rooms = [makeRoom({ id: 1, manual: 2 }), makeRoom({ id: 2 }), makeRoom({ id: 3, manual: 1 })];
    expect(manualScope(rooms)).toEqual({ ids: [1, 3], steps: 3 });
    // A device to be set up by hand is ticked in its own room.
    const hand = { state: 'needs attention', code: 'BY_HAND' } as const;
    const more = [makeRoom({ id: 4, manual: 1, ...hand }), makeRoom({ id: 5, manual: 2, ...hand })];
    expect(manualScope([...rooms, ...more])).toEqual({ ids: [1, 3, 5], steps: 4 });
  });
});

describe('a room list on its way in', () => {
  it('needs name and mailbox for rooms, and something to recognise a device by', () => {
    const maps = [{ room: 'A', mailbox: 'B' }, { mailbox: 'B', serial: 'S' }, { mac: 'M' }, { room: 'A', device: 'D' }];
    expect(maps.map(isEnough)).toEqual([true, false, true, false]);
  });

  it('gives problems as a table that no spreadsheet takes for formulas', () => {
    const place = { row: 3, column: 'mailbox', value: '=HYPERLINK("x")\t' };
    const problem = { ...place, code: 'MAILBOX_UNFIT' as const, details: {}, message: '', todo: '' };
    expect(asTable(['Row', 'Column', 'Value', 'What', 'Do', 'Code'], [problem], () => ['a\nb', 'c'])).toBe(
      'Row\tColumn\tValue\tWhat\tDo\tCode\n3\tmailbox\t\'=HYPERLINK("x") \ta b\tc\tMAILBOX_UNFIT',
    );
  });
});
