/** Calls on the tenant's places: whether they are written to, and with what. */
import type { OpenSite } from '../openSite.ts';
import { setPlaces } from '../places/settings.ts';
import { placesView } from '../places/view.ts';
import { type Area, change } from './area.ts';

export function placesHandlers(open: OpenSite): Area<'places'> {
  return {
    'places.view': () => placesView(open.site),
    'places.set': (settings) =>
      change(open, (site) => {
        setPlaces(site, settings);
        return placesView(site);
      }),
  };
}
