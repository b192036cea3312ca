/** Where in Infinity's admin pages a check is mended. The menus are data, since they differ between versions. */
import table from '../../../assets/infinity/admin-places.json' with { type: 'json' };
import type { Check } from '../../contract/jobs.ts';

const PLACES: Readonly<Record<string, { path: string[]; assumed: boolean }>> = table.places;

/** undefined = it is not mended there. */
export function placeOf(key: string): Check['place'] | undefined {
  return Object.hasOwn(PLACES, key) ? PLACES[key] : undefined;
}
