/** What kind of list it is, in which sheet, and which column is which: found out, remembered, said, or to be asked. */
import { OtjError } from '../contract/errors.ts';
import type { Column, ListKind, Looked, RememberedMap } from '../contract/lists.ts';
import { ALL_COLUMNS, fold, knownHeadings, likelyColumn } from './columns.ts';
import { plainMac } from './fields.ts';
import { kindOf } from './kinds.ts';
import {
  type ColumnMap,
  headingNames,
  type Layout,
  layoutOfKind,
  layoutOfMap,
  mapFits,
  readHeadings,
} from './layout.ts';
import { fault, fileProblem, type RowProblem, shown } from './problem.ts';
import type { ListFile } from './source.ts';
import type { Sheet, TableRow } from './table.ts';

/** Exports put a title and a date above their headings; nobody puts a page. */
const FIRST_ROWS = 20;
const EXAMPLES = 3;

export interface ListWish {
  sheet?: string | null;
  kind?: ListKind | null;
  map?: ColumnMap | null;
  /** Choices made before, the newest first. */
  remembered?: readonly RememberedMap[];
}

export interface Inspected {
  looked: Looked;
  sheet: Sheet;
  /** The row of the headings; 0 = there is none. */
  headingRow: number;
  /** null = it cannot be read so. */
  layout: Layout | null;
  problems: RowProblem[];
}

/** Throws SHEET_UNKNOWN. */
export function inspect(file: ListFile, wish: ListWish = {}): Inspected {
  const looks = candidates(file, wish.sheet ?? null).map((sheet) => inspectSheet(file, sheet, wish));
  const [first] = looks;
  if (!first) throw new OtjError('SHEET_UNKNOWN', wish.sheet ?? '');
  return (
    looks.find(({ looked, layout }) => layout && looked.how !== 'question') ??
    looks.find(({ headingRow }) => headingRow > 0) ??
    first
  );
}

/** The named sheet; else those that are shown; else, in a workbook of hidden sheets, all. */
function candidates({ sheets }: ListFile, name: string | null): Sheet[] {
  if (name !== null) {
    const key = name.toLowerCase();
    const named = sheets.find((one) => one.name === name) ?? sheets.find((one) => one.name.toLowerCase() === key);
    if (named) return [named];
    const names = sheets.map((one) => shown(one.name) || 'a text file has no sheets').slice(0, 20);
    throw new OtjError('SHEET_UNKNOWN', `${shown(name)}; there are: ${names.join(', ')}`);
  }
  const open = sheets.filter(({ hidden }) => !hidden);
  return open.length > 0 ? open : [...sheets];
}

function inspectSheet(file: ListFile, sheet: Sheet, wish: ListWish): Inspected {
  const read = sheet.top(FIRST_ROWS + EXAMPLES);
  const rows = Array.isArray(read) ? read : [];
  const tops = rows.slice(0, FIRST_ROWS);
  const found: Found = !Array.isArray(read)
    ? { ...NOTHING, problems: [read] }
    : tops.length === 0
      ? { ...NOTHING, problems: [fileProblem(fault('FILE_EMPTY'))] }
      : find(tops, wish);
  const { top, kind, how, layout, problems } = found;
  const names = top ? headingNames(top.cells) : [];
  const below = top ? rows.filter(({ row }) => row > top.row) : [];
  return {
    looked: {
      sheets: file.sheets.map(({ name, hidden }) => ({ name: shown(name), hidden })),
      sheet: sheet.name,
      kind,
      how,
      headings: names.map((name, at) => ({ name, examples: examplesOf(below, at) })),
      map: found.guess ?? mapOf(layout),
    },
    sheet,
    headingRow: top?.row ?? 0,
    layout,
    problems,
  };
}

interface Found {
  top: TableRow | null;
  kind: ListKind;
  how: Looked['how'];
  layout: Layout | null;
  problems: RowProblem[];
  /** What is proposed where a person has to say. */
  guess?: ColumnMap;
}
const NOTHING: Found = { top: null, kind: 'table', how: 'question', layout: null, problems: [] };

