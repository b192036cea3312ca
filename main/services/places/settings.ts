/** Whether the tenant's places are written to, and with what. Off unless somebody has switched it on. */
import { OtjError } from '../../contract/errors.ts';
import { type PlacesSettings, placesSettingsSchema } from '../../contract/microsoft/places.ts';
import type { Site } from '../../site/site.ts';

const KEY = 'places';

export function placesSettings(site: Site): PlacesSettings | null {
  return placesSettingsSchema.safeParse(site.kept(KEY)).data ?? null;
}

/** @param settings null = off; what was written stays until it is put back */
export function setPlaces(site: Site, settings: PlacesSettings | null): void {
  site.keep(KEY, settings && { devices: [...new Set(settings.devices)], tags: [...new Set(settings.tags)] });
}

/** Throws PLACES_OFF. */
export function assertPlacesOn(site: Site): PlacesSettings {
  const settings = placesSettings(site);
  if (!settings) throw new OtjError('PLACES_OFF');
  return settings;
}
