/** Reads the list of rooms that a technician is handed. Pure and total: every file gives rooms and problems. */
import type { Family } from '../contract/plan.ts';
import { COLUMNS, type Column, type Layout, readHeadings } from './columns.ts';
import { decode } from './decode.ts';
import { readAddress, readFamily, readMailbox, readName, readSerial, readText } from './fields.ts';
import { fileProblem, type RowProblem, shown } from './problem.ts';
import { readTable, type TableRow } from './table.ts';

export type { RowProblem };

export interface RoomRow {
  /** As a person counts in a spreadsheet. */
  row: number;
  name: string;
  building: string;
  floor: string;
  mailbox: string;
  /** IPv4, IPv6 or host name in lower case, without a port. */
  address: string | null;
  serial: string | null;
  family: Family | null;
}

export interface RoomList {
  rooms: RoomRow[];
  problems: RowProblem[];
}

const MAX_PROBLEMS = 5000;
const HEADING_TODO = 'Write a heading row and one row for each room.';

/**
 * Reads a room list (CSV). Never throws. Rows with a problem are left out of `rooms`; of rows that collide, the
 * first stays. Problems are in the order of the file and end with a summary when there are too many to list.
 */
export function readRoomList(bytes: Uint8Array): RoomList {
  const decoded = decode(bytes);
  if ('problem' in decoded) return { rooms: [], problems: [decoded.problem] };
  const reader = new Reader();
  const unreadable = readTable(decoded.text, (row) => reader.take(row));
  return unreadable ? { rooms: [], problems: [unreadable] } : reader.result();
}

/** An empty list to fill in, with two made-up rooms to show how. */
export function roomListTemplate(): string {
  const rows = [
    COLUMNS.join(','),
    'Boardroom,Head Office,3,boardroom@example.com,10.1.2.3,FOC2401ABCD,cisco',
    'Huddle 1,Head Office,2,huddle1@example.com,huddle1.example.com,,poly',
  ];
  return `${rows.join('\r\n')}\r\n`;
}

/** Takes one row after the other. Each costs the same, however many came before. */
class Reader {
  private readonly rooms: RoomRow[] = [];
  private readonly problems: RowProblem[] = [];
  /** In which row a key was first seen, by column. */
  private readonly seen = new Map<string, number>();
  private layout: Layout | null = null;
  private headingsRead = false;
  private omitted = 0;

  take({ row, cells, quotes }: TableRow): void {
    if (cells.every((cell) => cell.trim() === '')) return;
    if (!this.headingsRead) {
      this.headingsRead = true;
      const { layout, problems } = readHeadings(cells, row);
      this.layout = layout;
      for (const problem of problems) this.tell(problem);
    } else if (this.layout) this.takeRoom(this.layout, row, cells, quotes);
  }

  result(): RoomList {
    const { rooms, problems, omitted } = this;
    if (!this.headingsRead) problems.push(fileProblem('The file is empty.', HEADING_TODO));
    if (omitted > 0) {
      problems.push(
        fileProblem(`There are ${omitted} more problems.`, 'Correct these first, then import the list again.'),
      );
    }
    return { rooms, problems };
  }

  private takeRoom(layout: Layout, row: number, cells: readonly string[], quotes: TableRow['quotes']): void {
    const faulty = quotesProblem(quotes) ?? widthProblem(layout, cells);
    if (faulty) {
      this.tell({ row, ...faulty });
      return;
    }
    let good = true;
    const text = (column: Column): string => (cells[layout.at.get(column) ?? -1] ?? '').trim();
    const refuse = (column: Column, message: string, todo: string): void => {
      good = false;
      const heading = layout.names[layout.at.get(column) ?? -1] ?? column;
      this.tell({ row, column: heading, value: shown(text(column)), message, todo });
    };
    const read = <T>(column: Column, field: { value: T } | { message: string; todo: string }, otherwise: T): T => {
      if ('value' in field) return field.value;
      refuse(column, field.message, field.todo);
      return otherwise;
    };
    const unique = (column: Column, key: string | null, message: (row: number) => string, todo: string): void => {
      const earlier = key && this.firstRow(`${column}\0${key}`, row);
      if (earlier) refuse(column, message(earlier), todo);
    };

    const name = read('room', readName(text('room')), '');
    const building = read('building', readText('building', text('building')), '');
    const floor = read('floor', readText('floor', text('floor')), '');
    const mailbox = read('mailbox', readMailbox(text('mailbox')), '');
    const address = read('address', readAddress(text('address')), null);
    const serial = read('serial', readSerial(text('serial')), null);
    const family = read('family', readFamily(text('family')), null);

    const where = building === '' ? '' : ` in ${building}`;
    const nameKey = name && `${fold(building)}\0${fold(name)}`;
    unique(
      'room',
      nameKey,
      (at) => `Row ${at} has a room of this name${where} already.`,
      'Give each room its own name.',
    );
    unique('mailbox', fold(mailbox), (at) => `Row ${at} has this mailbox already.`, 'Give each room its own mailbox.');
    unique(
      'address',
      address,
      (at) => `Row ${at} has this address already.`,
      'Write the address of this room’s device.',
    );
    unique(
      'serial',
      serial && fold(serial),
      (at) => `Row ${at} has this serial number already.`,
      'Write that of this room’s device.',
    );

    if (good) this.rooms.push({ row, name, building, floor, mailbox, address, serial, family });
  }

  /** The row that had this key before, if any; else remembers this one. */
  private firstRow(key: string, row: number): number | null {
    const earlier = this.seen.get(key);
    if (earlier === undefined) this.seen.set(key, row);
    return earlier ?? null;
  }

  private tell(problem: RowProblem): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
    else this.omitted += 1;
  }
}

type Faulty = Omit<RowProblem, 'row'>;

function quotesProblem(quotes: TableRow['quotes']): Faulty | null {
  const at = { column: '', value: '' };
  if (quotes === 'unclosed') {
    return {
      ...at,
      message: 'A quotation mark is opened in this row and never closed, so the rows after it could not be read.',
      todo: 'Close the quotation mark, or remove it.',
    };
  }
  if (quotes === 'stray') {
    return {
      ...at,
      message: 'A quotation mark stands within a quoted value.',
      todo: 'Write two quotation marks for each one within a quoted value.',
    };
  }
  return null;
}

function widthProblem({ names }: Layout, cells: readonly string[]): Faulty | null {
  const extra = cells.findIndex((cell, at) => at >= names.length && cell.trim() !== '');
  if (extra < 0) return null;
  return {
    column: '',
    value: shown(cells[extra] ?? ''),
    message: `The row has more fields than the ${names.length} headings.`,
    todo: 'Remove what is too much, or put a value that contains the separator in quotation marks.',
  };
}

/** Names, mailboxes and serial numbers are the same whatever their case and spacing. */
function fold(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ');
}
