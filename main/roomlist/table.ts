/** From text to rows of cells. */
import Papa from 'papaparse';
import { knownHeadings } from './columns.ts';
import { revived } from './inert.ts';
import { fault, fileProblem, type RowProblem, shown } from './problem.ts';

const DELIMITERS = [',', ';', '\t', '|'];
const MAX_LINE = 64_000;
const MAX_LINES = 250_000;

export interface TableRow {
  /** As a spreadsheet counts: a cell with line breaks is still one row, an empty row counts. */
  row: number;
  cells: string[];
  /** What is wrong with the quotation marks, if anything is. */
  quotes: 'unclosed' | 'stray' | null;
  /** Columns with a formula whose result was not saved in the file. */
  unsaved?: readonly number[];
}

/** One table of a file: the text, or a sheet of a workbook. */
export interface Sheet {
  /** Empty for a text. */
  name: string;
  hidden: boolean;
  /** Gives the rows in their order. @returns why the table cannot be read at all; null = it can */
  each(take: (row: TableRow) => void): RowProblem | null;
  /** The first rows that are not empty, or fewer, or why the table cannot be read at all. */
  top(count: number): TableRow[] | RowProblem;
}

/** No twenty rows of a list are longer; a hostile file is not read twice as a whole. */
const TOP = 200_000;

export function topOf(text: string, count: number): TableRow[] | RowProblem {
  const rows: TableRow[] = [];
  const tooLarge = measure(text);
  if (tooLarge) return tooLarge;
  const cut = text.length > TOP ? text.slice(0, text.lastIndexOf('\n', TOP)) : text;
  readTable(cut, (row) => {
    if (rows.length < count && !isEmpty(row)) rows.push(row);
  });
  return rows;
}

/** The first rows of a table in memory that are not empty. */
export function firstOf(table: readonly TableRow[], count: number): TableRow[] {
  const rows: TableRow[] = [];
  for (const row of table) {
    if (!isEmpty(row)) rows.push(row);
    if (rows.length >= count) break;
  }
  return rows;
}

export function isEmpty({ cells }: TableRow): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** Gives every row to `take`, one by one, so that a hostile file costs no memory. */
export function readTable(text: string, take: (row: TableRow) => void): RowProblem | null {
  const { delimiter, body } = delimiterOf(text);
  const tooLarge = measure(body);
  if (tooLarge) return tooLarge;
  let row = 0;
  Papa.parse<string[]>(body, {
    delimiter,
    newline: '\n',
    step: ({ data, errors }) => {
      row += 1;
      const unclosed = errors.some(({ code }) => code === 'MissingQuotes');
      const stray = errors.some(({ type }) => type === 'Quotes');
      take({
        row,
        cells: data.map((cell) => revived(cell.trim())),
        quotes: unclosed ? 'unclosed' : stray ? 'stray' : null,
      });
    },
  });
  return null;
}

/** The delimiter under which most headings are known; without any, the most frequent one. */
function delimiterOf(text: string): { delimiter: string; body: string } {
  // Excel writes and obeys this line, and shows it as no row.
  const told = /^"?sep=([,;\t|])"?\n/.exec(text);
  if (told?.[1]) return { delimiter: told[1], body: text.slice(told[0].length) };
  const heading = /^\s*([^\n]*)/.exec(text.slice(0, MAX_LINE))?.[1] ?? '';
  const best = DELIMITERS.map((delimiter) => {
    const cells = Papa.parse<string[]>(heading, { delimiter, preview: 1 }).data[0] ?? [];
    return { delimiter, known: knownHeadings(cells), cells: cells.length };
  }).reduce((a, b) => (b.known > a.known || (b.known === a.known && b.cells > a.cells) ? b : a));
  return { delimiter: best.delimiter, body: text };
}

/** Limits far beyond any room list, looked at before anything is taken apart. */
function measure(text: string): RowProblem | null {
  let lines = 0;
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    lines += 1;
    if (lines > MAX_LINES) return fileProblem(fault('LINES_MANY', { most: String(MAX_LINES) }));
    if (end - start > MAX_LINE) {
      const what = fault('LINE_LONG', { most: String(MAX_LINE) });
      return { row: lines, column: '', value: shown(text.slice(start, start + 200)), ...what };
    }
    start = end + 1;
  }
  return null;
}
