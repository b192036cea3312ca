/** A site file on the lab's Infinity alone, without devices: for what is written there and what is not. */
import { X509Certificate } from 'node:crypto';
import { takenOver } from '../../main/contract/takeOver.ts';
import { readDrift } from '../../main/services/drift.ts';
import { prepare } from '../../main/services/prepare.ts';
import { sync } from '../../main/services/sync.ts';
import type { Room } from '../../main/site/rooms.ts';
import type { Site } from '../../main/site/site.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { addRoom, tempSite } from './siteFile.ts';

/** Where the platform is, with its certificate pinned. */
export function placeOf({ url, management }: Platform, group = 'Oslo') {
  const { hostname, port } = new URL(url);
  const pin = new X509Certificate(management.certificate).fingerprint256.replaceAll(':', '').toLowerCase();
  return { address: hostname, port: Number(port), group, pin };
}

/** Every third room is a Poly room. */
export function addRooms(site: Site, count: number): void {
  for (let at = 1; at <= count; at++)
    addRoom(site, {
      name: `Room ${at}`,
      mailbox: `room-${at}@lab.example`,
      address: `10.1.${at >> 8}.${at & 255}`,
      family: at % 3 === 0 ? 'poly-videoos' : 'cisco-roomos',
    });
}

export async function siteOn(infinity: Platform, rooms: number): Promise<Site> {
  const site = await tempSite({ infinity: placeOf(infinity) });
  site.saveCredential('infinity', null, 'admin', 'secret');
  addRooms(site, rooms);
  return site;
}

/**
 * Prepares all rooms, or some.
 * @param agreed rooms of which a person has seen what is changed in an entry from before us; default all
 * @returns the codes of the rooms that it failed for, by name
 */
export async function prepareAll(
  site: Site,
  rooms: readonly Room[] = site.rooms.all(),
  agreed: readonly Room[] = rooms,
): Promise<Record<string, string>> {
  const { signal } = new AbortController();
  const { rows } = await readDrift(site, { rooms: agreed, signal });
  const { rooms: done } = await prepare(site, {
    rooms,
    agreed: takenOver(rows),
    signal,
    done: () => undefined,
  });
  site.releaseLock();
  return failed(done);
}

/** Delivers what is owed, without waiting for contact. @returns as {@link prepareAll} */
export async function syncAll(site: Site): Promise<Record<string, string>> {
  const done: Parameters<Parameters<typeof sync>[1]['delivered']>[0][] = [];
  const { signal } = new AbortController();
  await sync(site, { signal, waitMs: 0, delivered: (item) => done.push(item), waiting: () => undefined });
  site.releaseLock();
  return failed(done);
}

function failed(done: readonly { room: { name: string }; problem: { code: string } | null }[]): Record<string, string> {
  return Object.fromEntries(done.flatMap(({ room, problem }) => (problem ? [[room.name, problem.code]] : [])));
}
