/** Many rooms at once, with the troubles of a real building; and a crash in the middle of them. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LabProcess, startLab } from '../../support/labProcess.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, ownNetwork } from '../../support/window.ts';
import { makeSite, PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
/** Rooms that a person has to look at; see test/lab/practice-trouble.ts. */
const NEED_YOU = ['Vidde', 'Vik', 'Bjørk', 'Gran'];

describe.skipIf(!hasBrowser).each(hosts)('a batch in the window, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;
  let site: string;

  beforeAll(async () => {
    const flags = ['--rooms', '24', '--trouble', '--latency', '15', ...ownNetwork()];
    [lab, window] = await Promise.all([startLab(flags), openWindow({ home, host })]);
    page = window.page;
    const list = readFileSync(lab.document.roomsCsv, 'utf8');
    site = await makeSite(window, { folder: home, lab: lab.document, list }, { prepared: true, concurrency: 3 });
    // A second room with the same trouble as Gran.
    await lab.post(`/device/${addressOf('Skog')}/faults`, { inCall: true });
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  function addressOf(name: string): string {
    return lab.document.rooms.find(({ room }) => room === name)?.address ?? '';
  }

  async function namesIn(...states: string[]): Promise<string[]> {
    return (await window.rooms()).filter(({ state }) => states.includes(state)).map(({ name }) => name);
  }

  it('is started, paused, resumed and stopped after the current rooms; what is left is told', async () => {
    await page.getByRole('button', { name: 'Run…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run' });
    await dialog.getByRole('radio', { name: 'Migrate' }).click();
    await dialog.getByRole('checkbox', { name: 'I watch the first Poly device of each model' }).click();
    await dialog.getByRole('button', { name: 'Migrate 24 rooms' }).click();
    await page.getByRole('heading', { level: 1, name: 'Migrating' }).waitFor();

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused: no room is under way.').waitFor();
    await page.getByText('Under way: 0').waitFor();
    expect(await namesIn('in progress')).toEqual([]);
    const done = await namesIn('migrated', 'needs attention');
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(24);

    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Running.').waitFor();
    await page.getByRole('button', { name: 'Stop after current rooms' }).click();
    await page.getByRole('heading', { level: 1, name: 'Migrating: how it ended' }).waitFor();
    expect(await window.ended('run')).toMatchObject({ status: 'stopped' });
    expect(await namesIn('in progress')).toEqual([]);
    const left = (await namesIn('not started', 'ready')).length;
    await page.getByText(`${left} rooms were not begun.`).waitFor();
  });

  it('is cut off by a crash, says so when it is opened again, and is carried on to the end', async () => {
    await page.getByRole('button', { name: /^Carry on with \d+ rooms$/ }).click();
    await expect.poll(async () => (await namesIn('in progress')).length, { timeout: 20_000 }).toBeGreaterThan(0);
    await window.kill();
    await page
      .getByText('The program has ended. Start it again; nothing is lost. Below is what was known at')
      .waitFor();
    expect(await page.locator('#content').locator('xpath=..').getAttribute('inert')).not.toBeNull();
    // That the page lost its program is told on the console as well.
    expect(window.misdeeds().filter((misdeed) => !/ERR_|Failed to load resource/.test(misdeed))).toEqual([]);
    await window.close();

    window = await openWindow({ home, site, host });
    page = window.page;
    const cut = await namesIn('in progress');
    expect(cut.length).toBeGreaterThan(0);
    await page.getByText(/^A run was cut off in \d+ rooms?\. Look at (it|them) and carry on\.$/).waitFor();
    await page.getByRole('link', { name: /^Run/ }).click();
    await page.getByText(/^A run was cut off at .* in \d+ rooms?\./).waitFor();
    await page.getByRole('button', { name: 'Carry on' }).click();
    // Its passwords are sealed again.
    const unlock = page.getByRole('dialog', { name: 'Unlock this site' });
    await unlock.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await unlock.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('heading', { level: 1, name: 'Migrating: how it ended' }).waitFor();
    expect(await namesIn('in progress')).toEqual([]);

    await page.getByRole('link', { name: /^Rooms/ }).click();
    await page.getByRole('button', { name: 'Run…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run' });
    await dialog.getByRole('radio', { name: 'Migrate' }).click();
    await dialog.getByRole('checkbox', { name: 'I watch the first Poly device of each model' }).click();
    await dialog.getByRole('button', { name: /^Migrate \d+ rooms?$/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Migrating: how it ended' }).waitFor();
    await window.ended('run');
    const troubled = await namesIn('needs attention');
    expect(troubled.filter((name) => ![...NEED_YOU, 'Skog', 'Hav'].includes(name))).toEqual([]);
    const rest = 24 - troubled.length;
    expect(await namesIn('migrated')).toHaveLength(rest);
  }, 90_000);

  it('groups failures by cause, and tries a group again once its trouble is put right', async () => {
    // All that need somebody, once more in one work, so that they stand together.
    await page.getByRole('link', { name: /^Rooms/ }).click();
    await page.getByRole('button', { name: 'Run…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run' });
    await dialog.getByRole('radio', { name: 'Migrate' }).click();
    await dialog.getByRole('checkbox', { name: 'I watch the first Poly device of each model' }).click();
    await dialog.getByRole('checkbox', { name: 'Also rooms that need you' }).click();
    await dialog.getByRole('button', { name: /^Migrate \d+ rooms?$/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Migrating: how it ended' }).waitFor();
    await window.ended('run');

    const inCall = page.getByRole('listitem').filter({ hasText: 'Gran' }).filter({ hasText: 'Skog' }).first();
    await inCall.waitFor();
    for (const room of ['Gran', 'Skog']) await lab.post(`/device/${addressOf(room)}/faults`, {});
    await inCall.getByRole('button', { name: 'Try 2 rooms again' }).click();
    await expect.poll(() => namesIn('migrated'), { timeout: 30_000 }).toEqual(expect.arrayContaining(['Gran']));
    await window.ended('run');
    // Trying again is no word that somebody watches: the one Poly device among them is ready and waits for that.
    const skog = (await window.rooms()).find(({ name }) => name === 'Skog');
    expect(skog).toMatchObject({ state: 'ready', code: 'PILOT_NEEDED' });
    await window.call('jobs.run', { rooms: [skog?.id ?? 0], insist: false, pilots: 'first' });
    await expect.poll(() => namesIn('migrated'), { timeout: 30_000 }).toEqual(expect.arrayContaining(['Skog']));
    await window.ended('run');
    expect((await namesIn('needs attention')).toSorted()).toEqual(
      NEED_YOU.filter((name) => !['Gran', 'Bjørk'].includes(name)),
    );
  }, 60_000);
});
