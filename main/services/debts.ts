/** What a site owes and to whom. It stays in the site file until it is delivered. */
import type { Site } from '../site/site.ts';
import { owedPlaces } from './places/update.ts';
import { resultsSettings } from './results/settings.ts';

export interface Debts {
  /** Writes, and proofs that Infinity has reached a room. */
  toInfinity: number;
  toList: number;
  toPlaces: number;
}

export function debtsOf(site: Site): Debts {
  return { toInfinity: site.outbox.owedCount(), toList: owedToList(site), toPlaces: owedPlaces(site).length };
}

/** Rooms whose newest result the team's list does not have, and report files that could not go up beside it. */
export function owedToList(site: Site): number {
  const files = resultsSettings(site)?.reports ? site.results.files() : [];
  return site.results.owedCount() + files.filter(({ problem }) => problem !== null).length;
}
