/** Work on rooms that the team's list is told of. */
import type { Graph } from '../../microsoft/graph/graph.ts';
import type { Site } from '../../site/site.ts';
import { graphFor } from '../graph.ts';
import { technicianOf } from '../settings.ts';
import { type ClaimOptions, TeamClaims } from './claims.ts';
import { resultsSettings } from './settings.ts';

export type Claiming = Pick<ClaimOptions, 'agreed' | 'signal' | 'told'>;

/** Runs work on rooms that takes each of them in the team's list first, where there is one. */
export async function withClaims<T>(
  site: Site,
  options: Claiming,
  work: (claims: { claims?: TeamClaims }) => Promise<T>,
): Promise<T> {
  if (!resultsSettings(site)) return work({});
  let graph: Promise<Graph> | null = null;
  const open = () => {
    graph ??= graphFor(site);
    return graph;
  };
  const claims = new TeamClaims(site, { ...options, graph: open, technician: technicianOf(site) });
  try {
    return await work({ claims });
  } finally {
    await claims.close();
    const opened = await (graph as Promise<Graph> | null)?.catch(() => null);
    await opened?.close();
  }
}
