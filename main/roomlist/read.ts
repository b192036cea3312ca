/** Reads the lists that a technician is handed. Pure and total: every table gives rows and problems. */
import type { Column } from '../contract/lists.ts';
import { type Family, isPoly } from '../contract/plan.ts';
import { COLUMNS } from './columns.ts';
import {
  type Field,
  familyOf,
  isBarePoly,
  readAddress,
  readFamily,
  readMac,
  readMailbox,
  readName,
  readSerial,
  readText,
} from './fields.ts';
import { type Inspected, inspect } from './inspect.ts';
import type { Layout } from './layout.ts';
import { type Fault, fault, fileProblem, type RowProblem, shown } from './problem.ts';
import { textList } from './source.ts';
import { isEmpty, type TableRow } from './table.ts';

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
  /** Twelve hex digits in pairs: `00:e0:db:00:02:12`. */
  mac: string | null;
  family: Family | null;
  /** The list names the vendor Poly and no product that is known, so that `family` is no more than the likeliest. */
  anyPoly?: true;
}

/** A device that another program knows, with what that program calls it and its room. */
export interface DeviceRow
  extends Pick<RoomRow, 'row' | 'building' | 'address' | 'serial' | 'mac' | 'family' | 'anyPoly'> {
  name: string;
  room: string;
  model: string | null;
}

export interface RoomList {
  rooms: RoomRow[];
  devices: DeviceRow[];
  problems: RowProblem[];
  /** Mailboxes of all rows in lower case, also of those with a problem. */
  mentioned: ReadonlySet<string>;
  /** Columns that the list has: what it has no column for, it says nothing of. */
  has: ReadonlySet<Column>;
}

const MAX_PROBLEMS = 5000;

type TwiceCode = 'NAME_TWICE' | 'MAILBOX_TWICE' | 'ADDRESS_TWICE' | 'SERIAL_TWICE' | 'MAC_TWICE';

/** Reads a room list that is text. Never throws. */
export function readRoomList(bytes: Uint8Array): RoomList {
  return readRows(inspect(textList(bytes)));
}

/**
 * Never throws. Rows with a problem are left out; of rows that collide, the first stays. Problems are in the order of
 * the file and end with a summary when there are too many to list.
 */
export function readRows({ sheet, headingRow, layout, problems }: Inspected): RoomList {
  const reader = new Reader(problems);
  if (layout)
    sheet.each((row) => {
      if (row.row > headingRow) reader.take(layout, row);
    });
  return reader.result(layout);
}

/** An empty list to fill in, with two made-up rooms to show how. */
export function roomListTemplate(): string {
  const rows = [
    COLUMNS.join(','),
    'Boardroom,Head Office,3,boardroom@example.com,10.1.2.3,FOC2401ABCD,,cisco',
    'Huddle 1,Head Office,2,huddle1@example.com,huddle1.example.com,,,poly',
  ];
  return `${rows.join('\r\n')}\r\n`;
}

/** Takes one row after the other. Each costs the same, however many came before. */
class Reader {
  private readonly rooms: RoomRow[] = [];
  private readonly devices: DeviceRow[] = [];
  private readonly problems: RowProblem[] = [];
  private readonly mentioned = new Set<string>();
  /** In which row a key was first seen, by column. */
  private readonly seen = new Map<string, number>();
  private omitted = 0;

  constructor(problems: readonly RowProblem[]) {
    for (const problem of problems) this.tell(problem);
  }

  take(layout: Layout, row: TableRow): void {
    if (isEmpty(row)) return;
    const faulty = quotesProblem(row.quotes) ?? (layout.foreign ? null : widthProblem(layout, row.cells));
    const fields = new Fields(layout, row);
    const mailbox = fields.text('mailbox');
    if (mailbox) this.mentioned.add(mailbox.toLowerCase());
    if (faulty) this.tell({ row: row.row, ...faulty });
    else if (layout.at.has('mailbox')) this.takeRoom(fields);
    else this.takeDevice(fields);
    for (const problem of fields.problems) this.tell(problem);
  }

  result(layout: Layout | null): RoomList {
    const { rooms, devices, problems, mentioned, omitted } = this;
    if (omitted > 0) problems.push(fileProblem(fault('MORE', { left: String(omitted) })));
    return { rooms, devices, problems, mentioned, has: new Set(layout?.at.keys()) };
  }

  private takeRoom(fields: Fields): void {
    const room: RoomRow = {
      row: fields.row,
      name: fields.read('room', readName, ''),
      ...this.place(fields),
      mailbox: fields.read('mailbox', readMailbox, ''),
      ...this.identity(fields),
    };
    this.unique(fields, 'room', room.name && `${fold(room.building)}\0${fold(room.name)}`, 'NAME_TWICE');
    this.unique(fields, 'mailbox', fold(room.mailbox), 'MAILBOX_TWICE');
    this.uniqueDevice(fields, room);
    if (fields.good) this.rooms.push(room);
  }

