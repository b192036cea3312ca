/** Which list takes the results: looked at, chosen or made, and remembered. */
import { OtjError } from '../../contract/errors.ts';
import {
  type ColumnMapping,
  type ListColumn,
  type ResultsSettings,
  type ResultsTarget,
  resultColumnSchema,
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
  /** Which column is which, where names do not tell; the rest stays as it is, or as proposed. */
  columns?: ColumnMapping;
  /** `columns` is all: what it does not name is not written. */
  whole?: boolean;
  /** Absent = as before, at first yes. */
  reports?: boolean;
  /** Absent = as before, at first the usual one. */
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

/** A list that was found or made for a wish, and not chosen yet. */
export interface FoundList {
  wish: ResultsWish;
  site: ResultsTarget['site'];
  list: NonNullable<ResultsTarget['list']>;
  made: boolean;
  columns: readonly ListColumn[];
}

/** Finds the list, or makes it; the site file is not touched. Throws RESULTS_LIST_MISSING, and what Graph throws. */
export async function findResults(graph: Graph, wish: ResultsWish, signal?: AbortSignal): Promise<FoundList> {
  const name = wish.list ?? DEFAULT_LIST.name;
  const { site, list, columns } = await lookAtTarget(graph, wish.address, name, signal);
  if (list) return { wish, site, list, made: false, columns };
  if (!wish.create) throw new OtjError('RESULTS_LIST_MISSING', name);
  const made = await createList(graph, site.id, name, signal);
  return { wish, site, list: made, made: true, columns: await readColumns(graph, site.id, made.id, signal) };
}

/**
 * Remembers the list and which column is which. With another list than before, nothing is known of it; with other columns, what
 * is known of the others stays. In both cases all rooms are owed anew.
 * Throws RESULTS_COLUMN_MISSING, RESULTS_COLUMN_UNFIT, SETTING_UNFIT; nothing is remembered then.
 */
export function chooseResults(site: Site, { wish, columns, ...found }: FoundList): ResultsSettings {
  const before = resultsSettings(site);
  const isSame = before !== null && before.list.id === found.list.id && before.site.id === found.site.id;
  const rest = wish.whole ? {} : isSame ? before.columns : proposeMapping(columns);
  const mapping = { ...rest, ...wish.columns };
  assertMapping(mapping, columns);
  const settings: ResultsSettings = {
    site: found.site,
    list: {
      ...found.list,
      made: found.made || (isSame && before.list.made),
      unique: columns.find(({ name }) => name === mapping.jobKey)?.unique ?? false,
    },
    columns: mapping,
    reports: wish.reports ?? before?.reports ?? true,
    folder: folderOf(wish.folder ?? before?.folder ?? DEFAULT_FOLDER),
  };
  site.db.transaction(() => {
    site.keep(KEY, settings);
    if (!isSame) return site.results.beginList();
    const other = resultColumnSchema.options.filter((column) => before.columns[column] !== mapping[column]);
    if (other.length > 0) site.results.changeColumns(other);
  });
  return settings;
}

/** Finds or makes the list and chooses it at once. Throws what `findResults` and `chooseResults` throw. */
export async function setResults(
  site: Site,
  graph: Graph,
  wish: ResultsWish,
  signal?: AbortSignal,
): Promise<ResultsSettings> {
  return chooseResults(site, await findResults(graph, wish, signal));
}

/** Nothing is published any more; the list stays as it is. */
export function endResults(site: Site): void {
  site.db.transaction(() => {
    site.keep(KEY, null);
    site.results.endList();
  });
}

/** Throws SETTING_UNFIT for names that a library does not take. */
function folderOf(typed: string): string {
  const parts = typed.split('/').map((part) => part.trim());
  const isFit = parts.every((part) => part !== '' && !/^\.+$|["*:<>?\\|\p{Cc}]|^~|[. ]$/u.test(part));
  if (!isFit) throw new OtjError('SETTING_UNFIT', `folder ${typed.slice(0, 200)}`);
  return parts.join('/');
}