function find(tops: readonly TableRow[], { kind, map, remembered = [] }: ListWish): Found {
  const [first] = tops;
  if (!first) return NOTHING;
  if (map && Object.keys(map).length > 0) {
    const top = tops.find(({ cells }) => mapFits(cells, map)) ?? likeliest(tops);
    return { top, kind: 'table', how: 'given', ...layoutOfMap(top.cells, top.row, map) };
  }
  if (kind && kind !== 'table') return givenKind(tops, kind);
  const exact = kind ? null : fromMemory(tops, remembered, sameHeadings);
  if (exact) return exact;
  if (!kind) {
    for (const top of tops) {
      const known = kindOf(top.cells);
      if (known)
        return { top, kind: known.id, how: 'recognised', layout: layoutOfKind(top.cells, known), problems: [] };
    }
    for (const top of tops) {
      const own = readHeadings(top.cells, top.row);
      if (own.layout) return { top, kind: 'template', how: 'recognised', ...own };
    }
  }
  return fromMemory(tops, remembered, ({ cells }, one) => mapFits(cells, one.map)) ?? question(tops);
}

function givenKind(tops: readonly TableRow[], kind: ListKind): Found {
  const top = tops.find(({ cells }) => kindOf(cells, kind)) ?? likeliest(tops);
  const known = kindOf(top.cells, kind);
  if (known) return { top, kind, how: 'given', layout: layoutOfKind(top.cells, known), problems: [] };
  if (kind === 'template') return { top, kind, how: 'given', ...readHeadings(top.cells, top.row) };
  const problem = { ...fileProblem(fault('HEADINGS_KIND', { kind }), top.cells.join(' ')), row: top.row };
  return { top, kind, how: 'given', layout: null, problems: [problem] };
}

function fromMemory(
  tops: readonly TableRow[],
  remembered: readonly RememberedMap[],
  fits: (top: TableRow, one: RememberedMap) => boolean,
): Found | null {
  for (const one of remembered) {
    const top = tops.find((row) => fits(row, one));
    const made = top && layoutOfMap(top.cells, top.row, one.map);
    if (top && made?.layout) return { top, kind: 'table', how: 'remembered', ...made };
  }
  return null;
}

function sameHeadings({ cells }: TableRow, { headings }: RememberedMap): boolean {
  return foldedHeadings(cells).join('\0') === headings.join('\0');
}

/** What a choice of columns is remembered for. */
export function foldedHeadings(cells: readonly string[]): string[] {
  return headingNames(cells).map(fold);
}

function question(tops: readonly TableRow[]): Found {
  const top = likeliest(tops);
  return { top, kind: 'table', how: 'question', ...readHeadings(top.cells, top.row), guess: guessOf(top, tops) };
}

/** The row with the most headings that we know; else the first with several cells, which no title has. */
function likeliest(tops: readonly TableRow[]): TableRow {
  const several = tops.find(({ cells }) => cells.filter((cell) => cell.trim() !== '').length > 1);
  return tops.reduce(
    (best, top) => (knownHeadings(top.cells) > knownHeadings(best.cells) ? top : best),
    several ?? (tops[0] as TableRow),
  );
}

/** By the headings; where they say nothing, by what stands below them. */
function guessOf(top: TableRow, tops: readonly TableRow[]): ColumnMap {
  const map: ColumnMap = {};
  const names = headingNames(top.cells);
  const rows = tops.filter(({ row }) => row > top.row);
  const guesses = [likelyColumn, (_name: string, at: number) => columnBelow(rows, at)];
  for (const guess of guesses)
    for (const [at, name] of names.entries()) {
      const column = name === '' || Object.values(map).includes(name) ? null : guess(name, at);
      if (column && map[column] === undefined) map[column] = name;
    }
  return map;
}

function columnBelow(rows: readonly TableRow[], at: number): Column | null {
  const texts = rows.map(({ cells }) => (cells[at] ?? '').trim()).filter(Boolean);
  const all = (holds: (text: string) => boolean) => texts.length > 0 && texts.every(holds);
  if (all((text) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text))) return 'mailbox';
  if (all((text) => plainMac(text) !== null)) return 'mac';
  return all((text) => /^\d{1,3}(\.\d{1,3}){3}$/.test(text)) ? 'address' : null;
}

function mapOf(layout: Layout | null): ColumnMap {
  if (!layout) return {};
  const entries = ALL_COLUMNS.flatMap((column): [Column, string][] => {
    const name = layout.names[layout.at.get(column) ?? -1];
    return name === undefined ? [] : [[column, name]];
  });
  return Object.fromEntries(entries);
}

function examplesOf(rows: readonly TableRow[], at: number): string[] {
  return rows
    .map(({ cells }) => shown(cells[at] ?? ''))
    .filter(Boolean)
    .slice(0, EXAMPLES);
}
