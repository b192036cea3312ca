/** The meetings that a codec shows. */
import { asList, leaf, textAt, type Xapi } from '../xapi.ts';

export interface Bookings {
  ids: string[];
  /** As the codec tells it; null when it does not. */
  lastUpdated: string | null;
}

export async function readBookings(xapi: Xapi): Promise<Bookings> {
  const result = await xapi.command('Bookings List');
  return {
    ids: asList(result.Booking).flatMap((booking) => textAt(booking, 'Id') ?? []),
    lastUpdated: leaf(result.LastUpdated) || null,
  };
}
