/**
 * From the bytes of a workbook (XLSX) to rows of cells as they are shown. A library reads it; what comes in front of
 * the library bounds what it is given: a workbook is a ZIP archive of XML, and both can be made to explode.
 */
import { unzipSync, zipSync } from 'fflate';
import { formatValue } from 'hucre';
import { type Cell, type CellValue, readXlsx, type Sheet as Worksheet } from 'hucre/xlsx';
import { OtjError } from '../contract/errors.ts';
import { MAX_BYTES } from './decode.ts';
import { firstOf, type Sheet, type TableRow } from './table.ts';

/** Files within the archive; a workbook of ten sheets has about thirty. */
const MAX_ENTRIES = 5_000;
/** Unpacked, all parts that are read together. A list of 10,000 rooms has about 8 MB. */
const MAX_UNPACKED = 100_000_000;
const MAX_SHEET_ROWS = 100_000;
const MAX_COLUMNS = 256;
const MAX_SHEETS = 100;
/** Cells that merged areas may fill. */
const MAX_FILLED = 1_000_000;

/** The parts that hold cells. Pictures, charts, links to other files and macros are never unpacked. */
const PART =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|xl\/(?:workbook|sharedStrings|styles)\.xml|xl\/_rels\/workbook\.xml\.rels|xl\/worksheets\/[^/]+\.xml)$/i;
const SHEET_PART = /^xl\/worksheets\//i;
/** Only these declare entities; the standard forbids them in a workbook (ECMA-376, part 2, annex on XML usage). */
const DECLARATIONS = ['<!DOCTYPE', '<!ENTITY'];

/** How each of the parts ends, whatever prefix its elements have. */
const WHOLE = /(?:<\/(?:[\w.-]+:)?(?:Types|Relationships|workbook|sst|styleSheet|worksheet)|\/)\s*>\s*$/;

export function isWorkbook(bytes: Uint8Array): boolean {
  return starts(bytes, [0x50, 0x4b]) || isOldFormat(bytes);
}

/** XLS, and XLSX behind a password: both are OLE containers. */
function isOldFormat(bytes: Uint8Array): boolean {
  return starts(bytes, [0xd0, 0xcf, 0x11, 0xe0]);
}

/** Its first part is its type, not packed (OpenDocument 1.3, part 2, 3.3), so that it can be told by its first bytes. */
function isOpenDocument(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 100)).toString('latin1');
  return head.startsWith('mimetypeapplication/vnd.oasis.opendocument.', 30);
}

function starts(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

/** Formulas are not computed: their saved results are read. Throws LIST_FORMAT, LIST_TOO_LARGE, LIST_UNSAFE, LIST_DAMAGED. */
export async function readWorkbook(bytes: Uint8Array): Promise<Sheet[]> {
  if (bytes.length > MAX_BYTES) throw new OtjError('LIST_TOO_LARGE', `${bytes.length} bytes`);
  if (isOldFormat(bytes)) throw new OtjError('LIST_FORMAT', 'XLS, or protected by a password');
  if (isOpenDocument(bytes)) throw new OtjError('LIST_FORMAT', 'OpenDocument');
  const parts = unpack(bytes);
  for (const [name, part] of Object.entries(parts)) inspect(name, part);
  const book = await read(zipSync(parts, { level: 0 }));
  if (book.sheets.length > MAX_SHEETS) throw new OtjError('LIST_TOO_LARGE', `${book.sheets.length} sheets`);
  if (book.sheets.length === 0) throw new OtjError('LIST_DAMAGED', 'no sheet in it');
  const is1904 = book.dateSystem === '1904';
  return book.sheets.map((sheet) => sheetOf(sheet, is1904));
}

/** Only the parts that hold cells, and no more of each than the archive says; that sum is bounded before. */
function unpack(bytes: Uint8Array): Record<string, Uint8Array> {
  let entries = 0;
  let unpacked = 0;
  try {
    const parts = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        entries += 1;
        if (entries > MAX_ENTRIES) throw new OtjError('LIST_TOO_LARGE', `more than ${MAX_ENTRIES} parts`);
        if (!PART.test(name)) return false;
        unpacked += originalSize;
        if (unpacked > MAX_UNPACKED) throw new OtjError('LIST_TOO_LARGE', `${unpacked} bytes unpacked`);
        return true;
      },
    });
    if (!Object.keys(parts).some((name) => SHEET_PART.test(name))) throw new OtjError('LIST_DAMAGED', 'no sheet in it');
    return parts;
  } catch (thrown) {
    throw damaged(thrown);
  }
}

