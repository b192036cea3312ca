/** Which list takes the results: looked at, chosen or made, and remembered. */
import { OtjError } from '../../contract/errors.ts';
import {
  type ColumnMapping,
  type ResultsSettings,
  type ResultsTarget,
  resultsSettingsSchema,
} from '../../contract/microsoft/results.ts';
import type { Graph } from '../../microsoft/graph/graph.ts';
import { assertMapping, DEFAULT_FOLDER, DEFAULT_LIST, proposeMapping } from '../../microsoft/results/columns.ts';
import { createList, lookAtTarget, readColumns } from '../../microsoft/results/list.ts';
import type { Site } from '../../site/site.ts';

/** The triggers of the site file look for this one. */
const KEY = 'results';

export function resultsSettings(site: Site): ResultsSettings | null {
  return resultsSettingsSchema.safeParse(site.kept(KEY)).data ?? null;
}

export interface ResultsWish {
  /** Address of the SharePoint site. */
  address: string;
  /** Name or id of the list; absent = the usual name. */
  list?: string;
  /** Make the list where there is none of that name. */
  create: boolean;
  /** Which column is which, where names do not tell; the rest is as proposed. */
  columns?: ColumnMapping;
  reports: boolean;
  folder?: string;
}

/** What a wish would come to. Writes nothing. Throws RESULTS_SITE_ADDRESS, RESULTS_SITE_MISSING, and what Graph throws. */
export function lookAtResults(
  graph: Graph,
  wish: Pick<ResultsWish, 'address' | 'list'>,
  signal?: AbortSignal,
): Promise<ResultsTarget> {
  return lookAtTarget(graph, wish.address, wish.list ?? DEFAULT_LIST.name, signal);
}

/**
 * Chooses the list, or makes it, and remembers which column is which. With another list than before, all rooms are owed anew.
 * Throws also RESULTS_LIST_MISSING, RESULTS_COLUMN_MISSING, RESULTS_COLUMN_UNFIT; nothing is remembered then.
 */
export async function setResults(
  site: Site,
  graph: Graph,
  wish: ResultsWish,
  signal?: AbortSignal,
): Promise<ResultsSettings> {
  const name = wish.list ?? DEFAULT_LIST.name;
  const target = await lookAtTarget(graph, wish.address, name, signal);
  if (!target.list && !wish.create) throw new OtjError('RESULTS_LIST_MISSING', name);
  const list = target.list ?? (await createList(graph, target.site.id, name, signal));
  const columns = target.list ? target.columns : await readColumns(graph, target.site.id, list.id, signal);
  const before = resultsSettings(site);
  const isSame = before !== null && before.list.id === list.id && before.site.id === target.site.id;
  const proposed = isSame && !wish.columns ? before.columns : proposeMapping(columns);
  const mapping = { ...proposed, ...wish.columns };
  assertMapping(mapping, columns);
  const settings: ResultsSettings = {
    site: target.site,
    list: { ...list, made: target.list === null || (isSame && before.list.made) },
    columns: mapping,
    reports: wish.reports,
    folder: folderOf(wish.folder),
  };
  site.db.transaction(() => {
    site.keep(KEY, settings);
    if (!isSame || JSON.stringify(before.columns) !== JSON.stringify(mapping)) site.results.beginList();
  });
  return settings;
}

/** Nothing is published any more; the list stays as it is. */
export function endResults(site: Site): void {
  site.db.transaction(() => {
    site.keep(KEY, null);
    site.results.endList();
  });
}

/** Throws SETTING_UNFIT for names that a library does not take. */
function folderOf(typed: string | undefined): string {
  const parts = (typed ?? DEFAULT_FOLDER).split('/').map((part) => part.trim());
  const isFit = parts.every((part) => part !== '' && !/^\.+$|["*:<>?\\|\p{Cc}]|^~|[. ]$/u.test(part));
  if (!isFit) throw new OtjError('SETTING_UNFIT', `folder ${(typed ?? '').slice(0, 200)}`);
  return parts.join('/');
}
