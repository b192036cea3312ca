/** A room list on its way in: what kind of file it is, and what came of it as text to be copied. */
import type { Column, ImportOutcome, ListKind } from '../../../main/contract/lists.ts';

export type CellProblem = ImportOutcome['problems'][number];

/** The columns of a room list as the program knows them, with one example each. Not translated: they are what is written. */
export const COLUMNS = ['room', 'building', 'floor', 'mailbox', 'address', 'serial', 'mac', 'family'] as const;
export const EXAMPLE: readonly Record<(typeof COLUMNS)[number], string>[] = [
  {
    room: 'Fjord',
    building: 'Oslo',
    floor: '2',
    mailbox: 'fjord@example.com',
    address: '10.20.2.11',
    serial: 'FOC2533A1B2',
    mac: '',
    family: 'cisco',
  },
  {
    room: 'Skog',
    building: 'Oslo',
    floor: '2',
    mailbox: 'skog@example.com',
    address: '10.20.2.12',
    serial: '',
    mac: '00:E0:DB:00:02:12',
    family: 'poly',
  },
];
/** Without these no room can be read. */
export const NEEDED: ReadonlySet<string> = new Set(['room', 'mailbox']);

/** A list that somebody has chosen and not imported yet. */
export type Source =
  | { from: 'file'; file: File }
  | { from: 'text'; text: string }
  | { from: 'infinity' }
  | { from: 'microsoft' };

export type ColumnMap = Partial<Record<Column, string>>;

/** What a person has said of a list; null = found out. */
export interface Wish {
  sheet: string | null;
  kind: ListKind | null;
  map: ColumnMap | null;
}

export const NO_WISH: Wish = { sheet: null, kind: null, map: null };

export const KINDS = ['template', 'infinity', 'control-hub', 'poly-lens', 'table'] as const satisfies ListKind[];
/** All that a list can fill, in the order in which a person is asked. */
export const ALL_COLUMNS = [
  ...(['room', 'mailbox', 'building', 'floor', 'address', 'serial', 'mac', 'family', 'device', 'model'] as const),
] as const satisfies Column[];

/** Whether rooms, or devices, can be read with these columns. */
export function isEnough(map: ColumnMap): boolean {
  if (map.mailbox !== undefined) return map.room !== undefined;
  return map.serial !== undefined || map.mac !== undefined || map.address !== undefined;
}

type ListInput = { text: string } | { base64: string } | { from: 'infinity' | 'microsoft' };

/** Files go as bytes: the program finds out in which encoding they were saved. Throws when the file cannot be read. */
export async function inputOf(source: Source): Promise<ListInput> {
  if (source.from === 'file') return { base64: await base64Of(source.file) };
  return source.from === 'text' ? { text: source.text } : { from: source.from };
}

/** The browser's own encoder: it does not hold up the window, however large the file. */
export function base64Of(file: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
  return promise;
}

/** For a spreadsheet: tabs between the cells, a line for each problem. @param wordsOf what is wrong, and what to do */
export function asTable(
  headings: readonly string[],
  problems: readonly CellProblem[],
  wordsOf: (problem: CellProblem) => readonly [string, string],
): string {
  const rows = problems.map((problem) => {
    const { row, column, value, code } = problem;
    return [String(row), column, value, ...wordsOf(problem), code];
  });
  return [headings, ...rows].map((cells) => cells.map(asCell).join('\t')).join('\n');
}

/** One line; and nothing that a spreadsheet would take for a formula. */
function asCell(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return /^[=+@-]/.test(line) ? `'${line}` : line;
}
