/** How every screen and dialog looks, and whether people who see, hear or move otherwise can use it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setTextSize, tooWide, violations } from '../../support/a11y.ts';
import { type LabProcess, startLab } from '../../support/labProcess.ts';
import {
  type AppWindow,
  freshHome,
  hasBrowser,
  hostsHere,
  openWindow,
  ownNetwork,
  picture,
} from '../../support/window.ts';
import { makeSite } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();

interface View {
  name: string;
  /** Leads there from wherever the page is. */
  open(page: Page): Promise<void>;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();
const dialogOf = (page: Page) => page.getByRole('dialog').waitFor();

/** @param act opens what is over the screen */
function view(name: string, hash: string, act: (page: Page) => Promise<void> = async () => undefined): View {
  return {
    name,
    open: async (page) => {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      // Anew, so that nothing of the screen before is left over.
      await page.reload();
      // The one of a screen: while the program starts there is another, and no key does anything yet.
      await page.locator('#content').getByRole('heading', { level: 1 }).waitFor();
      await act(page);
    },
  };
}

const menuOf = async (page: Page, entry: string | RegExp) => {
  await button(page, 'More');
  await page.getByRole('menuitem', { name: entry }).click();
};

const FREE_TABLE = 'Anzeigename;Kalender;Wo\nElv;elv9@example.com;Bergen\nFoss;foss9@example.com;Bergen\n';
const NEW_LIST = 'room,mailbox,address\nNew,new@example.com,10.0.0.1\nBroken,no mailbox,http://x\n';

/** Ids as the lab's list gives them: 1 Fjord, 2 Skog (Poly), 3 Elv, 8 Vidde, 10 Vik. */
const VIEWS: readonly View[] = [
  view('start', '#/start'),
  view('start-new', '#/start', async (page) => {
    await button(page, 'New site');
    await dialogOf(page);
  }),
  view('start-open', '#/start', async (page) => {
    await button(page, 'Open site');
    await dialogOf(page);
  }),
  view('prepare', '#/checks'),
  view('prepare-compared', '#/checks', async (page) => {
    await page.getByRole('heading', { name: 'More on Infinity' }).scrollIntoViewIfNeeded();
    await page.getByText('Differences, room by room').first().waitFor();
  }),
  view('prepare-set-up', '#/checks', async (page) => {
    await button(page, 'Set up One-Touch Join…');
    await page.getByLabel('OTJ endpoint group').waitFor();
  }),
  view('prepare-set-up-shown', '#/checks', async (page) => {
    await button(page, 'Set up One-Touch Join…');
    await page.getByLabel('OTJ endpoint group').fill('Bergen 2');
    await page.getByLabel('OTJ profile').fill('Nordbank Bergen');
    await page.getByLabel('Calendar integration').click();
    await page.getByRole('option', { name: 'Microsoft 365 (Graph)' }).click();
    await page.getByLabel('Application (client) ID').fill('5b9ad7a4-6dd5-4a11-9f04-6f2a3c5f8a10');
    await page.getByLabel('Token address, version 2').fill('https://login.microsoftonline.com/x/oauth2/v2.0/token');
    await page.getByLabel('Client secret').fill('never shown');
    await button(page, 'Show what will be written');
    await page.getByText('(secret)').waitFor();
  }),
  view('prepare-files', '#/checks', async (page) => {
    await button(page, 'Without the API…');
    await dialogOf(page);
    await page.getByRole('checkbox', { name: 'With the generated passwords in clear' }).click();
  }),
  view('discover', '#/discover'),
  view('discover-facts', '#/discover', async (page) => {
    await page
      .getByRole('button', { name: /^Facts about / })
      .first()
      .click();
    await dialogOf(page);
    await page.getByText('CISCO-Endpoint').first().waitFor();
  }),
  view('match', '#/match'),
  view('rooms', '#/rooms'),
  view('rooms-chosen', '#/rooms', async (page) => {
    await page.getByRole('checkbox', { name: 'Choose Elv' }).click();
    await page.getByRole('region', { name: 'Chosen rooms' }).waitFor();
  }),
  view('rooms-import', '#/rooms', async (page) => {
    await button(page, 'Import rooms…');
    await dialogOf(page);
  }),
  view('rooms-import-columns', '#/rooms', async (page) => {
    await button(page, 'Import rooms…');
    await page.getByLabel('Or paste a table').fill(FREE_TABLE);
    await button(page, 'Show what would change');
    await page.getByRole('dialog', { name: 'Which column is which' }).waitFor();
  }),
  view('rooms-import-preview', '#/rooms', async (page) => {
    await button(page, 'Import rooms…');
    await page.getByLabel('Or paste a table').fill(NEW_LIST);
    await button(page, 'Show what would change');
    await page.getByRole('dialog', { name: 'What the import does' }).waitFor();
  }),
  view('rooms-run', '#/rooms', async (page) => {
    await button(page, 'Run…');
    await dialogOf(page);
  }),
  view('rooms-filter', '#/rooms', async (page) => {
    await button(page, 'State');
    await page.getByRole('menu').waitFor();
  }),
  view('rooms-beside', '#/rooms/1', async (page) => {
    await page.getByRole('region', { name: 'Proven', exact: true }).waitFor();
  }),
  view('rooms-map', '#/rooms', async (page) => {
    await button(page, 'Map');
  }),
  view('room-ready', '#/room/3', async (page) => {
    await page.getByRole('button', { name: 'Migrate', exact: true }).waitFor();
  }),
  view('room-migrated', '#/room/1', async (page) => {
    await page.getByRole('region', { name: 'Proven', exact: true }).waitFor();
  }),
  view('room-evidence', '#/room/1', async (page) => page.getByRole('tab', { name: 'Evidence' }).click()),
  view('room-device', '#/room/1', async (page) => page.getByRole('tab', { name: 'Device' }).click()),
  view('room-needs-you', '#/room/8', async (page) => {
    await page.getByRole('button', { name: 'Correct address or serial' }).first().waitFor();
  }),
  view('room-login', '#/room/10', async (page) => {
    await button(page, 'Store the login');
    await dialogOf(page);
  }),
  view('room-undo', '#/room/1', async (page) => {
    await menuOf(page, 'Undo this room');
    await dialogOf(page);
  }),
  view('room-address', '#/room/3', async (page) => {
    await menuOf(page, 'Correct address or serial');
    await dialogOf(page);
  }),
  view('run', '#/run'),
  view('sync', '#/sync', async (page) => {
    await page.getByRole('heading', { name: 'Infinity’s word for the moved rooms' }).waitFor();
  }),
  view('report', '#/report', async (page) => {
    await page.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor();
  }),
  view('settings', '#/settings'),
  view('settings-certificate', '#/settings', async (page) => {
    await button(page, 'Look at the certificate');
    await page.getByText('It is the one that is pinned.').waitFor();
  }),
  view('palette', '#/rooms', async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
  }),
  view('shortcuts', '#/rooms', async (page) => {
    await page.getByRole('heading', { level: 1 }).focus();
    await page.keyboard.press('?');
    await dialogOf(page);
  }),
  view('reach', '#/rooms', async (page) => {
    await button(page, /^Infinity/);
    await page.getByText('The Management Node answers.').waitFor();
  }),
];

