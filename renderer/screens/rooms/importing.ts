/** A room list on its way in: what kind of file it is, and what came of it as text to be copied. */
import type { Input, Output } from '../../../main/contract/methods.ts';

export type ImportResult = Output<'rooms.import'>;
export type CellProblem = ImportResult['problems'][number];

/** The columns of a room list as the program knows them, with one example each. Not translated: they are what is written. */
export const COLUMNS = ['room', 'building', 'floor', 'mailbox', 'address', 'serial', 'family'] as const;
export const EXAMPLE: readonly Record<(typeof COLUMNS)[number], string>[] = [
  {
    room: 'Fjord',
    building: 'Oslo',
    floor: '2',
    mailbox: 'fjord@example.com',
    address: '10.20.2.11',
    serial: 'FOC2533A1B2',
    family: 'cisco',
  },
  {
    room: 'Skog',
    building: 'Oslo',
    floor: '2',
    mailbox: 'skog@example.com',
    address: '10.20.2.12',
    serial: '',
    family: 'poly',
  },
];
/** Without these no room can be read. */
export const NEEDED: ReadonlySet<string> = new Set(['room', 'mailbox']);

/** A room list that somebody has chosen and not imported yet. */
export type Source = { from: 'file'; file: File } | { from: 'text'; text: string };

/** Excel's and its like: they are not read in this version. The program says the same if the name deceives. */
export function isWorkbook(name: string): boolean {
  return /\.(xlsx|xlsm|xlsb|xls|ods|numbers)$/i.test(name);
}

/** Files go as bytes: the program finds out in which encoding they were saved. Throws when the file cannot be read. */
export async function inputOf(source: Source): Promise<Input<'rooms.import'>> {
  return source.from === 'text' ? { text: source.text } : { base64: await base64Of(source.file) };
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

/** For a spreadsheet: tabs between the cells, a line for each problem. */
export function asTable(headings: readonly string[], problems: readonly CellProblem[]): string {
  const rows = problems.map(({ row, column, value, message, todo }) => [String(row), column, value, message, todo]);
  return [headings, ...rows].map((cells) => cells.map(asCell).join('\t')).join('\n');
}

/** One line; and nothing that a spreadsheet would take for a formula. */
function asCell(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return /^[=+@-]/.test(line) ? `'${line}` : line;
}
