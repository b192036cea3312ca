/**
 * The table for Infinity's bulk import, and reading back what Infinity exports. Pure and total. The columns are data, since
 * they are assumed (assets/infinity/bulk-csv.json).
 */
import Papa from 'papaparse';
import { z } from 'zod';
import table from '../../assets/infinity/bulk-csv.json' with { type: 'json' };
import { OtjError } from '../contract/errors.ts';
import { type EntryWish, entryFields, fold, isOptional, passwordField } from './entry.ts';
import type { FieldValue } from './resources.ts';

export const LAYOUT = z
  .object({
    assumed: z.boolean(),
    columns: z.array(z.object({ heading: z.string(), field: z.string(), secret: z.boolean().exactOptional() })),
  })
  .parse(table);

/** What one room's entry is made of, with the group by its name: a resource URI says nothing in a file. */
export type BulkValues = Record<string, FieldValue>;

const WEBEX_ID = 'webex_device_id';

/** @param withPassword else the password is left blank */
export function bulkValues(wish: EntryWish, groupName: string, withPassword: boolean): BulkValues {
  const { mjx_endpoint_group, ...fields } = entryFields(wish);
  const id = wish.family === 'WEBEX' ? { [WEBEX_ID]: wish.webexDeviceId ?? null } : {};
  return { ...fields, ...id, group: groupName, ...(withPassword ? passwordField(wish) : {}) };
}

/** Whether they are of a codec of the Webex cloud and lack the id by which Infinity reaches it: no row that an import can take. */
export function lacksId(values: BulkValues): boolean {
  return values[WEBEX_ID] === null;
}

// What a spreadsheet takes for a formula, also behind blanks, in full width, and after a semicolon where that separates.
const FORMULA = /(?:^|;)\s*[=+\-@\t\r＝＋－＠]/;

/**
 * The first value that a spreadsheet would run as a formula. An import reads the file as it is, so the apostrophe that keeps
 * a spreadsheet from it would end up in the name on Infinity: such a room is not written, and a person is told.
 */
export function formulaIn(values: BulkValues): string | null {
  const found = Object.entries(values).find(([, value]) => typeof value === 'string' && FORMULA.test(value));
  return found ? found[0] : null;
}

/** Header and one row for each; UTF-8 without byte order mark, CRLF: a mark would become part of the first heading. */
export function renderBulk(rows: readonly BulkValues[]): string {
  const fields = LAYOUT.columns.map(({ heading }) => heading);
  const data = rows.map((row) => LAYOUT.columns.map(({ field }) => cell(row[field])));
  return `${Papa.unparse({ fields, data }, { newline: '\r\n' })}\r\n`;
}

function cell(value: FieldValue | undefined): string {
  if (value === null || value === undefined) return '';
  return String(value).replace(/[\r\n]+/g, ' ');
}

/** A row of an export: values by field, without passwords (an export has them encrypted). */
export interface ExportedRow {
  values: Map<string, string>;
}

/** An export of more bytes is none. */
const LONGEST = 50_000_000;

/** Without these an entry of the same mailbox proves nothing. */
const COMPARED = ['room_resource_email', 'endpoint_type', 'api_address', 'api_username', 'poly_username'] as const;

/**
 * Reads an export with a header row; columns in any order, unknown ones ignored.
 * @throws OtjError EXPORT_UNREADABLE when it is no table, or lacks a column without which nothing can be compared
 */
export function readBulk(text: string): ExportedRow[] {
  if (text.length > LONGEST) throw new OtjError('EXPORT_UNREADABLE', 'the file is too large');
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const [head = [], ...rows] = data;
  const fields = head.map((title) => {
    const column = LAYOUT.columns.find(({ heading, field }) => fold(title) === heading || fold(title) === field);
    return column && !column.secret ? column.field : null;
  });
  const lacking = COMPARED.filter((field) => !fields.includes(field));
  if (lacking.length > 0)
    throw new OtjError(
      'EXPORT_UNREADABLE',
      `there is no column ${lacking.join(', ')}; see assets/infinity/bulk-csv.json`,
    );
  return rows.map((row) => ({
    values: new Map(fields.flatMap((field, at) => (field ? [[field, (row[at] ?? '').trim()] as const] : []))),
  }));
}

/** Where an exported row differs from what is wanted. A column that the export does not have is not judged, but for a device id. */
export function differences({ values }: ExportedRow, wanted: BulkValues) {
  return Object.entries(wanted).flatMap(([field, value]) => {
    const found = values.get(field);
    if (field === WEBEX_ID) return idDifference(found ?? '', value);
    if (found === undefined || same(field, found, value) || isOptional(field, found, wanted.endpoint_type)) return [];
    return [{ field, found, wanted: cell(value) }];
  });
}

/** An entry of a cloud codec without an id gives its room nothing; one that the codec does not tell, a person has looked up. */
function idDifference(found: string, wanted: FieldValue) {
  if (found !== '' && (wanted === null || found === wanted)) return [];
  return [{ field: WEBEX_ID, found, wanted: wanted === null ? 'as Webex Control Hub tells it' : cell(wanted) }];
}

/** The documented meaning of a blank cell. */
const BLANK: Readonly<Record<string, string>> = {
  endpoint_type: 'CISCO',
  use_https: 'GLOBAL',
  verify_cert: 'GLOBAL',
  poly_raise_alarms_for_this_endpoint: 'true',
};

function same(field: string, found: string, wanted: FieldValue): boolean {
  const left = fold(found === '' ? (BLANK[field] ?? '') : found);
  const right = fold(cell(wanted));
  if (field === 'api_port') return (left || '443') === (right || '443');
  return left === right;
}
