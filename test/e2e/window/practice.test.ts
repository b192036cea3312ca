/** The first minutes with the program: simulated rooms in one click, with the tour beside them. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow } from '../../support/window.ts';

const { hosts } = await hostsHere();

describe.skipIf(!hasBrowser).each(hosts)('practice, %s', (host) => {
  const { home, remove } = freshHome();
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    window = await openWindow({ home, host });
    page = window.page;
  }, 120_000);

  afterAll(async () => {
    await window?.close();
    remove();
  });

  it('begins with one click, is shown round, and migrates a first room', async () => {
    await page.getByRole('button', { name: 'Start practice' }).click();
    await page.getByRole('heading', { level: 1, name: 'Prepare' }).waitFor();
    const tour = page.getByRole('complementary', { name: 'Short tour' });
    await tour.getByText('First see what is missing').waitFor();
    await tour.getByText('The passphrase of this practice site is: practice site').waitFor();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText(/^Looked at: /).waitFor();
    await window.ended('check');
    await page.getByRole('button', { name: 'Prepare 24 rooms on Infinity' }).click();
    await page.getByRole('button', { name: 'Write 24 entries' }).click();
    await page.getByText('24 of 24 rooms prepared.').waitFor();
    expect(await window.ended('prepare')).toMatchObject({ status: 'done' });

    await tour.getByRole('button', { name: 'Next: the rooms' }).click();
    await tour.getByText('Every room is one line').waitFor();
    await tour.getByRole('button', { name: 'Next: a room' }).click();
    await tour.getByText('One room, one button').waitFor();
    const room = page.getByRole('complementary', { name: 'Details of the room' });
    await room.getByRole('button', { name: 'Check this room' }).click();
    // The first room of all is a Poly, so it is the first of its model.
    await room.getByRole('button', { name: 'Migrate, I watch this device' }).click();
    await room.getByRole('region', { name: 'Proven', exact: true }).waitFor();
    expect((await window.rooms()).filter(({ state }) => state === 'migrated')).toHaveLength(1);

    for (const next of ['Run', 'Sync', 'Report']) {
      await tour.getByRole('button', { name: `Next: ${next}` }).click();
      await page
        .getByRole('link', { name: new RegExp(`^${next}`) })
        .and(page.locator('[aria-current="page"]'))
        .waitFor();
    }
    await tour.getByRole('button', { name: 'End the tour' }).click();
    await tour.waitFor({ state: 'hidden' });
    const { preferences, recent } = await window.call('app.state', undefined);
    expect(preferences.hintsRead).toContain('tour');
    expect(recent[0]).toMatchObject({ practice: true });
    expect(window.misdeeds()).toEqual([]);
  }, 120_000);
});