  private takeDevice(fields: Fields): void {
    const identity = this.identity(fields);
    const device: DeviceRow = {
      row: fields.row,
      name: fields.read('device', readText, ''),
      room: fields.read('room', readText, ''),
      building: this.place(fields).building,
      ...identity,
      model: fields.read('model', readText, '') || null,
    };
    if (fields.good && !identity.serial && !identity.mac && !identity.address)
      fields.refuse('serial', fault('DEVICE_NAMELESS'));
    this.uniqueDevice(fields, device);
    if (fields.good) this.devices.push(device);
  }

  private place(fields: Fields): Pick<RoomRow, 'building' | 'floor'> {
    return {
      building: fields.read('building', readText, ''),
      floor: fields.read('floor', readText, ''),
    };
  }

  private identity(fields: Fields): Pick<RoomRow, 'address' | 'serial' | 'mac' | 'family' | 'anyPoly'> {
    const { foreign } = fields.layout;
    const model = foreign ? fields.text('model') : '';
    const told = firmFamily(fields.text('family')) ?? firmFamily(model);
    const family = foreign ? (told ?? this.likeliest(fields)) : fields.read('family', readFamily, null);
    return {
      address: fields.read('address', readAddress, null),
      serial: fields.read('serial', readSerial, null),
      mac: fields.read('mac', readMac, null),
      family,
      ...(told === null && isPoly(family) ? { anyPoly: true } : {}),
    };
  }

  /** Of another program's list that names no product: by the vendor, or because that program knows no others. */
  private likeliest(fields: Fields): Family | null {
    return familyOf(fields.text('family')) ?? familyOf(fields.text('model')) ?? fields.layout.family;
  }

  private uniqueDevice(fields: Fields, { address, serial, mac }: Pick<RoomRow, 'address' | 'serial' | 'mac'>): void {
    this.unique(fields, 'address', address, 'ADDRESS_TWICE');
    this.unique(fields, 'serial', serial && fold(serial), 'SERIAL_TWICE');
    this.unique(fields, 'mac', mac, 'MAC_TWICE');
  }

  private unique(fields: Fields, column: Column, key: string | null, code: TwiceCode): void {
    const earlier = key && this.firstRow(`${column}\0${key}`, fields.row);
    if (earlier) fields.refuse(column, fault(code, { at: String(earlier) }));
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

/** What other programs write where nothing is. */
const NOTHING = /^(?:-+|–|n\/?a|none|null|unknown|not available)$/i;

/** The cells of one row by their columns, and what is wrong with them. */
class Fields {
  readonly problems: RowProblem[] = [];
  readonly row: number;
  readonly layout: Layout;
  private readonly from: TableRow;

  constructor(layout: Layout, from: TableRow) {
    this.row = from.row;
    this.layout = layout;
    this.from = from;
  }

  get good(): boolean {
    return this.problems.length === 0;
  }

  text(column: Column): string {
    const text = (this.from.cells[this.layout.at.get(column) ?? -1] ?? '').trim();
    return this.layout.foreign && NOTHING.test(text) ? '' : text;
  }

  read<T>(column: Column, reader: (text: string) => Field<T>, otherwise: T): T {
    if (this.from.unsaved?.includes(this.layout.at.get(column) ?? -1)) {
      this.refuse(column, fault('FORMULA_UNSAVED'));
      return otherwise;
    }
    // A list of devices names no room that it does not know.
    if (!this.layout.at.has(column) && column !== 'room' && column !== 'mailbox') return otherwise;
    const field = reader(this.text(column));
    if ('value' in field) return field.value;
    this.refuse(column, field);
    return otherwise;
  }

  refuse(column: Column, what: Fault): void {
    const heading = this.layout.names[this.layout.at.get(column) ?? -1] ?? column;
    this.problems.push({ row: this.row, column: heading, value: shown(this.text(column)), ...what });
  }
}

type Faulty = Omit<RowProblem, 'row'>;

function quotesProblem(quotes: TableRow['quotes']): Faulty | null {
  if (quotes === null) return null;
  return { column: '', value: '', ...fault(quotes === 'unclosed' ? 'QUOTE_OPEN' : 'QUOTE_STRAY') };
}

function widthProblem({ names }: Layout, cells: readonly string[]): Faulty | null {
  const extra = cells.findIndex((cell, at) => at >= names.length && cell.trim() !== '');
  if (extra < 0) return null;
  const what = fault('ROW_WIDE', { headings: String(names.length) });
  return { column: '', value: shown(cells[extra] ?? ''), ...what };
}

/** The family that a text names by more than its vendor. */
function firmFamily(text: string): Family | null {
  return isBarePoly(text) ? null : familyOf(text);
}

/** Names, mailboxes and serial numbers are the same whatever their case and spacing. */
function fold(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ');
}
