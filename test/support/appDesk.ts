/** A desk for each test: folders of its own, the app on them, and a site that is open in it. */
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished } from 'vitest';
import type { HostPorts } from '../../main/services/opened.ts';
import { type AppClient, startApp, startAppHere } from './appClient.ts';
import { PASSPHRASE, tempFolder } from './siteFile.ts';

export const NEW = { name: '', technician: 'Kari', passphrase: PASSPHRASE, remember: false };

export interface AppDesk {
  /** Home folder, and where sites are made. */
  readonly folder: string;
  /** Of the site that `openedSite` makes. */
  readonly path: string;
  /** Where the app keeps its preferences. */
  readonly userData: string;
}

/** Call at the top of a file of tests. @returns the desk of the test that is going on */
export function appDesk(): AppDesk {
  const desk = { folder: '', path: '', userData: '' };
  beforeEach(() => {
    const folder = tempFolder();
    Object.assign(desk, { folder, path: join(folder, 'oslo.otjsite'), userData: tempFolder() });
    const home = process.env.HOME;
    process.env.HOME = folder;
    onTestFinished(() => {
      if (home === undefined) delete process.env.HOME;
      else process.env.HOME = home;
    });
  });
  return desk;
}

/** @param start in which thread */
export function appOn(
  desk: AppDesk,
  ports: Partial<HostPorts> = {},
  start: typeof startAppHere = startAppHere,
): AppClient {
  const client = start(desk.userData, ports);
  onTestFinished(() => client.backend.close());
  return client;
}

/** With the services in a thread of their own, as in the app. */
export function threadedAppOn(desk: AppDesk, ports: Partial<HostPorts> = {}): AppClient {
  return appOn(desk, ports, startApp);
}

/** A site with a room for each name, open in the app. */
export async function openedSite(
  desk: AppDesk,
  names: readonly string[] = ['Fjord', 'Skog', 'Hav'],
): Promise<AppClient> {
  const client = appOn(desk);
  await client.call('site.create', { ...NEW, path: desk.path });
  const rows = names.map(
    (name, at) => `"${name.replaceAll('"', '""')}",Oslo,${at + 1},r${at}@example.com,10.0.0.${at + 1},,cisco`,
  );
  const text = ['room,building,floor,mailbox,address,serial,family', ...rows].join('\n');
  const { added, problems } = await client.call('rooms.import', { text });
  expect({ added, problems }).toEqual({ added: names.length, problems: [] });
  return client;
}
