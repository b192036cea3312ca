/** Site files for tests: each in a folder of its own that goes when the test ends. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Settings } from '../../main/contract/site.ts';
import type { ListedRoom } from '../../main/site/rooms.ts';
import { Site } from '../../main/site/site.ts';

export const PASSPHRASE = 'Correct-Horse-Battery-77';

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'otj-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function tempSite(settings: Partial<Settings> = {}): Promise<Site> {
  const site = await Site.create(join(tempFolder(), 'test.otjsite'), PASSPHRASE, settings);
  onTestFinished(() => site.close());
  return site;
}

function listedRoom(change: Partial<ListedRoom> = {}): ListedRoom {
  return {
    name: 'Fjord',
    building: 'Oslo',
    floor: '2',
    mailbox: 'fjord@example.com',
    address: '10.0.0.1',
    serial: null,
    family: 'cisco-roomos',
    ...change,
  };
}

/** A room of the list, as the site file has it afterwards, with its endpoint. */
export function addRoom(site: Site, change: Partial<ListedRoom> = {}) {
  const listed = listedRoom(change);
  const { sshPort, httpsPort } = site.settings;
  const outcome = site.rooms.upsert(listed, { sshPort, httpsPort });
  const room = site.rooms.byMailbox(listed.mailbox);
  const endpoint = room && site.rooms.endpointOf(room.id);
  if (!room || !endpoint) throw new Error('the room was not saved');
  return { outcome, room, endpoint };
}

/** Every byte that lies in the folder of a site file: the file, its write-ahead log, its lock. */
export function bytesBeside(path: string): string {
  const folder = join(path, '..');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name)).toString('latin1'))
    .join('\n');
}