describe.skipIf(!hasBrowser).each(hosts)('looks, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    const flags = ['--rooms', '24', '--trouble', ...ownNetwork()];
    [lab, window] = await Promise.all([startLab(flags), openWindow({ home, host })]);
    page = window.page;
    const list = readFileSync(lab.document.roomsCsv, 'utf8');
    await makeSite(window, { folder: home, lab: lab.document, list }, { prepared: true, concurrency: 8 });
    await window.done('jobs.check', undefined);
    await window.done('jobs.discover', { ranges: [], sshPort: null, httpsPort: null });
    await window.done('jobs.plan', { rooms: null, insist: false });
    // One of each state that there can be: migrated, in need of somebody, ready.
    const ids = (await window.rooms()).filter(({ id }) => ![3, 6, 9].includes(id)).map(({ id }) => id);
    await window.call('jobs.run', { rooms: ids, insist: true });
    await window.ended('run');
    await window.done('jobs.sync', { waitMs: 0, finish: false });
    // Somebody renames a room in the list: its entry on Infinity differs then.
    await window.call('rooms.import', { text: list.replaceAll('Elv', 'Elven') });
    await window.done('jobs.drift', { rooms: null });
    await window.call('rooms.import', { text: list });
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  it.each(VIEWS)('$name: nothing for axe to find, light and dark, and all of it fits', async ({ name, open }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await picture(page, name);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await violations(page)).toEqual([]);
    // Nothing but the colours is different in the dark.
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page, ['color-contrast'])).toEqual([]);
    await expect.poll(() => tooWide(page)).toBe(0);
    await setTextSize(page, 2);
    await expect.poll(() => tooWide(page)).toBe(0);
    await setTextSize(page, 1);
    const moving = await page.evaluate(
      `document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 1).map((one) => one.animationName ?? one.transitionProperty)`,
    );
    expect(moving).toEqual([]);
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  });
});
