/** From all rooms to the lines that the table shows: search, filters, groups. Pure. */
import type { Family, RoomState } from '../../../main/contract/plan.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { isFound, termsOf } from './fold.ts';
import { FAMILIES, URGENCY } from './order.ts';

export const GROUPINGS = ['none', 'floor', 'state', 'family'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Rooms that a run or an undo left half way. */
export type LeftHalfWay = 'cut-off' | 'half-undone';

/** An empty set lets every room through. */
export interface Filters {
  states: ReadonlySet<RoomState>;
  /** Building and floor, as `placeKey` writes them. */
  places: ReadonlySet<string>;
  families: ReadonlySet<Family | null>;
  only: LeftHalfWay | null;
}

export const NO_FILTERS: Filters = { states: new Set(), places: new Set(), families: new Set(), only: null };

function isFiltered({ states, places, families, only }: Filters): boolean {
  return states.size + places.size + families.size > 0 || only !== null;
}

/** One floor of one building. */
export interface Place {
  building: string;
  floor: string;
}

export function placeKey({ building, floor }: Place): string {
  return `${building}\n${floor}`;
}

/** Whether all rooms are in one building, so that its name tells nothing. */
export function isOneBuilding(rooms: readonly RoomRow[]): boolean {
  return rooms.every(({ building }) => building === rooms[0]?.building);
}

/** An undo that was cut off is to be finished as an undo, so each room is in one of the two at most. */
export function halfWay({ interrupted, undoUnfinished }: RoomRow): LeftHalfWay | null {
  if (undoUnfinished) return 'half-undone';
  return interrupted ? 'cut-off' : null;
}

type Facet = 'states' | 'places' | 'families';

/** @param but this filter is left out of account, to tell how many rooms it would let through */
export function shownRooms(
  rooms: readonly RoomRow[],
  query: string,
  filters: Filters,
  but: Facet | null = null,
): readonly RoomRow[] {
  const terms = termsOf(query);
  if (terms.length === 0 && !isFiltered(filters)) return rooms;
  const { states, places, families, only } = filters;
  const asks = {
    states: states.size > 0 && but !== 'states',
    places: places.size > 0 && but !== 'places',
    families: families.size > 0 && but !== 'families',
  };
  return rooms.filter(
    (row) =>
      (!asks.states || states.has(row.state)) &&
      (!asks.places || places.has(placeKey(row))) &&
      (!asks.families || families.has(row.family)) &&
      (only === null || halfWay(row) === only || isUnderWay(row)) &&
      isFound(row, terms),
  );
}

/** Shown on while they are carried on with: what was looked at must not vanish when work on it begins. */
function isUnderWay({ state, interrupted }: RoomRow): boolean {
  return state === 'in progress' && !interrupted;
}

export interface Choice<T> {
  value: T;
  count: number;
}

/** What a filter offers, with how many rooms each choice would show beside the other filters. */
export function stateChoices(rooms: readonly RoomRow[], query: string, filters: Filters): Choice<RoomState>[] {
  const counts = tally(shownRooms(rooms, query, filters, 'states'), ({ state }) => state);
  const there = new Set(rooms.map(({ state }) => state));
  return URGENCY.filter((state) => there.has(state)).map((value) => ({ value, count: counts.get(value) ?? 0 }));
}

export function familyChoices(rooms: readonly RoomRow[], query: string, filters: Filters): Choice<Family | null>[] {
  const counts = tally(shownRooms(rooms, query, filters, 'families'), ({ family }) => family);
  const there = new Set(rooms.map(({ family }) => family));
  return FAMILIES.filter((family) => there.has(family)).map((value) => ({ value, count: counts.get(value) ?? 0 }));
}

/** In the order of the list. */
export function placeChoices(rooms: readonly RoomRow[], query: string, filters: Filters): Choice<Place>[] {
  const counts = tally(shownRooms(rooms, query, filters, 'places'), placeKey);
  const there = new Map(rooms.map((row) => [placeKey(row), row]));
  return [...there].map(([key, { building, floor }]) => ({
    value: { building, floor },
    count: counts.get(key) ?? 0,
  }));
}

function tally<K>(rooms: readonly RoomRow[], keyOf: (row: RoomRow) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const row of rooms) {
    const key = keyOf(row);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

export type Group =
  | { by: 'floor'; place: Place }
  | { by: 'state'; state: RoomState }
  | { by: 'family'; family: Family | null };

export interface GroupLine {
  type: 'group';
  key: string;
  group: Group;
  rooms: readonly RoomRow[];
  open: boolean;
}
export interface RoomLine {
  type: 'room';
  key: string;
  row: RoomRow;
}
export type Line = GroupLine | RoomLine;

export function roomKey(id: number): string {
  return `room ${id}`;
}

/** @param closed keys of groups whose rooms are folded away */
export function linesOf(
  rooms: readonly RoomRow[],
  grouping: Grouping,
  closed: ReadonlySet<string> = new Set(),
): readonly Line[] {
  if (grouping === 'none') return rooms.map(roomLine);
  return groupsOf(rooms, grouping).flatMap(({ group, key, members }) => {
    const open = !closed.has(key);
    const line: GroupLine = { type: 'group', key, group, rooms: members, open };
    return open ? [line, ...members.map(roomLine)] : [line];
  });
}

/** A row keeps its identity until it changes, and its line with it: a new one for each at every keystroke costs more. */
const roomLines = new WeakMap<RoomRow, RoomLine>();

function roomLine(row: RoomRow): RoomLine {
  const known = roomLines.get(row);
  if (known) return known;
  const line: RoomLine = { type: 'room', key: roomKey(row.id), row };
  roomLines.set(row, line);
  return line;
}

type Members = { key: string; group: Group; members: RoomRow[] };

function groupsOf(rooms: readonly RoomRow[], grouping: Exclude<Grouping, 'none'>): Members[] {
  const groups = new Map<string, Members>();
  for (const row of rooms) {
    const key = groupKey(row, grouping);
    const known = groups.get(key);
    if (known) known.members.push(row);
    else groups.set(key, { key, group: groupOf(row, grouping), members: [row] });
  }
  const rank = ({ group }: Members): number => {
    if (group.by === 'state') return URGENCY.indexOf(group.state);
    return group.by === 'family' ? FAMILIES.indexOf(group.family) : 0;
  };
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}

function groupKey(row: RoomRow, grouping: Exclude<Grouping, 'none'>): string {
  if (grouping === 'floor') return `floor ${placeKey(row)}`;
  return grouping === 'state' ? `state ${row.state}` : `family ${row.family}`;
}

function groupOf({ building, floor, state, family }: RoomRow, by: Exclude<Grouping, 'none'>): Group {
  if (by === 'floor') return { by, place: { building, floor } };
  return by === 'state' ? { by, state } : { by, family };
}
