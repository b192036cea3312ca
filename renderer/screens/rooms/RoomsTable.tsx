import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../design/classes.ts';
import { navigate, useStore } from '../../state/store.ts';
import { isOneBuilding, type Line } from './arrange.ts';
import { GroupRow } from './GroupRow.tsx';
import { chosenOf, idsOf } from './movement.ts';
import { RoomRowView } from './RoomRowView.tsx';
import css from './RoomsTable.module.css';
import { TableHead } from './TableHead.tsx';
import { setOpen, useChoosing } from './useChoosing.ts';
import { useRem } from './useRem.ts';
import { look, useView } from './viewStore.ts';

/** Height of a line in rem; `--row` of the tokens. */
const LINE_REM = 1.875;
const LINES_BEYOND = 6;

export interface TableHandle {
  /** Brings the keyboard into the table, to the line that had it last. */
  focus(): void;
}

export interface RoomsTableProps {
  lines: readonly Line[];
  /** The room that is shown beside the table. */
  shownId: number | null;
  /** Whether the room beside the table is the one that has the keyboard. */
  follows: boolean;
  ref?: Ref<TableHandle>;
}

/** All rooms, of which only those in sight are in the page. */
export function RoomsTable({ lines, shownId, follows, ref }: RoomsTableProps) {
  const { t } = useTranslation('rooms');
  const box = useRef<HTMLDivElement>(null);
  const height = Math.round(useRem() * LINE_REM);
  const grouped = useView(({ grouping }) => grouping !== 'none');
  const rooms = useStore((store) => store.rooms);
  const withBuilding = useMemo(() => !isOneBuilding(rooms), [rooms]);
  const selection = useStore((store) => store.selection);
  /** The keyboard is to follow to the line that it has moved to, once that line is in the page. */
  const follow = useRef(false);

  const choosing = useChoosing({
    lines,
    beside: follows,
    page: () => Math.floor((box.current?.clientHeight ?? 0) / height) - 1,
    moved: () => {
      follow.current = true;
    },
    open: (roomId) => navigate('room', roomId),
  });
  const { at } = choosing;
  const latestAt = useRef(at);
  latestAt.current = at;
  // A new function makes the virtualizer count anew: only when the lines are other ones.
  const getItemKey = useMemo(() => (index: number) => lines[index]?.key ?? index, [lines]);
  const virtual = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    getItemKey,
    overscan: LINES_BEYOND,
    // The heading stays on top and covers the first line's place.
    scrollPaddingStart: height,
    scrollMargin: height,
    // The line with the keyboard stays in the page wherever it is scrolled to, so that the focus is never lost.
    rangeExtractor: (range) => withIndex(defaultRangeExtractor(range), at, lines.length),
  });
  const active = useView((view) => view.active);
  useLayoutEffect(() => {
    if (active !== null) virtual.scrollToIndex(latestAt.current);
  }, [virtual, active]);

  /** The row that had the keyboard last. */
  const lastRow = useRef<Element | null>(null);
  const rowAt = (index: number) => box.current?.querySelector<HTMLElement>(`[data-at="${index}"]`);
  useLayoutEffect(() => {
    // A row that is filtered away takes the keyboard with it: then the next one gets it.
    const lost = document.activeElement === document.body && lastRow.current?.isConnected === false;
    if (!follow.current && !lost) return;
    follow.current = false;
    rowAt(at)?.focus({ preventScroll: true });
  });
  useImperativeHandle(ref, () => ({
    focus: () => {
      virtual.scrollToIndex(at);
      rowAt(at)?.focus({ preventScroll: true });
    },
  }));

  const all = useMemo(() => allIds(lines), [lines]);
  const chosen = useMemo(() => chosenOf(selection, all), [selection, all]);
  const press = (event: KeyboardEvent) => {
    const inRow = event.target instanceof HTMLElement && event.target.closest('[data-at]') !== null;
    if (!inRow) return;
    if (choosing.press(event)) event.preventDefault();
  };
  const click = (event: MouseEvent<HTMLElement>) => {
    const index = indexOf(event.target);
    if (index === null) return;
    const line = lines[index];
    if (isIn(event.target, '[data-choose]')) choosing.toggle(index);
    else if (isIn(event.target, '[data-fold]') && line?.type === 'group') setOpen(line.key, !line.open);
    else choosing.click(index, { shift: event.shiftKey, mod: event.ctrlKey || event.metaKey });
  };

  // Groups that open and close make it a tree.
  const semantics = { role: grouped ? 'treegrid' : 'grid', 'aria-multiselectable': true } as const;
  return (
    <div className={css.frame}>
      <div ref={box} className={css.box}>
        <table
          className={classes(css.table, withBuilding && css.withBuilding)}
          {...semantics}
          aria-label={t('table.name')}
          aria-rowcount={lines.length + 1}
          aria-colcount={8}
          onKeyDown={press}
          onClick={click}
          onDoubleClick={(event) => {
            const line = lines[indexOf(event.target) ?? -1];
            if (line?.type === 'room' && !isIn(event.target, '[data-choose]')) navigate('room', line.row.id);
          }}
          onFocus={({ target }) => {
            lastRow.current = target;
            const line = lines[indexOf(target) ?? -1];
            if (line && line.key !== active) look({ active: line.key });
          }}
          onBlur={({ target }) => {
            // By then a row that is being removed is gone, and one that is merely left is not.
            queueMicrotask(() => {
              if (target.isConnected) lastRow.current = null;
            });
          }}
        >
          <TableHead withBuilding={withBuilding} all={all} chosen={chosen} />
          <tbody className={css.lines} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start, key }) => {
              const line = lines[index];
              if (!line) return null;
              const place = { at: index, top: start - height, focusable: index === at };
              return line.type === 'room' ? (
                <RoomRowView
                  key={key}
                  {...place}
                  row={line.row}
                  chosen={selection.has(line.row.id)}
                  shown={line.row.id === shownId}
                  level={grouped ? 2 : null}
                  withBuilding={withBuilding}
                  t={t}
                />
              ) : (
                <GroupRow
                  key={key}
                  {...place}
                  line={line}
                  chosen={chosenOf(selection, idsOf(line))}
                  withBuilding={withBuilding}
                  t={t}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Rooms of all lines; those of an open group stand below it themselves. */
function allIds(lines: readonly Line[]): number[] {
  const ids: number[] = [];
  for (const line of lines) {
    if (line.type === 'room') ids.push(line.row.id);
    else if (!line.open) ids.push(...idsOf(line));
  }
  return ids;
}

function withIndex(indexes: number[], at: number, count: number): number[] {
  if (at >= count || indexes.includes(at)) return indexes;
  return [...indexes, at].sort((a, b) => a - b);
}

function isIn(target: EventTarget, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}

function indexOf(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-at]') : null;
  return row?.dataset.at === undefined ? null : Number(row.dataset.at);
}
