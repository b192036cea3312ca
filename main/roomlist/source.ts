/** A file as tables, whatever program wrote it. */
import { decode } from './decode.ts';
import type { RowProblem } from './problem.ts';
import { firstOf, readTable, type Sheet, type TableRow, topOf } from './table.ts';
import { isWorkbook, readWorkbook } from './workbook.ts';

export interface ListFile {
  /** Never empty. */
  sheets: readonly Sheet[];
  /** An empty cell says nothing of what is known, where in a person's list it says that there is nothing. */
  blanksSayNothing?: boolean;
}

/** Throws LIST_FORMAT, LIST_TOO_LARGE, LIST_UNSAFE, LIST_DAMAGED for a workbook; what is wrong with a text is told by its sheet. */
export async function openList(bytes: Uint8Array): Promise<ListFile> {
  return isWorkbook(bytes) ? { sheets: await readWorkbook(bytes) } : textList(bytes);
}

/** A file that is known to be text. */
export function textList(bytes: Uint8Array): ListFile {
  const decoded = decode(bytes);
  return { sheets: ['problem' in decoded ? unreadable(decoded.problem) : sheetOfText(decoded.text)] };
}

function sheetOfText(text: string): Sheet {
  return { ...PLAIN, each: (take) => readTable(text, take), top: (count) => topOf(text, count) };
}

function unreadable(problem: RowProblem): Sheet {
  return { ...PLAIN, each: () => problem, top: () => problem };
}

const PLAIN = { name: '', hidden: false };

/** Rows that come from a server and not from a file. The first holds the headings. */
export function tableList(rows: readonly (readonly string[])[]): ListFile {
  const table = rows.map((cells, at): TableRow => ({ row: at + 1, cells: [...cells], quotes: null }));
  const sheet: Sheet = {
    ...PLAIN,
    each(take) {
      for (const row of table) take(row);
      return null;
    },
    top: (count) => firstOf(table, count),
  };
  return { sheets: [sheet], blanksSayNothing: true };
}