function inspect(name: string, part: Uint8Array): void {
  const text = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  // UTF-16 would hide from this look what the library might still see.
  if (text[0] === 0xfe || text[0] === 0xff) throw new OtjError('LIST_DAMAGED', `${name} is not UTF-8`);
  // An archive that tells a smaller size than a part has gives only its beginning, which the library would read.
  if (!WHOLE.test(text.subarray(-200).toString('latin1'))) throw new OtjError('LIST_DAMAGED', `${name} is cut off`);
  const found = DECLARATIONS.find((one) => text.includes(one));
  if (found) throw new OtjError('LIST_UNSAFE', `${found} in ${name}`);
  if (!SHEET_PART.test(name)) return;
  let rows = 0;
  for (let at = text.indexOf('<row'); at >= 0; at = text.indexOf('<row', at + 4)) {
    rows += 1;
    if (rows > MAX_SHEET_ROWS) throw new OtjError('LIST_TOO_LARGE', `more than ${MAX_SHEET_ROWS} rows in ${name}`);
  }
}

async function read(archive: Uint8Array) {
  try {
    return await readXlsx(archive, { readStyles: true });
  } catch (thrown) {
    throw damaged(thrown);
  }
}

function damaged(thrown: unknown): OtjError {
  if (thrown instanceof OtjError) return thrown;
  const words = thrown instanceof Error ? thrown.message.slice(0, 200) : 'unreadable';
  return new OtjError('LIST_DAMAGED', words, { cause: thrown });
}

function sheetOf(sheet: Worksheet, is1904: boolean): Sheet {
  const { name, rows, cells, merges = [] } = sheet;
  if (rows.length > MAX_SHEET_ROWS) throw new OtjError('LIST_TOO_LARGE', `${rows.length} rows in ${name}`);
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  if (width > MAX_COLUMNS) throw new OtjError('LIST_TOO_LARGE', `${width} columns in ${name}`);
  const table = rows.map((row, at): TableRow => {
    const unsaved: number[] = [];
    const texts = row.map((value, column) => {
      const cell = cells?.get(`${at},${column}`);
      if (cell?.formula !== undefined && value === null) unsaved.push(column);
      return textOf(value, cell, is1904);
    });
    return { row: at + 1, cells: texts, quotes: null, ...(unsaved.length > 0 ? { unsaved } : {}) };
  });
  fillMerged(table, merges);
  return {
    name,
    hidden: sheet.hidden === true || sheet.veryHidden === true,
    each(take) {
      for (const row of table) take(row);
      return null;
    },
    top: (count) => firstOf(table, count),
  };
}

/** A building that stands once beside its five rooms, in a cell as high as all five, is the building of each. */
function fillMerged(table: readonly TableRow[], merges: NonNullable<Worksheet['merges']>): void {
  let filled = 0;
  for (const { startRow, endRow, startCol } of merges) {
    const text = table[startRow]?.cells[startCol];
    if (!text) continue;
    for (let at = startRow + 1; at <= endRow && at < table.length; at += 1) {
      filled += 1;
      if (filled > MAX_FILLED) throw new OtjError('LIST_TOO_LARGE', 'merged cells');
      const row = table[at];
      if (!row || startCol >= MAX_COLUMNS) continue;
      while (row.cells.length <= startCol) row.cells.push('');
      row.cells[startCol] = text;
    }
  }
}

/** As the spreadsheet shows it; a number without a format of its own in full, never rounded to fit a column. */
function textOf(value: CellValue, cell: Cell | undefined, is1904: boolean): string {
  if (value === null) return '';
  if (typeof value === 'string') return value.replaceAll('\r\n', '\n').replaceAll('\r', '\n').normalize('NFC');
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  const format = cell?.style?.numFmt;
  if (typeof value === 'number' && (format === undefined || /^general$/i.test(format))) return String(value);
  const shown = formatValue(value, format ?? 'yyyy-mm-dd', { is1904 });
  return shown.slice(0, 1000);
}
