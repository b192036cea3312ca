/** A macro's text for a terminal: marked lines, and beside it the OTJ macro that is most like it. Pure. */
import { diffArrays } from 'diff';
import type { JudgedMacro } from '../contract/rooms.ts';
import { clean } from './output.ts';

/** A comparison that takes longer is given up, milliseconds. */
const LONGEST_MS = 2_000;
/** Of a longer line only what is around its marks is shown. */
const LONGEST_LINE = 240;
const AROUND = 80;

interface Line {
  number: number;
  text: string;
  /** What is marked in it. */
  reasons: string[];
}

/** @param width of the whole, in columns. @returns lines without control characters */
export function macroLines(macro: Pick<JudgedMacro, 'content' | 'marks' | 'like'>, width: number): string[] {
  const lines = linesOf(macro.content, macro.marks);
  return macro.like ? besides(lines, macro.like, width) : lines.flatMap((line) => [numbered(line), ...told(line, 9)]);
}

function besides(
  here: readonly Line[],
  { name, room, share, content }: NonNullable<JudgedMacro['like']>,
  width: number,
): string[] {
  const there = linesOf(content, []);
  const half = Math.max(20, Math.floor((width - 5) / 2));
  const head = `beside it: ${name} of ${room}, the same in ${Math.round(share * 100)} % of lines; ≠ where they differ`;
  return [
    clean(head),
    ...paired(here, there).flatMap(({ left, right, same }) => {
      const [some, rest] = [cells(left && numbered(left), half), cells(right && numbered(right), half)];
      const rows = Array.from({ length: Math.max(some.length, rest.length) }, (_, at) => {
        const between = at === 0 && !same ? '≠' : '│';
        return `${(some[at] ?? '').padEnd(half)} ${between} ${rest[at] ?? ''}`.trimEnd();
      });
      return [...rows, ...(left ? told(left, 9) : [])];
    }),
  ];
}

/** Lines of both in one order: the same ones side by side, and others where they stand. */
function paired(
  here: readonly Line[],
  there: readonly Line[],
): { left: Line | null; right: Line | null; same: boolean }[] {
  const plain = ({ text }: Line) => text.trim();
  const parts = diffArrays(here.map(plain), there.map(plain), { timeout: LONGEST_MS }) ?? [
    { value: here, removed: true },
    { value: there, added: true },
  ];
  const rows: ReturnType<typeof paired> = [];
  const [some, rest] = [[...here], [...there]];
  let gone: Line[] = [];
  const flush = (come: Line[]) => {
    for (let at = 0; at < Math.max(gone.length, come.length); at++)
      rows.push({ left: gone[at] ?? null, right: come[at] ?? null, same: false });
    gone = [];
  };
  for (const { value, added, removed } of parts) {
    if (removed) gone = some.splice(0, value.length);
    else if (added) flush(rest.splice(0, value.length));
    else {
      flush([]);
      const right = rest.splice(0, value.length);
      for (const [at, left] of some.splice(0, value.length).entries())
        rows.push({ left, right: right[at] ?? null, same: true });
    }
  }
  flush([]);
  return rows;
}

function linesOf(content: string, marks: JudgedMacro['marks']): Line[] {
  const texts = content.replace(/\n$/, '').split('\n');
  let from = 0;
  return texts.map((text, at) => {
    const [begin, end] = [from, from + text.length];
    from = end + 1;
    const within = marks.filter((mark) => mark.from <= end && mark.to > begin);
    const places = within.map((mark) => ({ from: mark.from - begin, to: mark.to - begin }));
    return { number: at + 1, text: short(text, places), reasons: [...new Set(within.map(({ reason }) => reason))] };
  });
}

function short(text: string, marks: readonly { from: number; to: number }[]): string {
  if (text.length <= LONGEST_LINE) return text;
  if (marks.length === 0) return `${text.slice(0, LONGEST_LINE)}…`;
  const parts: { from: number; to: number }[] = [];
  for (const { from, to } of marks) {
    const part = { from: Math.max(0, from - AROUND), to: Math.min(text.length, to + AROUND) };
    const last = parts.at(-1);
    if (last && part.from <= last.to) last.to = Math.max(last.to, part.to);
    else parts.push(part);
  }
  return parts.map((part) => `…${text.slice(part.from, part.to)}…`).join(' ');
}

function numbered({ number, text, reasons }: Line): string {
  return `${reasons.length > 0 ? '▶' : ' '}${String(number).padStart(5)}  ${clean(text.replaceAll('\t', '  ').replace(/\r$/, ''))}`;
}

function told({ reasons }: Line, indent: number): string[] {
  return reasons.map((reason) => `${' '.repeat(indent)}^ ${clean(reason)}`);
}

function cells(line: string | null, width: number): string[] {
  if (line === null) return [];
  const letters = [...line];
  return Array.from({ length: Math.max(1, Math.ceil(letters.length / width)) }, (_, at) =>
    letters.slice(at * width, (at + 1) * width).join(''),
  );
}
