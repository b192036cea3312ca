/** Where each column stands in a list: as in our template, as in another program's export, or as a person said. */
import type { Column } from '../contract/lists.ts';
import { ALL_COLUMNS, COLUMNS, columnOf, fold, knownHeadings, nearest, REQUIRED } from './columns.ts';
import type { Kind } from './kinds.ts';
import { fileProblem, type RowProblem, shown } from './problem.ts';

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
  const tell = (column: string, value: string, message: string, todo: string): void => {
    problems.push({ row, column, value, message, todo });
  };
  names.forEach((name, index) => {
    const column = columnOf(name);
    const first = column && names[at.get(column) ?? -1];
    if (!column) unknown.set(name, nearest(name));
    else if (first === undefined || first === null) at.set(column, index);
    else tell(name, name, ...sameHeadings(first, name));
  });

  const missing = REQUIRED.filter((column) => !at.has(column));
  for (const column of missing) {
    const meant = [...unknown].find(([, near]) => near === column)?.[0];
    if (meant !== undefined) unknown.delete(meant);
    const todo =
      meant === undefined ? `Add a column with the heading ${column}.` : `Write ${column} instead of “${meant}”.`;
    tell(column, meant ?? '', `The column ${column} is missing.`, todo);
  }
  for (const [name, near] of unknown) {
    if (name === '')
      tell('', '', 'A column has no heading.', `Give it one of these, or remove the column: ${EXPECTED}.`);
    else {
      const todo = near ? `Write ${near} if that is meant; else` : `Use one of ${EXPECTED} if one is meant; else`;
      tell(name, name, `The heading “${name}” is not known, so its column is not read.`, `${todo} remove the column.`);
    }
  }
  const layout = { at, names, foreign: false, family: null };
  return { layout: missing.length > 0 ? null : layout, problems };
}

function sameHeadings(first: string, name: string): [string, string] {
  return [`The headings “${first}” and “${name}” mean the same.`, 'Remove or rename one of the two columns.'];
}

function noHeadings(names: readonly string[]): RowProblem {
  return fileProblem(
    'The first row has none of the expected headings.',
    `Put a row with headings on top: ${EXPECTED} (room and mailbox are needed, the others as you have them).`,
    names.join(' '),
  );
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
      problems.push({
        ...{ row, column: '', value: shown(heading) },
        message: `The list has no heading “${shown(heading)}”.`,
        todo: `Name one of its headings for ${column}: ${shown(names.filter(Boolean).join(', '))}`,
      });
    } else {
      at.set(column, index);
      if (folded.lastIndexOf(fold(heading)) !== index) {
        const [message] = sameHeadings(names[index] ?? '', names[folded.lastIndexOf(fold(heading))] ?? '');
        const todo = 'The first of the two is read; rename one if the other is meant.';
        problems.push({ row, column: names[index] ?? '', value: shown(heading), message, todo });
      }
    }
  }
  const identifies = (['serial', 'mac', 'address'] as const).some((column) => at.has(column));
  const missing = !at.has('mailbox') && identifies ? [] : REQUIRED.filter((column) => !at.has(column));
  for (const column of missing) {
    problems.push({
      ...{ row, column, value: '' },
      message: `No column is chosen for ${column}.`,
      todo: 'A list of rooms needs room and mailbox; a list of devices needs serial, mac or address.',
    });
  }
  return { layout: missing.length > 0 ? null : { at, names, foreign: true, family: null }, problems };
}
