/** Two texts set beside each other, line by line, as rows of a table. Pure. */
import { diffLines } from 'diff';

export interface Line {
  /** Counted from 1. */
  number: number;
  text: string;
}

/** One row: what was on the left, what is on the right. Both for a line that is the same or was changed. */
export interface DiffRow {
  kind: 'same' | 'changed' | 'removed' | 'added';
  left: Line | null;
  right: Line | null;
}

export interface Fold<R> {
  kind: 'fold';
  /** Index of the first row that is folded away. */
  from: number;
  rows: R[];
}

export type DiffFold = Fold<DiffRow>;

export interface TextDiff {
  rows: DiffRow[];
  added: number;
  removed: number;
  /** The texts are too different for their lines to be compared in time: all of one is removed, all of the other added. */
  whole: boolean;
}

/** A comparison that takes longer is given up, milliseconds. */
const LONGEST_MS = 400;
const CONTEXT = 3;

/** @param before null = not there. @param after null = not there */
export function compareTexts(before: string | null, after: string | null): TextDiff {
  const [left, right] = [ended(before ?? ''), ended(after ?? '')];
  const parts = diffLines(left, right, { timeout: LONGEST_MS });
  const rows: DiffRow[] = [];
  const numbers = { left: 0, right: 0 };
  const take = (side: 'left' | 'right', text: string): Line => ({ number: ++numbers[side], text });
  let gone: string[] = [];
  const flush = (come: readonly string[]) => {
    for (let at = 0; at < Math.max(gone.length, come.length); at++) {
      const [was, is] = [gone[at], come[at]];
      rows.push({
        kind: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
        left: was === undefined ? null : take('left', was),
        right: is === undefined ? null : take('right', is),
      });
    }
    gone = [];
  };
  for (const { value, added, removed } of parts ?? wholly(left, right)) {
    const lines = linesOf(value);
    if (removed) {
      gone = lines;
    } else if (added) {
      flush(lines);
    } else {
      flush([]);
      for (const text of lines) rows.push({ kind: 'same', left: take('left', text), right: take('right', text) });
    }
  }
  flush([]);
  return {
    rows,
    added: rows.filter(({ kind }) => kind === 'added' || kind === 'changed').length,
    removed: rows.filter(({ kind }) => kind === 'removed' || kind === 'changed').length,
    whole: parts === undefined,
  };
}

/** A last line without its line break is the same line. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function wholly(left: string, right: string) {
  return [
    { value: left, added: false, removed: true },
    { value: right, added: true, removed: false },
  ];
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(/\r$/, ''));
}

/** Rows with long stretches of same lines folded away, a few kept around each change. */
export function folded(rows: readonly DiffRow[]): (DiffRow | DiffFold)[] {
  return foldedAround(rows, ({ kind }) => kind !== 'same');
}

/** Rows with long stretches folded away; those that matter stay, and a few around each. */
export function foldedAround<R>(rows: readonly R[], matters: (row: R) => boolean): (R | Fold<R>)[] {
  const near = new Uint8Array(rows.length);
  rows.forEach((row, at) => {
    if (matters(row)) near.fill(1, Math.max(0, at - CONTEXT), at + CONTEXT + 1);
  });
  const out: (R | Fold<R>)[] = [];
  for (let at = 0; at < rows.length; ) {
    const row = rows[at];
    if (!row) break;
    if (near[at]) {
      out.push(row);
      at++;
      continue;
    }
    let end = at;
    while (end < rows.length && !near[end]) end++;
    const hidden = rows.slice(at, end);
    // A fold takes a line itself.
    if (hidden.length < 3) out.push(...hidden);
    else out.push({ kind: 'fold', from: at, rows: hidden });
    at = end;
  }
  return out;
}

/** A text with one row per line in place of pairs: a changed line is a removed one and an added one. */
export function unified(rows: readonly (DiffRow | DiffFold)[]): (DiffRow | DiffFold)[] {
  const out: (DiffRow | DiffFold)[] = [];
  let added: DiffRow[] = [];
  for (const row of rows) {
    if (row.kind === 'changed') {
      out.push({ kind: 'removed', left: row.left, right: null });
      added.push({ kind: 'added', left: null, right: row.right });
      continue;
    }
    if (row.kind !== 'added' && added.length > 0) {
      // Removed lines of one block stay together, before the added ones.
      if (row.kind === 'removed') {
        out.push(row);
        continue;
      }
      out.push(...added);
      added = [];
    }
    if (row.kind === 'added') added.push(row);
    else out.push(row);
  }
  return [...out, ...added];
}

/** JSON with one value per line; any other text as it is. Key order is kept: it is the device's own. */
export function pretty(text: string): string {
  const trimmed = text.trimStart();
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return text;
  try {
    return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
  } catch {
    return text;
  }
}

/** Characters that act unseen (controls, direction overrides, zero width) as their numbers. Tabs stay. */
export function visible(line: string): string {
  return line
    .toWellFormed()
    .replace(
      /(?!\t)[\p{Cc}\u00ad\u061c\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu,
      (char) => `‹U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`,
    );
}

/** Longer lines are clipped in the table; the copy keeps them whole. Characters. */
const LONGEST_LINE = 2_000;

export function shownLine(text: string): string {
  return visible(text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text);
}
