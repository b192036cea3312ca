/** `Bookings`: Put is for Admin only in every public schema; reading and clearing also for User. */
import { bookingShape, parsePut } from '../bookings.ts';
import type { Role } from '../settings.ts';
import { atLeast } from '../version.ts';
import { type Command, Failure } from './command.ts';

const USER: readonly Role[] = ['User'];
const ID = { Id: { required: true } };

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
      Days: { integer: true },
      DayOffset: { integer: true },
      Limit: { integer: true },
      Offset: { integer: true },
      ScheduleType: {},
      AccountType: {},
    },
    run: ({ codec, get, has }) => {
      if ((has('ScheduleType') || has('AccountType')) && !atLeast(codec.version, 11, 24)) {
        return new Failure('Unknown parameter');
      }
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
    params: ID,
    run: ({ codec, get }) => {
      const booking = codec.bookings.get(get('Id'));
      return booking ? { Booking: bookingShape(booking) } : new Failure('Booking not found');
    },
  },
  {
    path: 'Bookings Delete',
    roles: USER,
    params: ID,
    run: ({ codec, get }) => (codec.bookings.delete(get('Id')) ? {} : new Failure('Booking not found')),
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
