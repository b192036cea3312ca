/** Searching as people type: case and accents aside. Pure. */
import type { RoomRow } from '../../../main/contract/rooms.ts';

/** Letters that Unicode does not take apart into a base letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** `Ångström` → `angstrom`, `Ørsta` → `orsta`. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[øæœßłđðþı]/g, (letter) => LETTERS[letter] ?? letter);
}

/** A row keeps its identity until it changes, so each is folded once and not at each keystroke. */
const folded = new WeakMap<RoomRow, string>();

/** All of a room that the search looks at. */
function haystackOf(row: RoomRow): string {
  const known = folded.get(row);
  if (known !== undefined) return known;
  // A line break stands between the parts: nobody types one, so that no match runs from one part into the next.
  const made = fold([row.name, row.mailbox, row.address ?? '', row.serial ?? ''].join('\n'));
  folded.set(row, made);
  return made;
}

/** @returns what a room has to hold, all of it; empty = every room fits */
export function termsOf(query: string): string[] {
  return fold(query).split(/\s+/).filter(Boolean);
}

export function isFound(row: RoomRow, terms: readonly string[]): boolean {
  if (terms.length === 0) return true;
  const haystack = haystackOf(row);
  return terms.every((term) => haystack.includes(term));
}

/** Rooms folded between two breaths of the window. */
const AT_ONCE = 500;

/** Folds ahead, while nothing else is to be done, so that the first keystroke finds it done. @returns how to stop */
export function foldInTime(rooms: readonly RoomRow[]): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const from = (start: number): void => {
    for (const row of rooms.slice(start, start + AT_ONCE)) haystackOf(row);
    if (start + AT_ONCE < rooms.length) timer = setTimeout(from, 0, start + AT_ONCE);
  };
  timer = setTimeout(from, 0, 0);
  return () => clearTimeout(timer);
}
