/** All that the team's site in SharePoint is owed: the rooms of the list, then the report files. */
import type { Site } from '../../site/site.ts';
import { owedToList } from '../debts.ts';
import { authoritiesOf, withGraph } from '../graph.ts';
import { type Published, type PublishOptions, publish } from './publish.ts';
import { type ReportFile, uploadReports } from './reports.ts';

/**
 * @returns the files that were looked at beside what publish() tells, and `owed` with those that could not go up.
 * Throws M365_NOT_SET, VAULT_LOCKED, and what publish() throws.
 */
export function deliverResults(
  site: Site,
  options: Omit<PublishOptions, 'graph'>,
): Promise<Published & { files: ReportFile[] }> {
  return withGraph(site, async (graph) => {
    const result = await publish(site, { ...options, graph });
    const files = await uploadReports(site, { graph, ca: authoritiesOf(site), signal: options.signal });
    return { ...result, owed: owedToList(site), files };
  });
}
