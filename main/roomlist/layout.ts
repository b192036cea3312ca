/** Where each column stands in a list: as in our template, as in another program's export, or as a person said. */
import type { Column } from '../contract/lists.ts';
import { ALL_COLUMNS, COLUMNS, columnOf, fold, knownHeadings, nearest, REQUIRED } from './columns.ts';
import type { Kind } from './kinds.ts';
import { type Fault, fault, fileProblem, type RowProblem, shown } from './problem.ts';

const EXPECTED = COLUMNS.join(', ');

export interface Layout {
  at: ReadonlyMap<Column, number>;
  /** The headings as written, trailing empty ones left out. */
  names: readonly string[];
  /** Other programs' lists have columns that are nobody's business here, and write `-` where nothing is. */
  foreign: boolean;
  /** What the devices of this kind of list are, where their model does not tell. */
  family: Kind['family'];
}

/** Which heading of a file fills which column. */
export type ColumnMap = Partial<Record<Column, string>>;

interface Headings {
  /** Without a layout the list cannot be read; problems may come with or without one. */
  layout: Layout | null;
  problems: RowProblem[];
}

export function headingNames(cells: readonly string[]): string[] {
  const names = cells.map((cell) => shown(cell));
  while (names.at(-1) === '') names.pop();
  return names;
}

/** Reads the heading row of our own template. */
export function readHeadings(cells: readonly string[], row: number): Headings {
  const names = headingNames(cells);
  if (knownHeadings(names) === 0) return { layout: null, problems: [{ ...noHeadings(names), row }] };

  const at = new Map<Column, number>();
  const unknown = new Map<string, Column | null>();
  const problems: RowProblem[] = [];
  const tell = (column: string, value: string, what: Fault): void => {
    problems.push({ row, column, value, ...what });
  };
  names.forEach((name, index) => {
    const column = columnOf(name);
    const first = column && names[at.get(column) ?? -1];
    if (!column) unknown.set(name, nearest(name));
    else if (first === undefined || first === null) at.set(column, index);
    else tell(name, name, fault('HEADING_TWICE', { first, second: name }));
  });

  const missing = REQUIRED.filter((column) => !at.has(column));
  for (const column of missing) {
    const meant = [...unknown].find(([, near]) => near === column)?.[0];
    if (meant !== undefined) unknown.delete(meant);
    if (meant === undefined) tell(column, '', fault('COLUMN_MISSING', { column }));
    else tell(column, meant, fault('COLUMN_MISSPELT', { column, heading: meant }));
  }
  for (const [name, near] of unknown) {
    if (name === '') tell('', '', fault('HEADING_EMPTY', { columns: EXPECTED }));
    else if (near) tell(name, name, fault('HEADING_NEAR', { heading: name, near }));
    else tell(name, name, fault('HEADING_UNKNOWN', { heading: name, columns: EXPECTED }));
  }
  const layout = { at, names, foreign: false, family: null };
  return { layout: missing.length > 0 ? null : layout, problems };
}

function noHeadings(names: readonly string[]): RowProblem {
  return fileProblem(fault('HEADINGS_NONE', { columns: EXPECTED }), names.join(' '));
}

/** The layout of another program's export. `kind` must fit these cells. */
export function layoutOfKind(cells: readonly string[], kind: Kind): Layout {
  const names = headingNames(cells);
  const folded = names.map(fold);
  const at = new Map<Column, number>();
  for (const column of ALL_COLUMNS) {
    const heading = (kind.columns[column] ?? []).map(fold).find((one) => folded.includes(one));
    if (heading !== undefined) at.set(column, folded.indexOf(heading));
  }
  return { at, names, foreign: true, family: kind.family };
}

/** Whether all headings that a map names are among these cells. */
export function mapFits(cells: readonly string[], map: ColumnMap): boolean {
  const folded = new Set(cells.map(fold));
  return Object.values(map).every((heading) => folded.has(fold(heading)));
}

/** The layout that a person has chosen; a heading that stands twice is told, and the first is read. */
export function layoutOfMap(cells: readonly string[], row: number, map: ColumnMap): Headings {
  const names = headingNames(cells);
  const folded = names.map(fold);
  const at = new Map<Column, number>();
  const problems: RowProblem[] = [];
  for (const column of ALL_COLUMNS) {
    const heading = map[column];
    if (heading === undefined) continue;
    const index = folded.indexOf(fold(heading));
    if (index < 0) {
      const all = shown(names.filter(Boolean).join(', '));
      const what = fault('HEADING_ABSENT', { heading: shown(heading), column, headings: all });
      problems.push({ row, column: '', value: shown(heading), ...what });
    } else {
      at.set(column, index);
      if (folded.lastIndexOf(fold(heading)) !== index) {
        const [first = '', second = ''] = [names[index], names[folded.lastIndexOf(fold(heading))]];
        problems.push({ row, column: first, value: shown(heading), ...fault('HEADING_AGAIN', { first, second }) });
      }
    }
  }
  const identifies = (['serial', 'mac', 'address'] as const).some((column) => at.has(column));
  const missing = !at.has('mailbox') && identifies ? [] : REQUIRED.filter((column) => !at.has(column));
  for (const column of missing) {
    problems.push({ row, column, value: '', ...fault('COLUMN_UNCHOSEN', { column }) });
  }
  return { layout: missing.length > 0 ? null : { at, names, foreign: true, family: null }, problems };
}
