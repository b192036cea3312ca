/** Technicians with a site file each and one list, and claims of theirs. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Problem } from '../../main/contract/errors.ts';
import type { Graph } from '../../main/microsoft/graph/graph.ts';
import { type ClaimOptions, TeamClaims } from '../../main/services/results/claims.ts';
import type { Room } from '../../main/site/rooms.ts';
import { Site } from '../../main/site/site.ts';
import { chooseList, type ResultsLab } from './resultsLab.ts';
import { addRoom, tempFolder, tempSite } from './siteFile.ts';

export const NEVER = new AbortController().signal;

export async function siteOf(technician: string): Promise<Site> {
  const site = await tempSite({ technician });
  addRoom(site, { name: 'Fjord', mailbox: 'fjord@contoso.example', address: '10.0.0.1' });
  addRoom(site, { name: 'Skog', mailbox: 'skog@contoso.example', address: '10.0.0.2' });
  return site;
}

/** Two technicians with a site file each, and one list. */
export async function two(results: ResultsLab): Promise<{ kari: Site; ola: Site }> {
  const [kari, ola] = [await siteOf('Kari'), await siteOf('Ola')];
  await chooseList(kari, results.graph);
  await chooseList(ola, results.graph);
  return { kari, ola };
}

export interface Wish {
  insist?: boolean;
  agreed?: ClaimOptions['agreed'];
  renewMs?: number;
  deadlineMs?: number;
  graph?: Graph;
  signal?: AbortSignal;
}

export function claimsOf(results: ResultsLab, site: Site, wish: Wish = {}) {
  const { insist = false, graph = results.graph, deadlineMs: _later, ...change } = wish;
  const told: (Problem & { room: string | null })[] = [];
  const technician = site.settings.technician;
  const made = new TeamClaims(site, {
    ...{ graph: async () => graph, technician, agreed: () => insist, signal: NEVER },
    ...change,
    /** A loaded computer is no dead network: a test shortens it when it cuts the wire. */
    get deadlineMs() {
      return wish.deadlineMs ?? 120_000;
    },
    told: (problem, about) => told.push({ ...problem, room: about?.name ?? null }),
  });
  return { claims: made, told };
}

export function room(site: Site, name = 'Fjord'): Room {
  const found = site.rooms.all().find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
}

/** A copy of the file as it is on disk now, on this computer. */
export function copyOf(site: Site): { copy: Site; path: string } {
  const path = join(tempFolder(), 'test.otjsite');
  site.db.run('VACUUM INTO $path', { path });
  const copy = Site.open(path);
  onTestFinished(() => copy.close());
  return { copy, path };
}
