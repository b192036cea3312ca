/** Which line has the keyboard, and which rooms are chosen: by keys and by mouse. */
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { showBeside, useStore } from '../../state/store.ts';
import type { Line } from './arrange.ts';
import { idsBetween, idsOf, lineAfter, toggled } from './movement.ts';
import { look, useView } from './viewStore.ts';

/** Moving on by a held key must not ask for each room on the way. */
const BESIDE_AFTER_MS = 90;

export interface Choosing {
  /** Place of the line that has the keyboard; 0 when none was chosen yet. */
  at: number;
  /** @returns whether the key was one of the table's */
  press(event: KeyboardEvent): boolean;
  click(at: number, keys: { shift: boolean; mod: boolean }): void;
  toggle(at: number): void;
}

export interface ChoosingOptions {
  lines: readonly Line[];
  /** Lines that are seen at once. */
  page(): number;
  /** The keyboard has gone to this line. */
  moved(at: number): void;
  open(roomId: number): void;
  /** A room is shown beside the table while it has the keyboard. */
  beside: boolean;
}

export function useChoosing(options: ChoosingOptions): Choosing {
  const { lines, page, moved, open, beside } = options;
  const active = useView((view) => view.active);
  const found = useMemo(() => lines.findIndex(({ key }) => key === active), [lines, active]);
  const lastAt = useRef(0);
  // A line that is filtered away leaves the keyboard where it was, not at the top.
  const at = found >= 0 ? found : Math.min(lastAt.current, Math.max(0, lines.length - 1));
  lastAt.current = at;
  /** A stretch that is being chosen with Shift: where it began, and what was chosen before. */
  const stretch = useRef<{ from: string; before: ReadonlySet<number> } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const go = (to: number) => {
    const line = lines[to];
    if (!line) return;
    look({ active: line.key });
    moved(to);
    clearTimeout(timer.current);
    if (beside && line.type === 'room') timer.current = setTimeout(() => showBeside(line.row.id), BESIDE_AFTER_MS);
  };

  const stretchTo = (to: number) => {
    const { selection, select } = useStore.getState();
    stretch.current ??= { from: lines[at]?.key ?? '', before: selection };
    const { from, before } = stretch.current;
    const start = Math.max(
      0,
      lines.findIndex(({ key }) => key === from),
    );
    select([...before, ...idsBetween(lines, start, to)]);
    go(to);
  };

  const toggle = (which: number) => {
    const line = lines[which];
    const { selection, select } = useStore.getState();
    stretch.current = null;
    if (line) select(toggled(selection, idsOf(line)));
  };

  const fold = (which: number, wish: boolean): boolean => {
    const line = lines[which];
    if (line?.type !== 'group' || line.open === wish) return false;
    setOpen(line.key, wish);
    return true;
  };

  const press = (event: KeyboardEvent): boolean => {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const { selection, select } = useStore.getState();
    if (altKey) return false;
    if (ctrlKey || metaKey) {
      if (key.toLowerCase() !== 'a' || shiftKey) return false;
      stretch.current = null;
      const all = lines.flatMap((line) => (line.type === 'group' && line.open ? [] : idsOf(line)));
      select(toggled(selection, all));
      return true;
    }
    const to = lineAfter(key, { at, count: lines.length, page: page() });
    if (to !== null) {
      if (shiftKey) stretchTo(to);
      else {
        stretch.current = null;
        go(to);
      }
      return true;
    }
    const line = lines[at];
    switch (key) {
      case ' ':
        toggle(at);
        return true;
      case 'Enter':
        if (line?.type === 'room') open(line.row.id);
        else if (line) setOpen(line.key, !line.open);
        return line !== undefined;
      case 'ArrowRight':
        return fold(at, true);
      case 'ArrowLeft':
        return fold(at, false) || toGroup();
      case 'Escape':
        if (selection.size > 0) select([]);
        else if (useStore.getState().route.roomId === null) return false;
        else closeDetails();
        return true;
      default:
        return false;
    }
  };

  /** From a room to the heading of its group. */
  const toGroup = (): boolean => {
    const above = lines.slice(0, at).findLastIndex(({ type }) => type === 'group');
    if (lines[at]?.type !== 'room' || above < 0) return false;
    go(above);
    return true;
  };

  return {
    at,
    press,
    toggle,
    click(to, { shift, mod }) {
      if (shift) return stretchTo(to);
      stretch.current = null;
      go(to);
      clearTimeout(timer.current);
      const line = lines[to];
      if (mod) toggle(to);
      else if (line?.type === 'room') {
        look({ details: true });
        showBeside(line.row.id);
      }
    },
  };
}

export function setOpen(key: string, open: boolean): void {
  const closed = new Set(useView.getState().closed);
  if (open) closed.delete(key);
  else closed.add(key);
  look({ closed });
}

/** Nothing is shown beside the table until somebody asks for it again. */
export function closeDetails(): void {
  showBeside(null);
  look({ details: false });
}
