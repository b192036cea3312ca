/** The calendar of a codec: pushed as a whole by `Bookings Put` or `/bookingsputxml`, read by `Bookings List`. */
import type { Element, Shape } from './tree.ts';

export interface Booking {
  id: string;
  title: string;
  organizer: { firstName: string; lastName: string; email: string };
  /** ISO, UTC. */
  start: string;
  minutes: number;
  number: string;
  protocol: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Seconds; as the device answers when nobody gave another. */
const BUFFER = 300;

export class Bookings {
  #all: Booking[] = [];
  lastUpdated = '';

  replace(bookings: readonly Booking[]): void {
    this.#all = bookings.toSorted((a, b) => a.start.localeCompare(b.start));
    this.#touch();
  }

  clear(): void {
    this.replace([]);
  }

  delete(id: string): boolean {
    const left = this.#all.filter((booking) => booking.id !== id);
    if (left.length === this.#all.length) return false;
    this.replace(left);
    return true;
  }

  get(id: string): Booking | undefined {
    return this.#all.find((booking) => booking.id === id);
  }

  all(): readonly Booking[] {
    return this.#all;
  }

  /** Whole days counted from today's midnight, UTC; all when no number of days is given. */
  within(days: number | undefined, dayOffset: number): Booking[] {
    if (days === undefined) return [...this.#all];
    const from = Math.floor(Date.now() / DAY) * DAY + dayOffset * DAY;
    return this.#all.filter((booking) => {
      const start = Date.parse(booking.start);
      return start >= from && start < from + days * DAY;
    });
  }

  /** Every change shows in `LastUpdated`, even two in one second. */
  #touch(): void {
    const now = Math.max(Date.now(), this.lastUpdated === '' ? 0 : Date.parse(this.lastUpdated) + 1);
    this.lastUpdated = new Date(now).toISOString();
  }
}

export function bookingShape(booking: Booking): { [name: string]: Shape } {
  const end = new Date(Date.parse(booking.start) + booking.minutes * MINUTE).toISOString();
  return {
    Id: booking.id,
    Title: booking.title,
    Agenda: '',
    Privacy: 'Public',
    Organizer: {
      FirstName: booking.organizer.firstName,
      LastName: booking.organizer.lastName,
      Email: booking.organizer.email,
      Id: '',
    },
    Time: { StartTime: seconds(booking.start), StartTimeBuffer: BUFFER, EndTime: seconds(end), EndTimeBuffer: 0 },
    BookingStatus: 'OK',
    BookingStatusMessage: '',
    DialInfo: {
      Calls: { Call: [{ Number: booking.number, Protocol: booking.protocol, CallRate: 6000, CallType: 'Video' }] },
      ConnectMode: 'OBTP',
    },
  };
}

function seconds(iso: string): string {
  return iso.replace(/\.\d{3}Z$/, 'Z');
}

/** The JSON body of `Bookings Put`; an error text when a required field is missing. */
export function parsePut(body: string): Booking[] | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return 'Invalid JSON';
  }
  const list = at(json, 'Bookings');
  if (!Array.isArray(list)) return 'Missing field: Bookings';
  const bookings: Booking[] = [];
  for (const entry of list) {
    const field = (...path: string[]) => textOf(at(entry, ...path));
    const organizer = field('Organizer', 'Name');
    const booking = makeBooking({
      id: field('Id'),
      title: field('Title'),
      organizer: { firstName: organizer, lastName: '', email: field('Organizer', 'Email') },
      start: field('Time', 'StartTime'),
      minutes: Number(field('Time', 'Duration')),
      number: field('Number'),
      protocol: field('Protocol'),
    });
    if (typeof booking === 'string') return booking;
    if (organizer === '') return 'Missing field: Organizer Name';
    bookings.push(booking);
  }
  return bookings;
}

/** The `<Bookings><Booking>…` document of `/bookingsputxml`, shaped like the result of `Bookings List`. */
export function parsePutXml(root: Element): Booking[] | string {
  const bookings: Booking[] = [];
  for (const entry of root.children.filter((child) => child.name === 'Booking')) {
    const field = (...path: string[]) => textAt(entry, path);
    const start = field('Time', 'StartTime');
    const minutes = (Date.parse(field('Time', 'EndTime')) - Date.parse(start)) / MINUTE;
    const booking = makeBooking({
      id: field('Id'),
      title: field('Title'),
      organizer: {
        firstName: field('Organizer', 'FirstName'),
        lastName: field('Organizer', 'LastName'),
        email: field('Organizer', 'Email'),
      },
      start,
      minutes,
      number: field('DialInfo', 'Calls', 'Call', 'Number'),
      protocol: field('DialInfo', 'Calls', 'Call', 'Protocol') || 'SIP',
    });
    if (typeof booking === 'string') return booking;
    bookings.push(booking);
  }
  return bookings;
}

function makeBooking(booking: Booking): Booking | string {
  for (const name of ['id', 'title', 'number', 'protocol'] as const) {
    if (booking[name] === '') return `Missing field: ${name}`;
  }
  const start = Date.parse(booking.start);
  if (Number.isNaN(start)) return 'Invalid StartTime';
  if (!(booking.minutes > 0)) return 'Invalid Duration';
  return { ...booking, start: new Date(start).toISOString() };
}

function at(value: unknown, ...path: string[]): unknown {
  let here = value;
  for (const word of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.entries(here).find(([name]) => name === word)?.[1];
  }
  return here;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function textAt(root: Element, path: readonly string[]): string {
  let here: Element | undefined = root;
  for (const word of path) here = here?.children.find((child) => child.name === word);
  return here?.text ?? '';
}
