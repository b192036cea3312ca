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

  beforeAll(async () => {
    [lab, window] = await Promise.all([startLab(['--rooms', '6', ...ownNetwork()]), openWindow({ home, host })]);
    page = window.page;
    await makeSite(
      window,
      { folder: home, lab: lab.document, list: readFileSync(lab.document.roomsCsv, 'utf8') },
      { prepared: true },
    );
    poly = lab.document.rooms.find(({ family }) => family.startsWith('poly'))?.room ?? '';
    mkdirSync(PICTURES, { recursive: true });
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  const picture = (name: string) => page.screenshot({ path: `${PICTURES}/${name}.png` });

  it('waits as ready, and goes first from its own button', async () => {
    const id = (await window.rooms()).find(({ name }) => name === poly)?.id ?? 0;
    await window.call('jobs.run', { rooms: [id], insist: false });
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
});
