/** Which column of the file is which, by its heading. */
import { fileProblem, type RowProblem, shown } from './problem.ts';

/** The columns of a room list, in the order of the template, with the headings that are understood besides. */
const HEADINGS = {
  room: ['room name', 'name', 'meeting room', 'raum', 'raumname', 'besprechungsraum', 'rom', 'romnavn', 'møterom'],
  building: ['site', 'gebäude', 'gebaeude', 'standort', 'bygning', 'bygg'],
  floor: ['level', 'etage', 'stockwerk', 'stock', 'etasje'],
  mailbox: [
    ...['email', 'mail', 'email address', 'room mailbox', 'room email', 'mailbox address'],
    ...[
      'postfach',
      'raumpostfach',
      'mail-adresse',
      'email-adresse',
      'e-post',
      'e-postadresse',
      'postboks',
      'postkasse',
    ],
  ],
  address: [
    ...['ip', 'ip address', 'host', 'hostname', 'device address', 'device ip', 'endpoint address'],
    ...['adresse', 'ip-adresse', 'geräteadresse'],
  ],
  serial: ['serial number', 'serial no', 's/n', 'sn', 'seriennummer', 'seriennr', 'serienummer', 'serienr'],
  family: [
    'type',
    'vendor',
    'manufacturer',
    'make',
    'familie',
    'typ',
    'hersteller',
    'type enhet',
    'produsent',
    'leverandør',
  ],
} as const satisfies Record<string, readonly string[]>;

export type Column = keyof typeof HEADINGS;

export const COLUMNS = Object.keys(HEADINGS) as Column[];
const REQUIRED: readonly Column[] = ['room', 'mailbox'];
const EXPECTED = COLUMNS.join(', ');

const BY_HEADING = new Map<string, Column>(
  COLUMNS.flatMap((column) => [column, ...HEADINGS[column]].map((heading) => [fold(heading), column] as const)),
);

/** Where each column stands. `names` are the headings as written, trailing empty ones left out. */
export interface Layout {
  at: ReadonlyMap<Column, number>;
  names: readonly string[];
}

/** How many of these cells are headings that we know. */
export function knownHeadings(cells: readonly string[]): number {
  return cells.filter((cell) => BY_HEADING.has(fold(cell))).length;
}

/** Reads the heading row. Without a layout the list cannot be read; problems may come with or without one. */
export function readHeadings(cells: readonly string[], row: number): { layout: Layout | null; problems: RowProblem[] } {
  const names = cells.map((cell) => shown(cell));
  while (names.at(-1) === '') names.pop();
  if (knownHeadings(names) === 0) return { layout: null, problems: [{ ...noHeadings(names), row }] };

  const at = new Map<Column, number>();
  const unknown = new Map<string, Column | null>();
  const problems: RowProblem[] = [];
  const tell = (column: string, value: string, message: string, todo: string): void => {
    problems.push({ row, column, value, message, todo });
  };
  names.forEach((name, index) => {
    const column = BY_HEADING.get(fold(name));
    const first = column && names[at.get(column) ?? -1];
    if (!column) unknown.set(name, nearest(name));
    else if (first === undefined) at.set(column, index);
    else
      tell(
        name,
        name,
        `The headings “${first}” and “${name}” mean the same.`,
        'Remove or rename one of the two columns.',
      );
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
  return { layout: missing.length > 0 ? null : { at, names }, problems };
}

function noHeadings(names: readonly string[]): RowProblem {
  return fileProblem(
    'The first row has none of the expected headings.',
    `Put a row with headings on top: ${EXPECTED} (room and mailbox are needed, the others as you have them).`,
    names.join(' '),
  );
}

/** Headings are the same whatever their case, spaces and punctuation. */
function fold(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{P}\p{Z}\p{C}\p{S}]+/gu, '');
}

/** The column whose heading is spelt most like this one, if any is near enough to be meant. */
function nearest(heading: string): Column | null {
  const wanted = fold(heading);
  let best: { column: Column; distance: number } | null = null;
  for (const [known, column] of BY_HEADING) {
    const distance = editDistance(wanted, known);
    const near = distance <= Math.max(1, Math.floor(Math.max(wanted.length, known.length) / 3));
    if (near && known.length > 2 && (!best || distance < best.distance)) best = { column, distance };
  }
  return best?.column ?? null;
}

/** Levenshtein's distance; headings are at most 80 characters long here. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const line = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      line.push(Math.min(swap, (above[j] ?? 0) + 1, (line[j - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
