/** `Bookings`: Put is for Admin only in every public schema; reading and clearing also for User. */
import { bookingShape, parsePut } from '../bookings.ts';
import type { Role } from '../settings-table.ts';
import { type Arguments, type Command, Failure, integer, text } from './command.ts';

const USER: readonly Role[] = ['User'];
const ID = text(1, 128);
/** From here on lists can be narrowed, and a meeting be named by either of its ids. */
const NARROWED = [11, 24] as const;

/** Bookings of the lab have one id, so `MeetingId` and `Id` are the same. */
function idOf({ get, has }: Arguments): string {
  return has('Id') ? get('Id') : get('MeetingId');
}

export const bookingCommands: readonly Command[] = [
  {
    path: 'Bookings Put',
    body: true,
    run: ({ codec, body }) => {
      const bookings = parsePut(body);
      if (typeof bookings === 'string') return new Failure(bookings);
      codec.bookings.replace(bookings);
      return {};
    },
  },
  {
    path: 'Bookings List',
    roles: USER,
    params: {
      Days: integer(1, 365),
      DayOffset: integer(0, 365),
      Limit: integer(1, 65_534),
      Offset: integer(0, 65_534),
      ScheduleType: { values: ['Current', 'Upcoming'], since: NARROWED },
      AccountType: { values: ['Shared', 'Personal', 'SharedAndPersonal'], since: NARROWED },
    },
    run: ({ codec, get, has }) => {
      const found = codec.bookings.within(has('Days') ? Number(get('Days')) : undefined, Number(get('DayOffset')));
      const offset = Number(get('Offset'));
      const page = found.slice(offset, has('Limit') ? offset + Number(get('Limit')) : undefined);
      return {
        ResultInfo: { TotalRows: found.length },
        LastUpdated: codec.bookings.lastUpdated,
        ...(page.length > 0 ? { Booking: page.map(bookingShape) } : {}),
      };
    },
  },
  {
    path: 'Bookings Get',
    roles: USER,
    params: {
      Id: [
        { ...ID, required: true, until: NARROWED },
        { ...ID, since: NARROWED },
      ],
      MeetingId: { ...ID, since: NARROWED },
    },
    run: (args) => {
      const booking = args.codec.bookings.get(idOf(args));
      return booking ? { Booking: bookingShape(booking) } : new Failure('Booking not found');
    },
  },
  {
    path: 'Bookings Delete',
    roles: USER,
    // Named by `Id` in 9, by `MeetingId` in 10, by either from 11 on.
    params: {
      Id: [
        { ...ID, required: true, until: [10, 0] },
        { ...ID, since: [11, 0] },
      ],
      MeetingId: [
        { ...ID, required: true, since: [10, 0], until: [11, 0] },
        { ...ID, since: [11, 0] },
      ],
    },
    run: (args) => (args.codec.bookings.delete(idOf(args)) ? {} : new Failure('Booking not found')),
  },
  {
    path: 'Bookings Clear',
    roles: USER,
    run: ({ codec }) => {
      codec.bookings.clear();
      return {};
    },
  },
];
