/** Codecs of the lab as a person meets them in the window: what they tell, their macros, the console, a call, a recording. */
import { existsSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LabProcess, startLab } from '../../support/labProcess.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, picture } from '../../support/window.ts';
import { makeSite } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
const FLAGS = ['--device-net', '127.69', '--core-net', '127.69.200', '--ssh-port', '2269', '--https-port', '8469'];

describe.skipIf(!hasBrowser).each(hosts)('codecs of the lab in the window, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    [lab, window] = await Promise.all([startLab(['--rooms', '24', '--trouble', ...FLAGS]), openWindow({ home, host })]);
    page = window.page;
    const list = readFileSync(lab.document.roomsCsv, 'utf8');
    await makeSite(window, { folder: home, lab: lab.document, list }, { prepared: true });
  }, 120_000);

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(page, `codec-lab-failed-${task.name.slice(0, 20)}`, ['light']);
    expect(window.misdeeds()).toEqual([]);
  });

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  async function openRoom(name: string): Promise<number> {
    const room = (await window.rooms()).find((one) => one.name === name);
    if (!room) throw new Error(`there is no room ${name}`);
    await page.evaluate(`location.hash = '#/room/${room.id}'`);
    // A test that failed may have left something open.
    if ((await page.getByRole('dialog').count()) > 0) await page.reload();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    return room.id;
  }

  it('tell of themselves after a check, and how they were spoken to', async () => {
    const roomId = await openRoom('Fjord');
    await page.getByRole('button', { name: 'Check this room' }).click();
    await page.getByRole('button', { name: 'Migrate', exact: true }).waitFor();
    await page.getByText(/\d+ checks before that/).click();
    await page.getByText('Check that the codec is in no call').waitFor();
    await page.getByRole('tab', { name: 'Device' }).click();
    await page.getByText('Running for').waitFor();
    await page.getByText('The last visit went over SSH.').waitFor();
    await page.getByText('What the codec told').scrollIntoViewIfNeeded();
    await picture(page, 'codec-lab-device');

    await page.getByRole('combobox', { name: 'Way' }).click();
    await page.getByRole('option', { name: 'only HTTPS' }).click();
    await expect.poll(async () => (await window.call('rooms.detail', { roomId })).device?.transport).toBe('https');
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('The last visit went over HTTPS.').waitFor();
  });

  it('have macros that are shown with what was judged of each', async () => {
    await openRoom('Fjord');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Macros of the codec' }).click();
    const dialog = page.getByRole('dialog', { name: 'Macros on the codec of Fjord' });
    await dialog.getByRole('button', { name: /^otj-macro(?!-)/ }).click();
    await dialog.getByRole('region', { name: 'otj-macro', exact: true }).getByText('Signs of One-Touch Join').waitFor();
    await dialog.locator('mark').first().waitFor();
    expect(await dialog.getByText('not OTJ').count()).toBeGreaterThan(0);
    await picture(page, 'codec-lab-macros');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('answer in the console, and are changed only when that was confirmed', async () => {
    const roomId = await openRoom('Fjord');
    const { device } = await window.call('rooms.detail', { roomId });
    const settings = async () => {
      const state = (await lab.state()).devices as Record<string, { settings: Record<string, unknown> }>;
      return JSON.stringify(state[device?.address ?? '']?.settings);
    };
    const before = await settings();
    await page.getByRole('tab', { name: 'Device' }).click();
    await page.getByRole('button', { name: 'Console' }).click();
    const dialog = page.getByRole('dialog', { name: 'Console: Fjord' });
    const line = dialog.getByRole('textbox', { name: 'xAPI line' });
    await line.fill('xStatus SystemUnit ProductId');
    await line.press('Enter');
    await dialog.getByRole('region', { name: 'Answer 1 of Fjord' }).getByText('Cisco Room Kit').waitFor();
    await line.fill('hello');
    await line.press('Enter');
    await dialog.getByText('The line is no xAPI command.').waitFor();
    await line.fill('xConfiguration Macros AutoStart: Off');
    await line.press('Enter');
    await dialog.getByText('it was not sent yet').waitFor();
    expect(await settings()).toBe(before);
    await picture(page, 'codec-lab-console');
    await dialog.getByRole('button', { name: 'Send it to Fjord' }).click();
    await dialog.getByRole('region', { name: 'Answer 3 of Fjord' }).waitFor();
    expect(await settings()).not.toBe(before);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  // The second one is a Poly device, of which a recording is all that is offered.
  it.each(['Fjord', 'Skog'])('are recorded, and the file is there: %s', async (room) => {
    await openRoom(room);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Record for support' }).click();
    const dialog = page.getByRole('dialog', { name: `Record ${room} for support` });
    await dialog.getByRole('button', { name: 'Record', exact: true }).click();
    await dialog.getByText('Read the file before you pass it on').waitFor();
    await picture(page, 'codec-lab-recorded');
    const { result } = await window.ended('record');
    if (result?.kind !== 'record') throw new Error('it has no result');
    expect(existsSync(result.path)).toBe(true);
    const text = readFileSync(result.path, 'utf8');
    for (const secret of lab.document.secrets) expect(text.includes(secret)).toBe(false);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('that are in a call are moved when somebody says so', async () => {
    const roomId = await openRoom('Elv');
    await fault('Elv', { inCall: true });
    await page.getByRole('button', { name: 'Check this room' }).click();
    await page.getByText('The device is in a call.').waitFor();
    await picture(page, 'codec-lab-call');
    await page.getByRole('button', { name: 'Migrate in spite of the call' }).click();
    await page.getByRole('region', { name: 'Proven', exact: true }).waitFor();
    const { room, accepted } = await window.call('rooms.detail', { roomId });
    expect({ state: room.state, accepted }).toEqual({ state: 'migrated', accepted: [] });
  });

  it('with a wrong clock go on once somebody has seen to it', async () => {
    const roomId = await openRoom('Foss');
    await fault('Foss', { clockOffsetMs: 3_600_000 });
    await page.getByRole('button', { name: 'Check this room' }).click();
    await page.getByRole('button', { name: 'I have seen to it: go ahead' }).click();
    await page.getByRole('button', { name: 'Migrate', exact: true }).waitFor();
    await page.getByText('The clock of the device is off: you have seen to it').waitFor();
    expect((await window.call('rooms.detail', { roomId })).accepted).toEqual(['clock']);
    await page.getByRole('tab', { name: 'Device' }).click();
    await page.getByText('look at it').first().waitFor();
  });

  async function fault(room: string, faults: Record<string, unknown>): Promise<void> {
    const address = lab.document.rooms.find((one) => one.room === room)?.address;
    await lab.post(`/device/${address}/faults`, faults);
  }
});
