/** A site file with rooms, and publishing them, for the tests of the results list. */
import type { ResultTake } from '../../main/contract/microsoft/results.ts';
import type { Graph } from '../../main/microsoft/graph/graph.ts';
import { type Delivery, publish } from '../../main/services/results/publish.ts';
import type { Room } from '../../main/site/rooms.ts';
import type { Site } from '../../main/site/site.ts';
import { type Column, columnFrom } from '../lab/microsoft/graph/columns.ts';
import { addRoom, tempSite } from './siteFile.ts';

export async function siteWith(rooms: number): Promise<Site> {
  const site = await tempSite({ technician: 'Kari' });
  site.db.transaction(() => {
    for (let at = 1; at <= rooms; at++)
      addRoom(site, {
        name: `Room ${at}`,
        mailbox: `room-${at}@contoso.example`,
        address: `10.0.${at >> 8}.${at & 255}`,
      });
  });
  return site;
}

/** @param rooms null = all that is owed */
export async function publishOver(graph: Graph, site: Site, rooms: readonly Room[] | null = null) {
  const deliveries: Delivery[] = [];
  const signal = new AbortController().signal;
  const result = await publish(site, { graph, rooms, signal, told: (one) => deliveries.push(one) });
  return { ...result, deliveries, codes: deliveries.map(({ problem }) => problem?.code ?? 'ok') };
}

export function room(site: Site, name: string): Room {
  const found = site.rooms.all().find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
}

export const finish = (site: Site, name: string) => site.rooms.setState(room(site, name).id, 'migrated', null);
export const decide = (site: Site, name: string, take: ResultTake) => site.results.decide(room(site, name).id, take);

/** A column of text as people make it. */
export function text(name: string, indexed = false): Column {
  const column = columnFrom(name, { name, displayName: name, indexed, text: {} });
  if (!column) throw new Error(name);
  return column;
}
