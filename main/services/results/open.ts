/** The way to the team's list: as it is set, and as it is now. */
import { OtjError } from '../../contract/errors.ts';
import type { Graph } from '../../microsoft/graph/graph.ts';
import { assertMapping } from '../../microsoft/results/columns.ts';
import { ResultsList, readColumns } from '../../microsoft/results/list.ts';
import type { Site } from '../../site/site.ts';
import { resultsSettings } from './settings.ts';

/**
 * Throws RESULTS_UNSET, RESULTS_LIST_MISSING, RESULTS_COLUMN_*, and what Graph throws.
 * @param meanwhile begins what needs no knowledge of the columns
 */
export async function openList(
  site: Site,
  graph: Graph,
  signal?: AbortSignal,
  meanwhile: (list: ResultsList) => void = () => undefined,
): Promise<ResultsList> {
  const settings = resultsSettings(site);
  if (!settings) throw new OtjError('RESULTS_UNSET');
  const where = { siteId: settings.site.id, listId: settings.list.id };
  const list = new ResultsList(graph, where, settings.columns);
  const reading = readColumns(graph, where.siteId, where.listId, signal);
  meanwhile(list);
  const columns = await reading;
  assertMapping(settings.columns, columns);
  list.knows(columns);
  return list;
}
