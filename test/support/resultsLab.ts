/** A SharePoint site in the lab's Graph, and a client of it. */
import { type Graph, openGraph } from '../../main/microsoft/graph/graph.ts';
import { setResults } from '../../main/services/results/settings.ts';
import type { Site } from '../../main/site/site.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/microsoft/graph/behaviour.ts';
import { LabDrives } from '../lab/microsoft/graph/drive.ts';
import type { LabItem, LabList } from '../lab/microsoft/graph/list.ts';
import { type LabSite, LabSites } from '../lab/microsoft/graph/lists.ts';
import { type GraphLab, startGraphLab } from '../lab/microsoft/graph/server.ts';
import { type TestTokens, testTokens } from './graphTokens.ts';

export const ADDRESS = 'https://contoso.sharepoint.com/sites/otj';

export interface ResultsLab {
  readonly lab: GraphLab;
  readonly sites: LabSites;
  readonly drives: LabDrives;
  readonly tokens: TestTokens;
  readonly graph: Graph;
  /** The site of ADDRESS. */
  readonly site: LabSite;
  /** Everything as at the beginning: no lists, no troubles, nothing counted. */
  reset(): void;
  /** Another client, such as that of another technician. */
  client(): Graph;
  stop(): Promise<void>;
}

export async function startResultsLab(): Promise<ResultsLab> {
  const tokens = await testTokens();
  const sites = new LabSites();
  const drives = new LabDrives(sites);
  const site = sites.addSite('contoso.sharepoint.com', '/sites/otj', 'OTJ');
  const lab = await startGraphLab({
    ...tokens.rules,
    address: '127.0.0.1',
    port: 0,
    routes: [...sites.routes, ...drives.routes],
    beside: drives.beside,
  });
  drives.origin = new URL(lab.url).origin;
  const clients: Graph[] = [];
  const client = () => {
    const graph = openGraph({ baseUrl: lab.url, ca: lab.certificate }, tokens, { retryMs: 5 });
    clients.push(graph);
    return graph;
  };
  const graph = client();
  return {
    ...{ lab, sites, drives, tokens, graph, site, client },
    reset() {
      site.lists.length = 0;
      Object.assign(sites, { writes: 0, mismatch: 412, crossings: 0, tagless: false, nulls: false });
      Object.assign(drives, { loseAnswers: 0, endSessions: 0, turnAway: 0, crossings: 0, untold: 0, unkept: 0 });
      sites.writesPerSecond = Number.POSITIVE_INFINITY;
      tokens.granted = null;
      Object.assign(lab.behaviour, DEFAULT_BEHAVIOUR, { faults: [] });
      Object.assign(lab.counts, { requests: 0, parts: 0, refused: 0, crowded: 0, mostOpen: 0 });
      lab.asked.length = 0;
    },
    async stop() {
      for (const one of clients) await one.close();
      await lab.stop();
    },
  };
}

/** The list of the usual name, made and chosen. */
export async function chooseList(site: Site, graph: Graph, reports = false): Promise<void> {
  await setResults(site, graph, { address: ADDRESS, create: true, reports });
}

export function listOf({ site }: ResultsLab): LabList {
  const [list] = site.lists;
  if (!list) throw new Error('no list');
  return list;
}

export function itemNamed(results: ResultsLab, room: string): LabItem {
  const found = [...listOf(results).items.values()].filter(({ fields }) => fields.Title === room);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} items of ${room}`);
  return found[0];
}
