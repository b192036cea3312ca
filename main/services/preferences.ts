/** What this app remembers between sessions, beside all sites: preferences and the sites opened last. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  DEFAULT_PREFERENCES,
  type Preferences,
  preferencesSchema,
  type RecentSite,
  recentSiteSchema,
} from '../contract/app.ts';
import { OtjError } from '../contract/errors.ts';
import { type RememberedMap, rememberedMapSchema } from '../contract/lists.ts';

const MOST_RECENT = 12;
/** A share whose server is away must not hold up the first screen. */
const LOOK_MS = 300;

const knownSiteSchema = recentSiteSchema.omit({ there: true });
const fileSchema = z.object({
  importMaps: z.array(rememberedMapSchema).catch([]),
  preferences: preferencesSchema.catch(DEFAULT_PREFERENCES),
  recent: z.array(knownSiteSchema).catch([]),
});
type Remembered = z.infer<typeof fileSchema>;
type KnownSite = z.infer<typeof knownSiteSchema>;

/** @param userData the app's own folder. A file that is missing or broken counts as nothing remembered. */
export function readRemembered(userData: string): Remembered {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(fileIn(userData), 'utf8')));
  } catch {
    return { preferences: DEFAULT_PREFERENCES, recent: [], importMaps: [] };
  }
}

/** Throws DISK. */
export function changePreferences(userData: string, change: Partial<Preferences>): Preferences {
  const remembered = readRemembered(userData);
  const preferences = { ...remembered.preferences, ...change };
  write(userData, { ...remembered, preferences });
  return preferences;
}

/**
 * Puts a site on top of the list of recent ones; what was known as a practice site stays one. Never throws: that the
 * list cannot be written is no reason not to work on the site.
 */
export function rememberSite(userData: string, site: { path: string; name: string; practice?: boolean }): void {
  const remembered = readRemembered(userData);
  const { recent } = remembered;
  const known = recent.find(({ path }) => path === site.path);
  const practice = site.practice ?? known?.practice ?? false;
  const newest: KnownSite = { ...site, practice, openedAt: new Date().toISOString() };
  const others = recent.filter(({ path }) => path !== site.path);
  try {
    write(userData, { ...remembered, recent: [newest, ...others].slice(0, MOST_RECENT) });
  } catch {
    // It is told where a preference is changed, which is what cannot be kept then.
  }
}

/** Throws DISK. */
export function forgetSite(userData: string, path: string): void {
  const remembered = readRemembered(userData);
  write(userData, { ...remembered, recent: remembered.recent.filter((site) => site.path !== path) });
}

/** Choices of columns for lists of rooms that were made in any site, the newest first. */
export function importMaps(userData: string): RememberedMap[] {
  return readRemembered(userData).importMaps;
}

/** Never throws: the site file remembers the choice as well. */
export function rememberMap(userData: string, change: (maps: readonly RememberedMap[]) => RememberedMap[]): void {
  const remembered = readRemembered(userData);
  try {
    write(userData, { ...remembered, importMaps: change(remembered.importMaps) });
  } catch {
    // Nothing is lost but a convenience in other sites.
  }
}

/** Newest first, each with whether its file can be seen now. */
export function recentSites({ recent }: Remembered): Promise<RecentSite[]> {
  return Promise.all(recent.map(async (site) => ({ ...site, there: await isThere(site.path) })));
}

async function isThere(path: string): Promise<boolean> {
  const seen = access(path).then(
    () => true,
    () => false,
  );
  return Promise.race([seen, sleep(LOOK_MS, false, { ref: false })]);
}

/** Whole or not at all: a crash in between leaves the former file. */
function write(userData: string, remembered: Remembered): void {
  const file = fileIn(userData);
  const fresh = `${file}.${randomUUID()}`;
  try {
    mkdirSync(userData, { recursive: true, mode: 0o700 });
    writeFileSync(fresh, `${JSON.stringify(remembered, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(fresh, file);
  } catch (thrown) {
    if (existsSync(fresh)) rmSync(fresh);
    throw new OtjError('DISK', (thrown as Error).message, { cause: thrown });
  }
}

function fileIn(userData: string): string {
  return join(userData, 'preferences.json');
}
