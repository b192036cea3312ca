/** The first two minutes of a new user: from the empty start screen to a migrated practice room, and every screen seen. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setTextSize, tooWide, violations } from '../../support/a11y.ts';
import { type AppWindow, freshHome, hasBrowser, openWindow, picture } from '../../support/window.ts';

const PHASES = ['Prepare', 'Discover', 'Match', 'Rooms', 'Run', 'Sync', 'Report', 'Settings'] as const;

describe.skipIf(!hasBrowser)('a new user with the practice site', () => {
  const { home, remove } = freshHome();
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    window = await openWindow({ home });
    page = window.page;
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    remove();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const goTo = async (phase: (typeof PHASES)[number]) => {
    await page.getByRole('navigation').getByRole('link', { name: phase }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  /** Nothing is wrong with what is seen, in light and in dark, and a picture of both is kept. */
  const isSound = async (name: string) => {
    await picture(page, name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await violations(page), `${name}, ${colorScheme}`).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: null });
    expect(await tooWide(page), name).toBeLessThanOrEqual(0);
  };

  it('starts it in one click, prepares, and migrates a room in three', async () => {
    await isSound('01-start');
    await button('Start practice').click();
    await button('Prepare 24 rooms on Infinity').waitFor();
    await picture(page, '02-practice-open', ['light']);
    await button('Prepare 24 rooms on Infinity').click();
    await page.getByText('24 of 24 rooms prepared').waitFor();
    await goTo('Rooms');
    await button('Next room').first().click();
    await picture(page, '03-next-room', ['light']);
    await button('Check this room').click();
    await button('Migrate').waitFor();
    await picture(page, '04-checked', ['light']);
    await button('Migrate').click();
    await page.getByText('Proven', { exact: true }).waitFor();
    await isSound('05-migrated');
    const rooms = await window.rooms();
    expect(rooms.filter(({ state }) => state === 'migrated')).toHaveLength(1);
  });

  it('sees every screen of a site where some rooms have trouble', async () => {
    await window.done('jobs.check', undefined);
    await window.done('jobs.discover', { ranges: [], sshPort: null, httpsPort: null });
    await window.done('jobs.run', { rooms: null, insist: false });
    for (const phase of PHASES) {
      await goTo(phase);
      await isSound(`10-${phase.toLowerCase()}`);
      await setTextSize(page, 2);
      expect(await tooWide(page), `${phase} at 200 %`).toBeLessThanOrEqual(0);
      await setTextSize(page, 1);
    }
  });

  it('opens what the screens offer', async () => {
    await goTo('Rooms');
    await button('Map').click();
    await isSound('20-map');
    await button('List').click();
    await button('Run…').click();
    await page.getByRole('dialog').waitFor();
    await isSound('21-run-dialog');
    await page.keyboard.press('Escape');
    await button('Import rooms…').click();
    await page.getByRole('dialog').waitFor();
    await isSound('22-import');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await isSound('23-palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await isSound('24-keys');
    await page.keyboard.press('Escape');
    await page.getByRole('grid').getByText('Vidde').click();
    for (const tab of ['Plan', 'Steps', 'Evidence', 'Device'] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await isSound(`25-room-${tab.toLowerCase()}`);
    }
  });

  it.each([
    ['de', 'Räume'],
    ['nb', 'Rom'],
  ] as const)('reads it in %s', async (language, rooms) => {
    await window.call('app.preferences', { language });
    await page.reload();
    await page.getByRole('navigation').getByRole('link', { name: rooms }).click();
    await page.getByRole('heading', { level: 1, name: rooms }).waitFor();
    await picture(page, `30-rooms-${language}`, ['light']);
    expect(await tooWide(page)).toBeLessThanOrEqual(0);
    await window.call('app.preferences', { language: 'en' });
  });
});
