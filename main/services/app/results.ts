/** Calls on the results for the team: which list, what is owed, who does what. */
import { OtjError } from '../../contract/errors.ts';
import type { ResultsView } from '../../contract/microsoft/results.ts';
import { withGraph } from '../graph.ts';
import type { OpenSite } from '../openSite.ts';
import { chooseResults, endResults, findResults, lookAtResults } from '../results/settings.ts';
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
      const more = { ...(list === null ? {} : { list }), ...(columns === null ? {} : { columns, whole: true }) };
      const found = await withGraph(site, (graph) => findResults(graph, { ...wish, ...more }));
      // Another site may have been opened meanwhile, or a run begun.
      if (open.siteOrNull !== site) throw new OtjError('SITE_NONE');
      change(open, () => chooseResults(site, found));
      return told(open);
    },
    'results.end': () => {
      change(open, endResults);
      return told(open);
    },
    'results.decide': ({ roomId, take, shown }) => {
      change(open, (site) => decideResults(site, [roomOf(site, roomId)], take, [shown]));
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
