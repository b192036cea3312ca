/** The application around a site: where it runs, what it remembers, what can be reached from here. */
import { z } from 'zod';
import { jobSchema } from './jobs.ts';
import { siteSchema } from './site.ts';

export const recentSiteSchema = z.object({
  path: z.string(),
  name: z.string(),
  openedAt: z.string(),
  /** False when the file is not there now. */
  there: z.boolean(),
  practice: z.boolean(),
});
export type RecentSite = z.infer<typeof recentSiteSchema>;

const reachOneSchema = z.object({
  /** `unset`: there is no address to ask. `unknown`: not asked yet. */
  state: z.enum(['reached', 'away', 'unset', 'unknown']),
  /** Since when it is so. */
  since: z.string(),
  /** What was asked: addresses of this computer, host and port. */
  about: z.string(),
  /** Microsoft 365 only: who is signed in; null = nobody. */
  who: z.string().nullable().exactOptional(),
  /** Microsoft 365 only: their sign-in has ended. */
  ended: z.boolean().exactOptional(),
});
export const reachSchema = z.object({ lan: reachOneSchema, infinity: reachOneSchema, microsoft: reachOneSchema });
export type Reach = z.infer<typeof reachSchema>;
export type ReachOne = z.infer<typeof reachOneSchema>;

const LANGUAGES = ['en', 'de', 'nb'] as const;
export const preferencesSchema = z.object({
  language: z.enum(['system', ...LANGUAGES]),
  theme: z.enum(['system', 'light', 'dark']),
  /** Hints of the guided tour that were read. */
  hintsRead: z.array(z.string()),
});
export type Preferences = z.infer<typeof preferencesSchema>;
export const DEFAULT_PREFERENCES: Preferences = { language: 'system', theme: 'system', hintsRead: [] };

export const appStateSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser']),
  platform: z.string(),
  /** A keychain of the operating system is there to remember passphrases. */
  keychain: z.boolean(),
  /** The host shows the operating system's own file dialogs. */
  fileDialogs: z.boolean(),
  /** Where new site files go unless another folder is chosen. */
  home: z.string(),
  preferences: preferencesSchema,
  recent: z.array(recentSiteSchema),
  site: siteSchema.nullable(),
  jobs: z.array(jobSchema),
  reach: reachSchema,
});
export type AppState = z.infer<typeof appStateSchema>;
