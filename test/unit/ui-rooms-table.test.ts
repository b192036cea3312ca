import { describe, expect, it } from 'vitest';
import type { RoomRow } from '../../main/contract/rooms.ts';
import {
  type Filters,
  familyChoices,
  linesOf,
  NO_FILTERS,
  placeChoices,
  placeKey,
  shownRooms,
  stateChoices,
} from '../../renderer/screens/rooms/arrange.ts';
import { fold } from '../../renderer/screens/rooms/fold.ts';
import { chosenOf, idsBetween, lineAfter, toggled } from '../../renderer/screens/rooms/movement.ts';
import { inOrder, LIST_ORDER, type Sort, sortAfter } from '../../renderer/screens/rooms/order.ts';
import { makeRoom } from '../support/roomRow.ts';

const FJORD = makeRoom({ id: 1, name: 'Fjord 10', floor: '2', address: '10.20.3.9', serial: 'FOC1' });
const SKOG = makeRoom({ id: 2, name: 'Skog', floor: '2', state: 'migrated', family: 'poly-videoos', address: null });
const ORSTA = makeRoom({ id: 3, name: 'Ørsta', floor: '10', state: 'needs attention', address: '10.20.3.10' });
const FJORD2 = makeRoom({
  id: 4,
  name: 'fjord 2',
  building: 'Bergen',
  mailbox: 'å.ström@example.com',
  address: 'b.example',
});
const ALL = [FJORD, SKOG, ORSTA, FJORD2];

const ids = (rooms: readonly RoomRow[]) => rooms.map(({ id }) => id);
const found = (query: string, filters: Partial<Filters> = {}) =>
  ids(shownRooms(ALL, query, { ...NO_FILTERS, ...filters }));

describe('search', () => {
  it('takes no notice of case and accents, nor of letters that have no plain part', () => {
    expect(fold('ÅNGSTRÖM Straße Łódź İstanbul')).toBe('angstrom strasse lodz istanbul');
    expect(found('orsta')).toEqual([3]);
    expect(found('ØRSTA')).toEqual([3]);
    expect(found('a.strom')).toEqual([4]);
  });

  it('wants all words, in whatever part of the room', () => {
    expect(found('fjord')).toEqual([1, 4]);
    expect(found('  10.20.3 fjord ')).toEqual([1]);
    expect(found('foc1')).toEqual([1]);
    expect(found('fjord skog')).toEqual([]);
  });

  it('finds nothing across the border of two parts', () => {
    const row = makeRoom({ id: 9, name: 'Ab', mailbox: 'cd@example.com' });
    expect(shownRooms([row], 'abcd', NO_FILTERS)).toEqual([]);
  });
});

describe('filters', () => {
  it('join by "and", their choices by "or"', () => {
    expect(found('', { states: new Set(['migrated', 'needs attention']) })).toEqual([2, 3]);
    expect(found('', { states: new Set(['migrated']), families: new Set(['cisco-roomos']) })).toEqual([]);
    expect(found('', { places: new Set([placeKey({ building: 'Oslo', floor: '2' })]) })).toEqual([1, 2]);
  });

  it('tell how many rooms each choice would show beside the other filters', () => {
    const filters: Filters = { ...NO_FILTERS, states: new Set(['migrated']), families: new Set(['poly-videoos']) };
    expect(familyChoices(ALL, '', filters)).toEqual([
      { value: 'cisco-roomos', count: 0 },
      { value: 'poly-videoos', count: 1 },
    ]);
    expect(stateChoices(ALL, '', filters)).toEqual([
      { value: 'needs attention', count: 0 },
      { value: 'not started', count: 0 },
      { value: 'migrated', count: 1 },
    ]);
    expect(placeChoices(ALL, 'fjord', NO_FILTERS)).toEqual([
      { value: { building: 'Oslo', floor: '2' }, count: 1 },
      { value: { building: 'Oslo', floor: '10' }, count: 0 },
      { value: { building: 'Bergen', floor: '2' }, count: 1 },
    ]);
  });

  it('tell what a run left half way from what an undo did', () => {
    const cutOff = makeRoom({ id: 5, state: 'in progress', interrupted: true });
    const halfUndone = makeRoom({ id: 6, state: 'in progress', interrupted: true, undoUnfinished: true });
    const rooms = [...ALL, cutOff, halfUndone];
    expect(ids(shownRooms(rooms, '', { ...NO_FILTERS, only: 'cut-off' }))).toEqual([5]);
    expect(ids(shownRooms(rooms, '', { ...NO_FILTERS, only: 'half-undone' }))).toEqual([6]);
  });
});

