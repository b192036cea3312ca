/** The way to the list of a site: Graph as the one who is signed in. */
import { type Graph, openGraph } from '../../microsoft/graph/graph.ts';
import type { Site } from '../../site/site.ts';
import { graphOf, tokensOf } from '../connection.ts';
import { technicianOf } from '../settings.ts';
import { resultsSettings } from './settings.ts';
import { type ClaimOptions, TeamClaims } from './team.ts';

/** Opens Graph for one piece of work and closes it whatever happens. Throws M365_NOT_SET, VAULT_LOCKED, and what Graph throws. */
export async function withGraph<T>(site: Site, work: (graph: Graph) => Promise<T>): Promise<T> {
  // Asked for its own sake: tokens are secrets.
  void site.vault;
  const graph = openGraph(graphOf(site), tokensOf(site));
  try {
    return await work(graph);
  } finally {
    await graph.close();
  }
}

/** Authorities that are trusted besides the system's. Throws M365_NOT_SET. */
export function authoritiesOf(site: Site): string | null {
  return graphOf(site).ca;
}

export type Claiming = Pick<ClaimOptions, 'agreed' | 'signal' | 'told'>;

/** Runs work on rooms that takes each of them in the team's list first, where there is one. */
export async function withClaims<T>(
  site: Site,
  options: Claiming,
  work: (claims: { claims?: TeamClaims }) => Promise<T>,
): Promise<T> {
  if (!resultsSettings(site)) return work({});
  let graph: Graph | null = null;
  const open = async () => {
    graph ??= openGraph(graphOf(site), tokensOf(site));
    return graph;
  };
  const claims = new TeamClaims(site, { ...options, graph: open, technician: technicianOf(site) });
  try {
    return await work({ claims });
  } finally {
    await claims.close();
    await (graph as Graph | null)?.close();
  }
}
