/** From nothing to a site that is ready for work, as a technician does it in the office and in the building. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../../support/a11y.ts';
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
import { PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
/** Rooms whose device nobody has written down. */
const UNKNOWN = ['Elv', 'Foss'];

describe.skipIf(!hasBrowser).each(hosts)('a technician sets up a new site, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    [lab, window] = await Promise.all([startLab(['--rooms', '6', ...ownNetwork()]), openWindow({ home, host })]);
    page = window.page;
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  const go = (phase: string) => page.getByRole('link', { name: new RegExp(`^${phase}`) }).click();

  it('makes the site file, in the folder of a new user', async () => {
    await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
    await page.getByRole('button', { name: 'New site' }).click();
    const dialog = page.getByRole('dialog', { name: 'New site' });
    await dialog.getByRole('button', { name: 'Make the site' }).click();
    await dialog.getByText('Give the site a name; it stands on its reports.').waitFor();
    await dialog.getByLabel('Name of the site').fill('Nordbank Oslo');
    await dialog.getByLabel('Your name').fill('Kari Nordmann');
    await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await dialog.getByLabel('Passphrase again').fill(PASSPHRASE);
    await dialog.getByRole('button', { name: 'Make the site' }).click();
    await page.getByRole('heading', { level: 1, name: 'Prepare' }).waitFor();
    const { site } = await window.call('app.state', undefined);
    expect(site).toMatchObject({ locked: false, settings: { name: 'Nordbank Oslo', technician: 'Kari Nordmann' } });
    expect(site?.path.startsWith(home)).toBe(true);
  });

  it('sets the ports of the devices before they are imported', async () => {
    await go('Settings');
    await page.getByLabel('SSH port').fill(String(lab.document.ports.ssh));
    await page.getByLabel('HTTPS port').fill(String(lab.document.ports.https));
    await page.getByLabel('HTTPS port').press('Enter');
    await page.getByText('Work at devices: saved').first().waitFor();
    const { site } = await window.call('app.state', undefined);
    expect(site?.settings).toMatchObject({ sshPort: lab.document.ports.ssh, httpsPort: lab.document.ports.https });
  });

  it('imports the room list, pasted and as a file', async () => {
    const list = readFileSync(lab.document.roomsCsv, 'utf8');
    const [head = '', ...rows] = list.trim().split('\n');
    const unknown = rows.map((row) => {
      const [room = '', building, floor, mailbox] = row.split(',');
      return UNKNOWN.includes(room) ? [room, building, floor, mailbox, '', '', ''].join(',') : row;
    });
    await go('Rooms');
    await page.getByRole('button', { name: 'Import rooms…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import rooms' });
    const text = [head, ...unknown.slice(0, 4), 'Broken room,Nordbank Oslo,2,no mailbox,,,'].join('\n');
    await dialog.getByLabel('Or paste a table').fill(text);
    await dialog.getByRole('button', { name: 'Show what would change' }).click();
    const preview = page.getByRole('dialog', { name: 'What the import does' });
    await preview.getByText('Room list (our columns)').waitFor();
    expect(await window.rooms()).toEqual([]);
    await preview.getByRole('button', { name: 'Import', exact: true }).click();
    const result = page.getByRole('dialog', { name: 'Import result' });
    await result.getByText('This is not a valid mail address.').waitFor();
    await result.getByRole('button', { name: 'Import another list' }).click();

    await dialog
      .getByLabel('Room list as a CSV or XLSX file')
      .setInputFiles({ name: 'rooms.csv', mimeType: 'text/csv', buffer: Buffer.from([head, ...unknown].join('\n')) });
    await dialog.getByRole('button', { name: 'Show what would change' }).click();
    await expect.poll(() => preview.getByRole('definition').allTextContents()).toEqual(['2', '0', '4', '0', '0']);
    await preview.getByRole('button', { name: 'Import', exact: true }).click();
    await result.getByText('All rows were read without a question.').waitFor();
    await expect.poll(() => result.getByRole('definition').allTextContents()).toEqual(['2', '0', '4', '0']);
    await result.getByRole('button', { name: 'Done' }).click();
    expect((await window.rooms()).map(({ name }) => name)).toEqual(['Bre', 'Elv', 'Fjord', 'Foss', 'Hav', 'Skog']);
  });

  it('writes the files for work without the API before Infinity is known, for the group that is named', async () => {
    await go('Prepare');
    await page.getByRole('button', { name: 'Without the API…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Without the Management API' });
    const [write, choose] = ['Write files', 'Choose the export (CSV)…'].map((name) =>
      dialog.getByRole('button', { name }),
    );
    await dialog.getByLabel('OTJ endpoint group').fill('  ');
    expect([await write?.isDisabled(), await choose?.isDisabled()]).toEqual([true, true]);
    await dialog.getByLabel('OTJ endpoint group').fill(' Oslo by hand ');
    await write?.click();
    const file = await dialog.getByText('-infinity-import.csv').textContent();
    const csv = readFileSync(file ?? '', 'utf8');
    expect(csv).toContain(',Oslo by hand,');
    await dialog
      .getByLabel('Export of Infinity', { exact: true })
      .setInputFiles({ name: 'export.csv', mimeType: 'text/csv', buffer: Buffer.from(csv.split('\r\n')[0] ?? '') });
    await dialog.getByText(/^Noted as done: 0\./).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
  });

  it('stores the logins and pins the certificate of Infinity after comparing it', async () => {
    const { logins, infinity } = lab.document;
    await go('Settings');
    const store = async (purpose: string, user: string, password: string) => {
      await page.getByRole('button', { name: `Store a login for ${purpose}` }).click();
      const dialog = page.getByRole('dialog', { name: `Login for ${purpose}`, exact: true });
      await dialog.getByLabel('User name').fill(user);
      await dialog.getByLabel('Password').fill(password);
      await dialog.getByRole('button', { name: 'Store the login' }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    await store('Cisco devices', logins.cisco.username, logins.cisco.passphrase);
    await store('Poly devices', logins.poly.username, logins.poly.password);
    await store('Infinity', infinity.username, infinity.password);

    const { hostname, port, host: place } = new URL(infinity.url);
    await page.getByRole('button', { name: 'Set Infinity' }).click();
    const set = page.getByRole('dialog', { name: 'Infinity Management Node' });
    await set.getByLabel('Address').fill(hostname);
    await set.getByLabel('Port').fill(port);
    await set.getByLabel('OTJ endpoint group').fill(infinity.group);
    await set.getByRole('button', { name: 'Save and look at its certificate' }).click();
    const certificate = page.getByRole('dialog', { name: `Certificate of ${place}` });
    const told = certificate.getByLabel('Fingerprint that you were told');
    await told.fill('00'.repeat(32));
    await certificate.getByText('It is different. Do not trust this certificate.').waitFor();
    const shown = await window.call('site.certificate', { address: hostname, port: Number(port) });
    await told.fill(shown?.fingerprint ?? '');
    await certificate.getByText('It is the same.').waitFor();
    await certificate.getByRole('button', { name: 'Trust this certificate' }).click();
    await page.getByText('The certificate is pinned').first().waitFor();
    const { site } = await window.call('app.state', undefined);
    expect(site?.settings.infinity).toMatchObject({ address: hostname, group: infinity.group, pin: shown?.sha256 });
  });

  it('sees that all is in order, and prepares the rooms that have a device', async () => {
    await go('Prepare');
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText(/^Looked at: /).waitFor();
    await window.ended('check');
    expect((await window.call('site.checks', undefined))?.checks.filter(({ status }) => status === 'fail')).toEqual([]);
    await page.getByText('2 rooms have no device address yet.').waitFor();
    await page.getByRole('button', { name: 'Prepare 4 rooms on Infinity' }).click();
    const shown = page.getByRole('dialog', { name: 'What will be written on Infinity' });
    await shown.getByRole('cell', { name: 'new entry' }).first().waitFor();
    expect((await window.rooms()).filter(({ onInfinity }) => onInfinity)).toEqual([]);
    await picture(page, 'prepare-what');
    expect(await violations(page)).toEqual([]);
    await shown.getByRole('button', { name: 'Write 4 entries' }).click();
    await page.getByText('4 of 4 rooms prepared.').waitFor();
    expect((await window.rooms()).filter(({ onInfinity }) => onInfinity)).toHaveLength(4);
  });

  it('finds the devices in the building, and gives each room its own', async () => {
    await go('Discover');
    const device = (name: string) => lab.document.rooms.find(({ room }) => room === name)?.address ?? '';
    await page.getByLabel('Addresses and ranges').fill(`${device('Fjord').replace(/\d+$/, '0')}/27`);
    await page.getByRole('button', { name: 'Look for devices' }).click();
    await page.getByText(/addresses looked at: \d+, answered: 6,/).waitFor();
    await window.ended('discover');

    await go('Match');
    for (const [at, name] of UNKNOWN.entries()) {
      const left = UNKNOWN.length - at;
      const rooms = page.getByRole('grid', { name: 'Rooms without a device' });
      await expect.poll(() => rooms.getByRole('row').count()).toBe(left);
      await rooms.getByRole('row', { name: new RegExp(name) }).click();
      await page.getByRole('grid', { name: 'Devices without a room' }).getByText(device(name)).click();
      await page.getByRole('button', { name: 'Match', exact: true }).click();
      await expect
        .poll(async () => (await window.rooms()).find((room) => room.name === name)?.address)
        .toBe(device(name));
    }
    await page.getByText('Every room has a device. The next step is to check them.').waitFor();
  });

  it('finds the site among the recent ones when it was closed', async () => {
    await page.getByRole('button', { name: 'Close this site' }).click();
    await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
    await page.getByRole('button', { name: /^Nordbank Oslo/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Rooms' }).waitFor();
    await page.getByRole('button', { name: 'Unlock' }).click();
    const unlock = page.getByRole('dialog', { name: 'Unlock this site' });
    await unlock.getByLabel('Passphrase', { exact: true }).fill('not this one');
    await unlock.getByRole('button', { name: 'Unlock' }).click();
    await unlock.getByRole('alert').waitFor();
    await unlock.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await unlock.getByRole('button', { name: 'Unlock' }).click();
    await unlock.waitFor({ state: 'hidden' });
    expect((await window.call('app.state', undefined)).site).toMatchObject({ locked: false });
  });
});
