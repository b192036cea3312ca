/** The meetings that a codec shows. */
import { asList, leaf, textAt, type Xapi } from '../xapi.ts';

export interface Bookings {
  ids: string[];
  /** As the codec tells it; null when it does not. */
  lastUpdated: string | null;
  /** The codec's whole answer, as JSON: kept in the backup. */
  answer: string;
}

export async function readBookings(xapi: Xapi): Promise<Bookings> {
  return bookingsIn(await xapi.command('Bookings List'));
}

/** @param result of the command, or an answer that was kept. Pure */
export function bookingsIn(result: Record<string, unknown>): Bookings {
  return {
    ids: asList(result.Booking).flatMap((booking) => textAt(booking, 'Id') ?? textAt(booking, 'MeetingId') ?? []),
    lastUpdated: leaf(result.LastUpdated) || null,
    answer: JSON.stringify(result),
  };
}
