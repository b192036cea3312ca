/** Calls on the results for the team: which list, what is owed, who does what. */
import type { ResultsView } from '../../contract/microsoft/results.ts';
import { withGraph } from '../graph.ts';
import type { OpenSite } from '../openSite.ts';
import { endResults, lookAtResults, setResults } from '../results/settings.ts';
import { readTeam, teamOf } from '../results/team.ts';
import { decideResults, resultsView } from '../results/view.ts';
import { roomOf } from '../roomDetail.ts';
import { type Area, change } from './area.ts';

export function resultsHandlers(open: OpenSite): Area<'results'> {
  return {
    'results.view': () => resultsView(open.site),
    'results.look': ({ address, list }) =>
      withGraph(open.site, (graph) => lookAtResults(graph, { address, ...(list === null ? {} : { list }) })),
    'results.set': async ({ list, columns, ...wish }) => {
      const { site, jobs } = open;
      jobs.assertIdle();
      const more = { ...(list === null ? {} : { list }), ...(columns === null ? {} : { columns }) };
      await withGraph(site, (graph) => setResults(site, graph, { ...wish, ...more }));
      return told(open);
    },
    'results.end': () => {
      change(open, endResults);
      return told(open);
    },
    'results.decide': ({ roomId, take }) => {
      change(open, (site) => decideResults(site, [roomOf(site, roomId)], take));
      return told(open);
    },
    'results.team': () => teamOf(open.site),
    'results.readTeam': async () => {
      const { site } = open;
      const before = teamOf(site);
      const team = await withGraph(site, (graph) => readTeam(site, graph));
      const ids = [...before.rooms, ...team.rooms].flatMap(({ roomId }) => roomId ?? []);
      open.roomsChanged([...new Set(ids)]);
      return team;
    },
  };
}

function told(open: OpenSite): ResultsView {
  open.siteChanged();
  return resultsView(open.site);
}
