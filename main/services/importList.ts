/** Importing a list of any kind: opened, looked at, shown, written, and the choice of columns kept for the next one. */
import { OtjError } from '../contract/errors.ts';
import { type ImportOutcome, type ListKind, type RememberedMap, rememberedMapSchema } from '../contract/lists.ts';
import { sameObject } from '../infinity/paths.ts';
import { foldedHeadings, type ListWish } from '../roomlist/inspect.ts';
import type { ColumnMap } from '../roomlist/layout.ts';
import { type ListFile, openList, tableList } from '../roomlist/source.ts';
import type { Site } from '../site/site.ts';
import { type ImportPlan, outcomeOf, planImport } from './importPlan.ts';
import { InfinityLink } from './infinityLink.ts';
import { writeImport } from './inventory.ts';
import { tenantList } from './mailboxes.ts';
import { importMaps, rememberMap } from './preferences.ts';

const MAPS = 'import.maps';
const MOST_REMEMBERED = 20;

export type ListSource =
  | { text: string }
  | { base64: string }
  | { bytes: Uint8Array }
  | { from: 'infinity' | 'microsoft' };

export interface Importing {
  sheet: string | null;
  kind: ListKind | null;
  map: ColumnMap | null;
}

/**
 * Throws LIST_FORMAT, LIST_TOO_LARGE, LIST_UNSAFE, LIST_DAMAGED; from Infinity INFINITY_NOT_SET, CREDENTIAL_MISSING, VAULT_LOCKED,
 * INFINITY_UNREACHABLE, …; from Microsoft 365 M365_NOT_SET, M365_SIGN_IN_NEEDED, M365_CONSENT_NEEDED, …
 */
export async function openSource(site: Site, source: ListSource, signal: AbortSignal): Promise<ListFile> {
  if ('from' in source) return source.from === 'infinity' ? infinityList(site, signal) : tenantList(site, signal);
  if ('text' in source) return openList(Buffer.from(source.text, 'utf8'));
  return openList('bytes' in source ? source.bytes : Buffer.from(source.base64, 'base64'));
}

/** @param userData the app's own folder, which knows the choices made in other sites. Throws SHEET_UNKNOWN. */
export function lookAtImport(site: Site, file: ListFile, wish: Importing, userData: string): ImportPlan {
  return planImport(site, file, { ...wish, remembered: remembered(site, userData) } satisfies ListWish);
}

/**
 * Writes what the plan says. A choice of columns that worked is remembered, in the site file and beside all sites.
 * Throws LIST_CHANGED when something else was shown, LIST_UNREADABLE, DISK.
 * @param seen digest of the outcome that a person has seen; null = none was shown
 */
export function importList(site: Site, plan: ImportPlan, seen: string | null, userData: string): ImportOutcome {
  const outcome = outcomeOf(plan);
  if (seen !== null && seen !== outcome.digest) throw new OtjError('LIST_CHANGED');
  const written = writeImport(site, plan);
  const { how, kind, headings, map } = outcome.looked;
  if (how === 'given' && kind === 'table' && plan.rooms.length + plan.devices.length > 0) {
    const one = { headings: foldedHeadings(headings.map(({ name }) => name)), map };
    site.keep(MAPS, withMap(siteMaps(site), one));
    rememberMap(userData, (maps) => withMap(maps, one));
  }
  return written;
}

/** Those of this site first. */
function remembered(site: Site, userData: string): RememberedMap[] {
  return [...siteMaps(site), ...importMaps(userData)];
}

function siteMaps(site: Site): RememberedMap[] {
  return rememberedMapSchema.array().catch([]).parse(site.kept(MAPS));
}

/** The newest first, one for each set of headings. */
function withMap(maps: readonly RememberedMap[], one: RememberedMap): RememberedMap[] {
  const key = one.headings.join('\0');
  return [one, ...maps.filter(({ headings }) => headings.join('\0') !== key)].slice(0, MOST_REMEMBERED);
}

/** The OTJ endpoints of this site's group as a list. What Infinity does not know (floor, serial number) it says nothing of. */
async function infinityList(site: Site, signal: AbortSignal): Promise<ListFile> {
  const link = new InfinityLink(site, signal);
  try {
    const { setup } = await link.open();
    const entries = (await link.entries()).filter(
      ({ mjx_endpoint_group: group }) => group && sameObject(group, setup.group.uri),
    );
    const fields = ['name', 'endpoint_type', 'room_resource_email', 'api_address'] as const;
    return tableList([fields, ...entries.map((entry) => fields.map((field) => entry[field] ?? ''))]);
  } finally {
    await link.close();
  }
}
