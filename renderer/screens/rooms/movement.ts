/** How the keys move through the lines of the table, and what they choose. Pure. */
import type { Line } from './arrange.ts';

/** @param page lines that are seen at once  @returns the line that the key leads to; null = the key is none of these */
export function lineAfter(
  key: string,
  { at, count, page }: { at: number; count: number; page: number },
): number | null {
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + Math.max(1, page - 1),
    PageUp: at - Math.max(1, page - 1),
    Home: 0,
    End: count - 1,
  };
  const wanted = steps[key];
  if (wanted === undefined || count === 0) return null;
  return Math.min(count - 1, Math.max(0, wanted));
}

/** Rooms from one line to another, both included; a closed group stands for its rooms. */
export function idsBetween(lines: readonly Line[], from: number, to: number): number[] {
  return lines.slice(Math.min(from, to), Math.max(from, to) + 1).flatMap((line) => {
    if (line.type === 'room') return [line.row.id];
    return line.open ? [] : line.rooms.map(({ id }) => id);
  });
}

/** Rooms of one line: the room, or all rooms of the group. */
export function idsOf(line: Line): number[] {
  return line.type === 'room' ? [line.row.id] : line.rooms.map(({ id }) => id);
}

/** Takes these out when all of them are chosen already, else adds them. */
export function toggled(selection: ReadonlySet<number>, ids: readonly number[]): Set<number> {
  const next = new Set(selection);
  const all = ids.every((id) => selection.has(id));
  for (const id of ids) {
    if (all) next.delete(id);
    else next.add(id);
  }
  return next;
}

/** How much of these is chosen. */
export function chosenOf(selection: ReadonlySet<number>, ids: readonly number[]): 'all' | 'some' | 'none' {
  let chosen = 0;
  for (const id of ids) if (selection.has(id)) chosen++;
  if (chosen === 0) return 'none';
  return chosen === ids.length ? 'all' : 'some';
}
