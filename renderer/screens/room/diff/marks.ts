/** A text with signs marked in it, as lines of pieces. Pure. */
import type { JudgedMacro } from '../../../../main/contract/rooms.ts';

export interface Piece {
  text: string;
  /** Which sign it is, by its place in the list of signs, from 1; 0 = one that the list does not name. null = none. */
  sign: number | null;
}

export interface MarkedLine {
  kind: 'line';
  /** Counted from 1. */
  number: number;
  pieces: Piece[];
  marked: boolean;
}

/** Lines of scripts that were made small are very long: beyond this only what is near a sign is shown. Characters. */
const LONG_LINE = 1_000;
const AROUND = 120;

/** @param signs what was found, in the order in which it is told; marks name their sign by its words */
export function markedLines(
  { content, marks }: Pick<JudgedMacro, 'content' | 'marks'>,
  signs: readonly string[],
): MarkedLine[] {
  const spans = orderly(marks, content.length);
  const lines: MarkedLine[] = [];
  let [start, next] = [0, 0];
  for (const line of content.replace(/\n$/, '').split('\n')) {
    const end = start + line.length;
    while ((spans[next]?.to ?? Number.POSITIVE_INFINITY) <= start) next++;
    const pieces: Piece[] = [];
    let at = start;
    for (let index = next; index < spans.length; index++) {
      const span = spans[index];
      if (!span || span.from >= end) break;
      const [from, to] = [Math.max(span.from, start), Math.min(span.to, end)];
      if (from > at) pieces.push({ text: content.slice(at, from), sign: null });
      if (to > from) pieces.push({ text: content.slice(from, to), sign: signs.indexOf(span.reason) + 1 });
      at = Math.max(at, to);
    }
    if (at < end) pieces.push({ text: content.slice(at, end).replace(/\r$/, ''), sign: null });
    const marked = pieces.some(({ sign }) => sign !== null);
    lines.push({ kind: 'line', number: lines.length + 1, pieces: shortened(pieces, line.length), marked });
    start = end + 1;
  }
  return lines;
}

type Mark = JudgedMacro['marks'][number];

/** In order, within the text, none over another: of two that overlap the first is whole. */
function orderly(marks: readonly Mark[], length: number): Mark[] {
  const out: Mark[] = [];
  let end = 0;
  for (const mark of marks.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const [from, to] = [Math.max(mark.from, end), Math.min(mark.to, length)];
    if (to <= from) continue;
    out.push({ ...mark, from, to });
    end = to;
  }
  return out;
}

/** What is far from any sign is left out of a very long line. */
function shortened(pieces: Piece[], length: number): Piece[] {
  if (length <= LONG_LINE) return pieces;
  return pieces.map((piece, at) => {
    if (piece.sign !== null) return piece;
    const [isFirst, isLast] = [at === 0, at === pieces.length - 1];
    const { text } = piece;
    if (text.length <= 2 * AROUND) return piece;
    const head = isFirst && !isLast ? '' : text.slice(0, AROUND);
    const tail = isLast && !isFirst ? '' : text.slice(-AROUND);
    return { ...piece, text: `${head} … ${tail}`.trim() };
  });
}
