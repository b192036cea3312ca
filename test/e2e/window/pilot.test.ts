/** The first Poly device of its model: nobody watches, so it waits; somebody does, so it goes first and others may follow. */
import { mkdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LabProcess, startLab } from '../../support/labProcess.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, ownNetwork } from '../../support/window.ts';
import { makeSite } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
/** Pictures to be looked at by a person. */
const PICTURES = 'test-output/pilot';

describe.skipIf(!hasBrowser).each(hosts)('the first Poly device of its model in the window, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;
  let poly = '';
  /** Of another model, and not on Infinity yet. */
  let other = '';

  beforeAll(async () => {
    [lab, window] = await Promise.all([startLab(['--rooms', '6', ...ownNetwork()]), openWindow({ home, host })]);
    page = window.page;
    await makeSite(window, { folder: home, lab: lab.document, list: readFileSync(lab.document.roomsCsv, 'utf8') });
    [poly = '', other = ''] = lab.document.rooms.flatMap(({ family, room }) => (family === 'poly' ? [room] : []));
    await window.done('jobs.prepare', { rooms: [await idOf(poly)] });
    mkdirSync(PICTURES, { recursive: true });
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  const idOf = async (name: string) => (await window.rooms()).find((room) => room.name === name)?.id ?? 0;
  const picture = (name: string) => page.screenshot({ path: `${PICTURES}/${name}.png` });

  it('waits as ready, and goes first from its own button', async () => {
    await window.call('jobs.run', { rooms: [await idOf(poly)], insist: false });
    await window.ended('run');
    expect((await window.rooms()).find(({ name }) => name === poly)).toMatchObject({
      state: 'ready',
      code: 'PILOT_NEEDED',
    });
    await page.getByText(poly, { exact: true }).first().click();
    const room = page.getByRole('complementary', { name: 'Details of the room' });
    const go = room.getByRole('button', { name: 'Migrate, I watch this device' });
    await go.waitFor();
    await picture('room-needs-pilot');
    await go.click();
    await room.getByRole('region', { name: 'Proven', exact: true }).waitFor();
    expect(await window.call('pilots.list', undefined)).toMatchObject([{ room: poly, problem: null }]);
  });

  it('says in the run what it means that somebody watches', async () => {
    await page.getByRole('button', { name: 'Run…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run' });
    await dialog.getByRole('radio', { name: 'Migrate' }).click();
    await dialog.getByRole('checkbox', { name: 'I watch the first Poly device of each model' }).waitFor();
    await picture('run-dialog');
    await page.keyboard.press('Escape');
  });

  it('is listed in the settings, with what was learned', async () => {
    await page.getByRole('link', { name: /^Settings/ }).click();
    await page.getByText(`${poly}: showed that it works`).waitFor();
    await page.getByRole('button', { name: 'Save what was learned' }).scrollIntoViewIfNeeded();
    await picture('settings');
    await page.getByRole('button', { name: 'Save what was learned' }).click();
    await page.getByText(/^1 saved: .*poly-contribution\.json$/).waitFor();
  });

  it('goes first from the sync as well, once it was refused only for its entry and somebody watches', async () => {
    await lab.post('/infinity/stop');
    await window.call('jobs.run', { rooms: [await idOf(other)], insist: false });
    await window.ended('run');
    const row = async () => (await window.rooms()).find(({ name }) => name === other);
    expect(await row()).toMatchObject({ state: 'needs attention', code: 'NOT_PREPARED' });
    await lab.post('/infinity/start');
    await page.getByRole('link', { name: /^Sync/ }).click();
    await page.getByRole('checkbox', { name: 'Then migrate the 1 room that waited for it' }).waitFor();
    const watched = page.getByRole('checkbox', { name: 'I watch the first Poly device of each model' });
    // Nobody is said to watch who has not said so.
    expect(await watched.isChecked()).toBe(false);
    await watched.click();
    await picture('sync');
    await page.getByRole('button', { name: 'Deliver now' }).click();
    await expect.poll(async () => (await row())?.state, { timeout: 45_000 }).toBe('migrated');
    const pilots = await window.call('pilots.list', undefined);
    expect(pilots.map(({ room }) => room).toSorted()).toEqual([poly, other].toSorted());
  }, 90_000);
});
