/** The way to Microsoft Graph of a site: as the one who is signed in. */
import type { Graph } from '../microsoft/graph/graph.ts';
import type { Site } from '../site/site.ts';
import { graphOf, tokensOf } from './connection.ts';

/** Whoever opens it closes it. Throws M365_NOT_SET. */
export async function graphFor(site: Site): Promise<Graph> {
  const way = graphOf(site);
  // Loaded when it is wanted: most of the time nobody asks Microsoft 365.
  const { openGraph } = await import('../microsoft/graph/graph.ts');
  return openGraph(way, tokensOf(site));
}

/** Opens Graph for one piece of work and closes it whatever happens. Throws M365_NOT_SET, VAULT_LOCKED, and what Graph throws. */
export async function withGraph<T>(site: Site, work: (graph: Graph) => Promise<T>): Promise<T> {
  const graph = await graphFor(site);
  try {
    // Asked for its own sake: tokens are secrets.
    void site.vault;
    return await work(graph);
  } finally {
    await graph.close();
  }
}

/** Authorities that are trusted besides the system's. Throws M365_NOT_SET. */
export function authoritiesOf(site: Site): string | null {
  return graphOf(site).ca;
}
