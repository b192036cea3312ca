/** The lines of the table as they are now: all rooms in order, searched, filtered, grouped. */
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { useRooms } from '../../state/hooks.ts';
import { type Filters, type Line, linesOf, shownRooms } from './arrange.ts';
import { foldInTime } from './fold.ts';
import { inOrder } from './order.ts';
import { useView } from './viewStore.ts';

export interface Arranged {
  /** All, in the order of the list. */
  rooms: readonly RoomRow[];
  loaded: boolean;
  /** What search and filters let through, in the order of the table. */
  shown: readonly RoomRow[];
  lines: readonly Line[];
  /** The same rooms in the order of the list. */
  inPlace: readonly RoomRow[];
}

/** What runs change may wait for what a person does; what was typed is shown at once. */
export function useLines(): Arranged {
  const { rooms: now, loaded } = useRooms();
  const rooms = useDeferredValue(now);
  // At once, not when there is time: deferred, the table came two frames later than the letter.
  const query = useView((view) => view.query);
  const filters = useView((view) => view.filters);
  const sort = useView((view) => view.sort);
  const grouping = useView((view) => view.grouping);
  const closed = useView((view) => view.closed);
  useEffect(() => foldInTime(rooms), [rooms]);
  const ordered = useMemo(() => inOrder(rooms, sort), [rooms, sort]);
  const shown = useMemo(() => shownRooms(ordered, query, filters), [ordered, query, filters]);
  const lines = useMemo(() => linesOf(shown, grouping, closed), [shown, grouping, closed]);
  const isMap = useView(({ shape }) => shape === 'map');
  const inPlace = useMemo(() => (isMap ? shownRooms(rooms, query, filters) : []), [isMap, rooms, query, filters]);
  return { rooms, loaded, shown, lines, inPlace };
}

/** So often the counts in the menus follow the table, milliseconds: they must not hold up what is typed. */
const COUNTS_AFTER_MS = 200;

/** For the counts in the menus, which come a moment later than the table. */
export function useLook(): { rooms: readonly RoomRow[]; query: string; filters: Filters } {
  const { rooms } = useRooms();
  const query = useView((view) => view.query);
  const filters = useView((view) => view.filters);
  const [settled, setSettled] = useState({ rooms, query, filters });
  const latest = useRef(settled);
  latest.current = { rooms, query, filters };
  const isBehind = settled.rooms !== rooms || settled.query !== query || settled.filters !== filters;
  useEffect(() => {
    if (!isBehind) return;
    const timer = setTimeout(() => setSettled(latest.current), COUNTS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isBehind]);
  return settled;
}
