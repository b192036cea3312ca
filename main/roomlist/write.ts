/** Writes room lists: CSV and XLSX with the columns of the template. Pure. */
import { writeXlsx } from 'hucre/xlsx';
import Papa from 'papaparse';
import { COLUMNS } from './columns.ts';
import { inert } from './inert.ts';

export type ListRow = Record<(typeof COLUMNS)[number], string>;

interface Written {
  bytes: Uint8Array;
  /** Cells that a spreadsheet would have taken for a formula; they have an apostrophe in front, which import takes off. */
  inert: number;
}

/** UTF-8 with byte order mark, CRLF, commas, quotes where needed. */
export function roomsAsCsv(rows: readonly ListRow[]): Written {
  let count = 0;
  const data = rows.map((row) =>
    COLUMNS.map((column) => {
      const text = inert(row[column]);
      if (text !== row[column]) count += 1;
      return text;
    }),
  );
  const text = Papa.unparse({ fields: [...COLUMNS], data }, { newline: '\r\n' });
  return { bytes: Buffer.from(`\uFEFF${text}\r\n`, 'utf8'), inert: count };
}

/** Every cell is text, so none is a formula and no serial number is rounded. */
export async function roomsAsWorkbook(rows: readonly ListRow[]): Promise<Written> {
  const bytes = await writeXlsx({
    sheets: [
      {
        name: 'Rooms',
        columns: COLUMNS.map((key) => ({ header: key, key, width: WIDTHS[key] ?? 18 })),
        data: rows.map((row) => ({ ...row })),
        freezePane: { rows: 1 },
      },
    ],
  });
  return { bytes, inert: 0 };
}

const WIDTHS: Partial<Record<(typeof COLUMNS)[number], number>> = { room: 28, mailbox: 34, floor: 8, family: 8 };