describe('order', () => {
  const by = (sort: Sort, rooms: readonly RoomRow[] = ALL) => ids(inOrder(rooms, sort));

  it('of names is a person’s', () => {
    expect(by({ by: 'room', descending: false })).toEqual([4, 1, 3, 2]);
    expect(by({ by: 'room', descending: true })).toEqual([2, 3, 1, 4]);
  });

  it('of addresses is by number, names after them, none last whichever way it goes', () => {
    expect(by({ by: 'address', descending: false })).toEqual([1, 3, 4, 2]);
    expect(by({ by: 'address', descending: true })).toEqual([4, 3, 1, 2]);
  });

  it('of states begins with what needs somebody; equals stay in the order of the list', () => {
    expect(by({ by: 'state', descending: false })).toEqual([3, 1, 4, 2]);
    expect(by({ by: 'state', descending: true })).toEqual([2, 1, 4, 3]);
  });

  it('of times without the service puts what goes on above what ended, the longest on top', () => {
    const rooms = [
      makeRoom({ id: 1, withoutOtjMs: 38_000 }),
      makeRoom({ id: 2 }),
      makeRoom({ id: 3, withoutSince: '2026-11-24T10:00:00.000Z' }),
      makeRoom({ id: 4, withoutSince: '2026-11-24T09:00:00.000Z' }),
    ];
    expect(by({ by: 'without', descending: true }, rooms)).toEqual([4, 3, 1, 2]);
  });

  it('goes one way, the other way, and back to the list', () => {
    const first = sortAfter(LIST_ORDER, 'room');
    const second = sortAfter(first, 'room');
    expect([first, second, sortAfter(second, 'room')]).toEqual([
      { by: 'room', descending: false },
      { by: 'room', descending: true },
      LIST_ORDER,
    ]);
    expect(sortAfter(LIST_ORDER, 'remaining')).toEqual({ by: 'remaining', descending: true });
    expect(sortAfter(LIST_ORDER, 'place')).toEqual({ by: 'place', descending: true });
  });
});

describe('groups', () => {
  it('hold their rooms, and keep their count when they are closed', () => {
    const open = linesOf(ALL, 'state');
    expect(open.map(({ key }) => key)).toEqual([
      'state needs attention',
      'room 3',
      'state not started',
      'room 1',
      'room 4',
      'state migrated',
      'room 2',
    ]);
    const closed = linesOf(ALL, 'state', new Set(['state not started']));
    expect(closed).toHaveLength(5);
    expect(closed[2]).toMatchObject({ type: 'group', open: false, rooms: [FJORD, FJORD2] });
  });

  it('keep a floor of one building apart from the same floor of another', () => {
    expect(linesOf(ALL, 'floor').filter(({ type }) => type === 'group')).toHaveLength(3);
  });
});

describe('keys', () => {
  it('stop at both ends', () => {
    const at = (key: string, from: number) => lineAfter(key, { at: from, count: 40, page: 10 });
    expect([at('ArrowUp', 0), at('ArrowDown', 39), at('PageDown', 35), at('PageUp', 5)]).toEqual([0, 39, 39, 0]);
    expect([at('PageDown', 5), at('Home', 20), at('End', 20), at('x', 20)]).toEqual([14, 0, 39, null]);
    expect(lineAfter('End', { at: 0, count: 0, page: 1 })).toBeNull();
  });

  it('choose a stretch, closed groups with all in them, open ones by their rooms', () => {
    const lines = linesOf(ALL, 'state', new Set(['state not started']));
    expect(idsBetween(lines, 4, 1)).toEqual([3, 1, 4, 2]);
    expect(idsBetween(lines, 0, 0)).toEqual([]);
  });

  it('choose what is not all chosen, and let go what is', () => {
    const some = new Set([1, 2]);
    expect([...toggled(some, [2, 3])]).toEqual([1, 2, 3]);
    expect([...toggled(some, [1, 2])]).toEqual([]);
    expect([chosenOf(some, [1, 2]), chosenOf(some, [2, 3]), chosenOf(some, [3])]).toEqual(['all', 'some', 'none']);
  });
});
