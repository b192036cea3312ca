import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type DragEvent,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../design/classes.ts';
import { percent } from '../../i18n/format.ts';
import css from './Match.module.css';
import type { Pick } from './pairs.ts';

export interface PickListHandle {
  focus(): void;
}

export interface PickListProps {
  /** `room` or `device`: what is dragged from here; the other kind can be dropped. */
  kind: 'room' | 'device';
  name: string;
  picks: readonly Pick[];
  chosen: number | null;
  onChoose(id: number | null): void;
  /** One of the other kind was dropped on this one. */
  onDrop(dragged: number, on: number): void;
  ref: Ref<PickListHandle>;
}

/** Height of a row in sizes of the text; the same as in the style. */
const ROW_REM = 1.875;
const PAGE = 8;
const TYPES = { room: 'application/x-otj-room', device: 'application/x-otj-device' };

/** Choose one of thousands: one tab stop, arrows move, Enter or Space chooses, rows can be dragged. */
export function PickList({ kind, name, picks, chosen, onChoose, onDrop, ref }: PickListProps) {
  const { t } = useTranslation('match');
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const [place, setPlace] = useState(0);
  const active = Math.min(place, picks.length - 1);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const virtual = useVirtualizer({
    count: picks.length,
    getScrollElement: () => box.current,
    estimateSize: () => rem * ROW_REM,
    overscan: 8,
  });
  useImperativeHandle(ref, () => ({ focus: () => table.current?.focus({ preventScroll: true }) }), []);
  useEffect(() => {
    if (document.activeElement === table.current && active >= 0) virtual.scrollToIndex(active);
  }, [active, virtual]);
  const choose = (at: number) => {
    const pick = picks[at];
    if (!pick) return;
    setPlace(at);
    onChoose(pick.id === chosen ? null : pick.id);
  };
  const press = (event: KeyboardEvent) => {
    const to = target(event.key, active, picks.length);
    if (to !== null) setPlace(to);
    else if (event.key === 'Enter' || event.key === ' ') choose(active);
    else return;
    event.preventDefault();
  };
  // The table itself holds the focus and names the row that is meant.
  const semantics = { role: 'grid', tabIndex: 0, 'aria-activedescendant': active >= 0 ? `${id}-${active}` : undefined };
  return (
    <div ref={box} className={css.list}>
      <table
        ref={table}
        {...semantics}
        className={css.table}
        aria-label={name}
        aria-rowcount={picks.length}
        onKeyDown={press}
        // What floats over the end of the page must not hide the row that is meant.
        onFocus={() => box.current?.scrollIntoView({ block: 'nearest' })}
        onClick={({ target }) => {
          const at = placeOf(target);
          if (at !== null) choose(at);
        }}
      >
        <tbody className={css.lines} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const pick = picks[index];
            return (
              pick && (
                <tr
                  key={pick.id}
                  id={`${id}-${index}`}
                  data-at={index}
                  aria-rowindex={index + 1}
                  aria-selected={pick.id === chosen}
                  className={classes(css.pick, index === active && css.active)}
                  style={{ transform: `translateY(${start}px)` }}
                  draggable
                  onDragStart={(event) => event.dataTransfer.setData(TYPES[kind], String(pick.id))}
                  onDragOver={(event) => {
                    if (event.dataTransfer.types.includes(other(kind))) event.preventDefault();
                  }}
                  onDrop={(event) => dropped(event, other(kind), (dragged) => onDrop(dragged, pick.id))}
                >
                  <td className={css.pickName} title={pick.name} dir="auto">
                    {pick.name}
                  </td>
                  <td className={css.pickPlace} title={pick.place} dir="auto">
                    {pick.place}
                  </td>
                  <td className={css.pickSays} title={pick.says} dir="auto">
                    {pick.says}
                  </td>
                  <td className={css.pickScore}>{pick.score === null ? '' : percent(pick.score)}</td>
                </tr>
              )
            );
          })}
          {picks.length === 0 && (
            <tr>
              <td className={css.none}>{t('noneFound')}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

function placeOf(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-at]') : null;
  return row?.dataset.at === undefined ? null : Number(row.dataset.at);
}

function other(kind: 'room' | 'device'): string {
  return TYPES[kind === 'room' ? 'device' : 'room'];
}

function dropped(event: DragEvent, type: string, then: (id: number) => void): void {
  const id = event.dataTransfer.getData(type);
  if (id === '') return;
  event.preventDefault();
  then(Number(id));
}

function target(key: string, at: number, length: number): number | null {
  const last = length - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, last);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'PageDown':
      return Math.min(at + PAGE, last);
    case 'PageUp':
      return Math.max(at - PAGE, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
