import { z } from 'zod';
import { method, nothing } from '../method.ts';
import { placesModeSchema, placesSettingsSchema, placesViewSchema } from '../microsoft/places.ts';

export const placesMethods = {
  /** Whether places are written, what is owed, and what stood there before. */
  'places.view': method(nothing, placesViewSchema),
  /** Switches it on, or changes what is written; null = off, and what was written stays until it is put back. */
  'places.set': method(placesSettingsSchema.nullable(), placesViewSchema),
  /**
   * Looks, writes or puts back. `rooms` null = all migrated ones, or all that were written. `overwrite`: of rooms that are named,
   * what somebody has set since is written over. Throws PLACES_OFF, M365_NOT_SET, VAULT_LOCKED, NOTHING_TO_DO, USAGE, JOB_RUNNING,
   * SITE_BUSY.
   */
  'jobs.places': method(
    z.object({ mode: placesModeSchema, rooms: z.array(z.number()).nullable(), overwrite: z.boolean() }),
    z.object({ job: z.number() }),
  ),
};
