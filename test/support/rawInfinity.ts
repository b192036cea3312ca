/** A site file on the small HTTPS server of the tests: for replies that no lab would give by itself. */
import { takenOver } from '../../main/contract/takeOver.ts';
import { RESOURCE, type Resource } from '../../main/infinity/paths.ts';
import { lookAtCertificate } from '../../main/services/certificate.ts';
import { readDrift } from '../../main/services/drift.ts';
import { type PreparedRoom, prepare } from '../../main/services/prepare.ts';
import { type SyncItem, type SyncOptions, sync } from '../../main/services/sync.ts';
import type { ListedRoom } from '../../main/site/rooms.ts';
import type { Site } from '../../main/site/site.ts';
import { PASSWORD, type RawNode, type Row } from '../integration/infinity-server.ts';
import { addRoom, tempSite } from './siteFile.ts';

export const never = new AbortController().signal;
export const uri = (resource: Resource, id: number): string => `${resource}${id}/`;

/** A deployment that lacks nothing. @param part replaces collections */
function goodRows(part: Record<string, Row[]> = {}): Record<string, Row[]> {
  const location = uri(RESOURCE.locations, 1);
  return {
    [RESOURCE.manager]: [{ id: 1, name: 'manager', version: '41 (82100.0.0)' }],
    [RESOURCE.licences]: [{ id: 1, otj_count: 1, otj_total: 900 }],
    [RESOURCE.locations]: [{ id: 1, name: 'Oslo', resource_uri: location }],
    [RESOURCE.groups]: [
      {
        id: 3,
        name: 'Oslo',
        resource_uri: uri(RESOURCE.groups, 3),
        system_location: location,
        mjx_integration: uri(RESOURCE.profiles, 4),
      },
    ],
    [RESOURCE.profiles]: [{ id: 4, name: 'OTJ', graph_deployment: uri(RESOURCE.graphDeployments, 5), ep_username: '' }],
    [RESOURCE.graphDeployments]: [
      { id: 5, name: 'Graph', oauth_token_url: 'https://login.microsoftonline.com/x/oauth2/v2.0/token' },
    ],
    [RESOURCE.rules]: [{ id: 6, name: 'Teams', meeting_type: 'teams', mjx_integration: uri(RESOURCE.profiles, 4) }],
    [RESOURCE.nodes]: [
      {
        id: 7,
        name: 'conf-1',
        hostname: 'localhost',
        domain: 'example',
        address: '127.0.0.1',
        system_location: location,
      },
    ],
    [RESOURCE.nodeStates]: [
      { id: 1, name: 'conf-1', configuration_id: 7, system_location: 'Oslo', sync_status: 'SYNCED' },
    ],
    [RESOURCE.alarms]: [],
    [RESOURCE.endpoints]: [],
    [RESOURCE.contacts]: [],
    [RESOURCE.meetings]: [],
    ...part,
  };
}

/** Forgets what was before. @returns a new site file with its login stored */
export async function freshSite(node: RawNode, part: Record<string, Row[]> = {}): Promise<Site> {
  node.rows = goodRows(part);
  node.before = () => undefined;
  node.after = () => undefined;
  const shown = await lookAtCertificate('127.0.0.1', node.port);
  const infinity = { address: '127.0.0.1', port: node.port, group: 'Oslo', pin: shown?.sha256 ?? null };
  const site = await tempSite({ infinity, nodePort: node.port });
  site.saveCredential('infinity', null, 'admin', PASSWORD);
  node.asked.length = 0;
  return site;
}

/** Prepares all rooms; what stood there before is changed as it was shown. */
export async function prepared(site: Site): Promise<PreparedRoom[]> {
  const rooms = site.rooms.all();
  const { rows } = await readDrift(site, { rooms, signal: never });
  try {
    return (await prepare(site, { rooms, agreed: takenOver(rows), signal: never, done: () => undefined })).rooms;
  } finally {
    site.releaseLock();
  }
}

/** @returns what was told of each debt; throws what `sync` throws, with what was told before it in `told` */
export async function synced(
  site: Site,
  options: Partial<SyncOptions> = {},
  told: SyncItem[] = [],
): Promise<SyncItem[]> {
  const wish = { signal: never, waitMs: 0, delivered: (item: SyncItem) => told.push(item), waiting: () => undefined };
  try {
    await sync(site, { ...wish, ...options });
    return told;
  } finally {
    site.releaseLock();
  }
}

/** Rooms R0, R1, … whose entry is owed. @param change the same of all of them */
export function owing(site: Site, rooms: number, change: Partial<ListedRoom> = {}): void {
  for (let at = 0; at < rooms; at++) {
    const listed = { name: `R${at}`, mailbox: `r${at}@example.com`, address: `10.0.1.${at + 1}` };
    const { room } = addRoom(site, { ...listed, ...change });
    site.outbox.owe(room.id, 'entry');
  }
}
