/** The hand-over report as a table for a spreadsheet or another program. */
import Papa from 'papaparse';
import type { Report, ReportRoom } from './model.ts';
import { familyWords, localTime, oneLine, zoneWords } from './words.ts';

type Cell = string | number | null;
type Column = readonly [title: string, cell: (room: ReportRoom, report: Report) => Cell];

// What a spreadsheet takes for a formula, also behind blanks and in full width. A basement, floor -1, is a number.
// The library's own pattern misses a formula with a line break in it.
const FORMULA = /^\s*(?!-\d+$)[=+\-@＝＋－＠]/;
// A spreadsheet set to a language with decimal commas splits at semicolons, whatever the quotes say.
const FORMULA_AFTER_SEMICOLON = /(;\s*)(?=[=+\-@＝＋－＠])/g;

const COLUMNS: readonly Column[] = [
  ['Room', (room) => room.name],
  ['Building', (room) => room.building],
  ['Floor', (room) => room.floor],
  ['Mailbox', (room) => room.mailbox],
  ['State', (room) => room.state],
  ['State since', (room) => time(room.stateAt)],
  ['Time zone', (_room, report) => zoneWords(report.madeAt)],
  ['Problem code', (room) => room.problem?.code ?? null],
  ['Problem', (room) => room.problem?.happened ?? null],
  ['What to do', (room) => room.problem?.todo ?? null],
  ['Device said', (room) => room.problem?.words ?? null],
  ['Address', (room) => room.address],
  ['Family', (room) => room.family && familyWords(room.family)],
  ['Model', (room) => room.model],
  ['Software', (room) => room.software],
  ['Serial number', (room) => room.serial],
  ['MAC address', (room) => room.mac],
  ['Technician', (room) => room.technician],
  ['Worked on', (room) => time(room.workedAt)],
  ['Settings changed', (room) => room.changes.length],
  ['Macros removed', (room) => list(room.removed.map((macro) => `${macro.name} (SHA-256 ${macro.sha256})`))],
  ['Old service ended', (room) => time(room.cutoverAt)],
  ['First meeting from Infinity', (room) => time(room.servedAt)],
  ['Without OTJ (s)', (room) => (room.withoutOtjMs === null ? null : Math.round(room.withoutOtjMs / 100) / 10)],
  ['Infinity entry', (room) => room.infinity?.entryId ?? null],
  ['Infinity last contact', (room) => time(room.infinity?.lastContact ?? null)],
  ['Conferencing Node', (room) => room.infinity?.node ?? null],
  ['Meetings', (room) => room.infinity?.meetings ?? null],
  ['Owed', (room) => list(room.owed)],
  ['To do by hand', (room) => list(room.manual.filter((step) => step.tickedAt === null).map((step) => step.text))],
  ['Done by hand', (room) => list(room.manual.filter((step) => step.tickedAt !== null).map(tickedWords))],
];

/**
 * One line per room below a header line; UTF-8 with byte order mark, CRLF, commas, quotes where needed.
 *
 * Columns, in this order:
 * - Room, Building, Floor, Mailbox: as in the room list
 * - State, State since: one of the seven states
 * - Time zone: of all times, and its distance from UTC when the report was made
 * - Problem code, Problem, What to do, Device said: only when something is wrong
 * - Address, Family, Model, Software, Serial number, MAC address: the device
 * - Technician, Worked on: who worked on the room last
 * - Settings changed: how many were changed and read back
 * - Macros removed: name and SHA-256 of the backup, `; ` between two
 * - Old service ended, First meeting from Infinity, Without OTJ (s): the last one in seconds, with tenths
 * - Infinity entry, Infinity last contact, Conferencing Node, Meetings: what Infinity says
 * - Owed, To do by hand, Done by hand: `; ` between two
 *
 * Times are local, `2026-11-23 14:02:11`. A value is always one line: line breaks become blanks. A value that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function renderCsv(report: Report): string {
  const fields = COLUMNS.map(([title]) => title);
  const data = report.rooms.map((room) => COLUMNS.map(([, cell]) => inert(cell(room, report))));
  return `\uFEFF${Papa.unparse({ fields, data }, { newline: '\r\n', escapeFormulae: FORMULA })}\r\n`;
}

function inert(cell: Cell): string | number {
  if (typeof cell === 'number') return cell;
  return cell === null ? '' : oneLine(cell).replace(FORMULA_AFTER_SEMICOLON, "$1'");
}

function time(iso: string | null): string | null {
  return iso === null ? null : localTime(iso);
}

function list(items: readonly string[]): string {
  return items.map(oneLine).join('; ');
}

function tickedWords(step: ReportRoom['manual'][number]): string {
  const when = step.tickedAt === null ? '' : `, ${localTime(step.tickedAt)}`;
  return `${step.text} (${step.tickedBy ?? 'unknown'}${when}${step.note ? `: ${step.note}` : ''})`;
}
