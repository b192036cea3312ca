/** The columns that a list can have, and what they may be called. */
import { closest, distance } from 'fastest-levenshtein';
import type { Column } from '../contract/lists.ts';

/** The columns of our own room list, in the order of the template, with the headings that are understood besides. */
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
  mac: ['mac address', 'ethernet address', 'mac-adresse', 'hardwareadresse'],
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
} as const satisfies Partial<Record<Column, readonly string[]>>;

/** What lists of devices tell besides. */
const OF_DEVICES = {
  device: ['device name', 'system name', 'endpoint name', 'gerätename', 'systemname', 'enhetsnavn'],
  model: ['device model', 'hardware model', 'product', 'modell', 'produkt'],
} as const satisfies Partial<Record<Column, readonly string[]>>;

type ListColumn = keyof typeof HEADINGS;

/** Of the template. */
export const COLUMNS = Object.keys(HEADINGS) as ListColumn[];
export const ALL_COLUMNS = [...COLUMNS, ...Object.keys(OF_DEVICES)] as Column[];
/** Without these no room can be read. */
export const REQUIRED: readonly ListColumn[] = ['room', 'mailbox'];

const BY_HEADING = byHeading(HEADINGS);
const BY_ANY_HEADING = byHeading({ ...HEADINGS, ...OF_DEVICES });

function byHeading(headings: Partial<Record<Column, readonly string[]>>): ReadonlyMap<string, Column> {
  return new Map(
    Object.entries(headings).flatMap(([column, others]) =>
      [column, ...others].map((heading) => [fold(heading), column as Column] as const),
    ),
  );
}

/** The column of the template that has this heading. */
export function columnOf(heading: string): Column | null {
  return BY_HEADING.get(fold(heading)) ?? null;
}

/** The column that this heading may stand for in a list of any kind. */
export function likelyColumn(heading: string): Column | null {
  return BY_ANY_HEADING.get(fold(heading)) ?? nearest(heading);
}

/** How many of these cells are headings that we know. */
export function knownHeadings(cells: readonly string[]): number {
  return cells.filter((cell) => BY_HEADING.has(fold(cell))).length;
}

/** Headings are the same whatever their case, spaces and punctuation. */
export function fold(heading: string): string {
  return heading
    .slice(0, 500)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{P}\p{Z}\p{C}\p{S}]+/gu, '');
}

const KNOWN = [...BY_HEADING.keys()].filter((known) => known.length > 2);

/** The column whose heading is spelt most like this one, if any is near enough to be meant. */
export function nearest(heading: string): Column | null {
  const wanted = fold(heading).slice(0, 80);
  if (wanted === '') return null;
  const known = closest(wanted, KNOWN);
  const near = distance(wanted, known) <= Math.max(1, Math.floor(Math.max(wanted.length, known.length) / 3));
  return near ? (BY_HEADING.get(known) ?? null) : null;
}
