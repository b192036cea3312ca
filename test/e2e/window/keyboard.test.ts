/** A whole move without a mouse: every screen that it leads through, and the keyboard is never lost on the way. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFocused, type Keyboard, keyboardOf } from '../../support/keyboard.ts';
import { type LabProcess, startLab } from '../../support/labProcess.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, ownNetwork } from '../../support/window.ts';
import { PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
/** A room whose device nobody has written down, and one in a call. */
const UNKNOWN = 'Elv';
const IN_CALL = 'Hav';
/** For what a device is asked about first. */
const WAIT = { timeout: 20_000 };

describe.skipIf(!hasBrowser).each(hosts)('a whole move by keyboard alone, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;
  let keys: Keyboard;

  beforeAll(async () => {
    [lab, window] = await Promise.all([startLab(['--rooms', '6', ...ownNetwork()]), openWindow({ home, host })]);
    page = window.page;
    keys = keyboardOf(page);
    await lab.post(`/device/${addressOf(IN_CALL)}/faults`, { inCall: true });
  }, 120_000);

  afterAll(async () => {
    expect(window?.misdeeds()).toEqual([]);
    await window?.close();
    await lab?.stop();
    remove();
  });

  const addressOf = (name: string) => lab.document.rooms.find(({ room }) => room === name)?.address ?? '';
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
  const button = (name: string | RegExp, within: Page | Locator = page) =>
    within.getByRole('button', { name, exact: true });
  const dialog = (name: string) => page.getByRole('dialog', { name, exact: true });
  const stateOf = async (name: string) => (await window.rooms()).find((room) => room.name === name)?.state;

  it('makes a site', async () => {
    await keys.push(button('New site'));
    const made = dialog('New site');
    await keys.write(made.getByLabel('Name of the site'), 'Nordbank Oslo');
    await keys.write(made.getByLabel('Your name'), 'Kari Nordmann');
    await keys.write(made.getByLabel('Passphrase', { exact: true }), PASSPHRASE);
    await keys.write(made.getByLabel('Passphrase again'), PASSPHRASE);
    await keys.press('Enter');
    await heading('Prepare');
    await keys.stands();
  });

  it('sets ports, Infinity and the logins', async () => {
    const { logins, infinity, ports } = lab.document;
    await keys.press('g', 't');
    await heading('Settings');
    await keys.write(page.getByLabel('SSH port'), String(ports.ssh));
    await keys.write(page.getByLabel('HTTPS port'), String(ports.https));
    await keys.press('Enter');
    await page.getByText('Work at devices: saved').first().waitFor();

    const { hostname, port, host: place } = new URL(infinity.url);
    await keys.push(button('Set Infinity'));
    const set = dialog('Infinity Management Node');
    await keys.write(set.getByLabel('Address'), hostname);
    await keys.write(set.getByLabel('Port'), port);
    await keys.write(set.getByLabel('OTJ endpoint group'), infinity.group);
    await keys.push(button('Save and look at its certificate', set));
    const certificate = dialog(`Certificate of ${place}`);
    const shown = await window.call('site.certificate', { address: hostname, port: Number(port) });
    await keys.write(certificate.getByLabel('Fingerprint that you were told'), shown?.fingerprint ?? '');
    await keys.push(button('Trust this certificate', certificate));
    await page.getByText('The certificate is pinned').first().waitFor();
    await keys.stands();

    const store = async (purpose: string, user: string, password: string) => {
      await keys.push(button(`Store a login for ${purpose}`));
      const login = dialog(`Login for ${purpose}`);
      await keys.write(login.getByLabel('User name'), user);
      await keys.write(login.getByLabel('Password', { exact: true }), password);
      await keys.press('Enter');
      await login.waitFor({ state: 'hidden' });
      await keys.stands();
    };
    await store('Cisco devices', logins.cisco.username, logins.cisco.passphrase);
    await store('Poly devices', logins.poly.username, logins.poly.password);
    await store('Infinity', infinity.username, infinity.password);
    const { site } = await window.call('app.state', undefined);
    expect(site?.credentials).toHaveLength(3);
    expect(site?.settings.infinity?.pin).toBe(shown?.sha256);
  });

  it('pastes the room list', async () => {
    const [head = '', ...rows] = readFileSync(lab.document.roomsCsv, 'utf8').trim().split('\n');
    const list = rows.map((row) => {
      const [room = '', building, floor, mailbox] = row.split(',');
      return room === UNKNOWN ? [room, building, floor, mailbox, '', '', ''].join(',') : row;
    });
    await keys.press('g', 'r');
    await heading('Rooms');
    await keys.push(button('Import rooms…'));
    await keys.write(dialog('Import rooms').getByLabel('Or paste a table'), [head, ...list].join('\n'));
    await keys.push(button('Show what would change', dialog('Import rooms')));
    await keys.push(button('Import', dialog('What the import does')));
    await keys.push(button('Done', dialog('Import result')));
    await page.getByRole('grid', { name: 'Rooms' }).waitFor();
    await keys.stands();
    expect(await window.rooms()).toHaveLength(6);
  });

  it('finds the device that is missing, and gives it to its room', async () => {
    await keys.press('g', 'd');
    await heading('Discover');
    await keys.write(page.getByLabel('Addresses and ranges'), `${addressOf(UNKNOWN).replace(/\d+$/, '0')}/27`);
    await keys.push(button('Look for devices'));
    await window.ended('discover');
    await keys.stands();

    await keys.press('g', 'm');
    await heading('Match');
    await keys.reach(page.getByRole('grid', { name: 'Rooms without a device' }));
    await keys.press('Enter');
    await keys.reach(page.getByRole('grid', { name: 'Devices without a room' }));
    await keys.press('Enter');
    await keys.push(button('Match'));
    await expect
      .poll(async () => (await window.rooms()).find(({ name }) => name === UNKNOWN)?.address)
      .toBe(addressOf(UNKNOWN));
    await keys.stands();
  });

  it('checks that all is in order, and prepares', async () => {
    await keys.press('g', 'p');
    await heading('Prepare');
    await keys.push(button('Check now'));
    await window.ended('check');
    await keys.stands();
    await keys.push(button('Prepare 6 rooms on Infinity'));
    await keys.push(button('Write 6 entries', dialog('What will be written on Infinity')));
    await page.getByText('6 of 6 rooms prepared.').waitFor();
    await keys.stands();
  });

  it('brings the next room, checks and migrates it: three keys', async () => {
    await keys.press('g', 'r', 'n');
    const room = page.getByRole('complementary', { name: 'Details of the room' });
    await expect.poll(() => isFocused(button('Check this room', room)), WAIT).toBe(true);
    await keys.press('Enter');
    // It is the first Poly of its model, so somebody has to watch it.
    await expect.poll(() => isFocused(button('Migrate, I watch this device', room)), WAIT).toBe(true);
    await keys.press('Enter');
    await room.getByRole('region', { name: 'Proven', exact: true }).waitFor();
    await keys.stands();
  });

  it('migrates the rest, and tries the one in a call again after it', async () => {
    await keys.press('Escape');
    await keys.reach(button('Run…'));
    await keys.press('Enter');
    const run = dialog('Run');
    await keys.reach(run.getByRole('radio').first());
    await keys.press('ArrowDown');
    await keys.reach(run.getByRole('checkbox', { name: 'I watch the first Poly device of each model' }));
    await keys.press('Space');
    await keys.push(button('Migrate 5 rooms', run));
    await heading('Migrating: how it ended');
    await keys.stands();
    expect(await stateOf(IN_CALL)).toBe('needs attention');
    await lab.post(`/device/${addressOf(IN_CALL)}/faults`, {});
    await keys.push(button('Try 1 room again'));
    await expect.poll(() => stateOf(IN_CALL), WAIT).toBe('migrated');
    await window.ended('run');
    await keys.stands();
    expect((await window.rooms()).map(({ state }) => state)).toEqual(Array(6).fill('migrated'));
  });

  it('finds a room by typing its name, and undoes it', async () => {
    await keys.press('Control+k');
    await page.getByRole('combobox', { name: 'Screen, room or action' }).waitFor();
    await page.keyboard.type(IN_CALL);
    await page.getByRole('option', { name: new RegExp(IN_CALL) }).waitFor();
    await keys.press('Enter');
    await page.getByRole('complementary', { name: 'Details of the room' }).getByText(IN_CALL).first().waitFor();
    await keys.push(button('More'));
    const undo = page.getByRole('menuitem', { name: 'Undo this room' });
    await undo.waitFor();
    await keys.press('End');
    await expect.poll(() => isFocused(undo)).toBe(true);
    await keys.press('Enter');
    await keys.push(button('Undo this room', dialog(`Undo ${IN_CALL}`)));
    await page.getByText('The device is with the old service again.').waitFor();
    await keys.stands();
    expect(await stateOf(IN_CALL)).toBe('undone');
  });

  it('ticks what was done by hand, and writes the report', async () => {
    await keys.press('g', 's');
    await heading('Sync');
    await keys.reach(page.getByRole('checkbox', { name: 'All 5 rooms' }));
    await keys.press('Space');
    await keys.push(button('Tick 5 rooms as done'));
    await page.getByText('No step is left that only a person can do.').waitFor();
    await keys.stands();

    await keys.press('g', 'e');
    await heading('Report');
    await keys.push(button('Write report'));
    await page.getByRole('heading', { name: /^Written at / }).waitFor();
    await keys.stands();
  });
});
