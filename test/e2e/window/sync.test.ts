/** Work without Infinity, the debts of it paid later, and the report that is handed over. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { basic, ENDPOINTS, raw } from '../../integration/lab-raw.ts';
import { type LabProcess, startLab } from '../../support/labProcess.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, ownNetwork } from '../../support/window.ts';
import { makeSite, PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
const CODECS = ['Elv', 'Fjord', 'Foss'];

describe.skipIf(!hasBrowser).each(hosts)('sync and report in the window, %s', (host) => {
  const { home, remove } = freshHome();
  let lab: LabProcess;
  let window: AppWindow;
  let page: Page;
  let site: string;

  beforeAll(async () => {
    [lab, window] = await Promise.all([startLab(['--rooms', '6', ...ownNetwork()]), openWindow({ home, host })]);
    page = window.page;
    const list = readFileSync(lab.document.roomsCsv, 'utf8');
    site = await makeSite(window, { folder: home, lab: lab.document, list });
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  /** As an administrator of Infinity. */
  const ask = (method: string, path: string, body?: unknown) => {
    const { url, username, password } = lab.document.infinity;
    const headers = { authorization: basic(`${username}:${password}`), 'content-type': 'application/json' };
    return raw(method, new URL(path, url).href, headers, body === undefined ? undefined : JSON.stringify(body));
  };

  it('moves codecs while Infinity is away, and shows in the header what is owed', async () => {
    await page.getByRole('button', { name: '0 owed' }).waitFor();
    await lab.post('/infinity/stop');
    for (const name of CODECS) await page.getByRole('checkbox', { name: `Choose ${name}` }).click();
    await page.getByRole('button', { name: 'Migrate…' }).click();
    await page.getByRole('dialog', { name: 'Run' }).getByRole('button', { name: 'Migrate 3 rooms' }).click();
    await page.getByRole('heading', { level: 1, name: 'Migrating: how it ended' }).waitFor();
    await window.ended('run');
    const rooms = (await window.rooms()).filter(({ name }) => CODECS.includes(name));
    expect(rooms.map(({ state }) => state)).toEqual(['awaiting sync', 'awaiting sync', 'awaiting sync']);

    const owed = rooms.reduce((sum, room) => sum + room.owed, 0);
    expect(owed).toBeGreaterThanOrEqual(3);
    await page
      .getByRole('banner')
      .getByRole('button', { name: `${owed} owed` })
      .click();
    await page
      .getByText(`${owed} writes to Infinity or to Microsoft 365 are kept in the site file and wait to be delivered.`)
      .waitFor();
    await page.getByRole('button', { name: 'Go to Sync' }).click();
    await page.getByRole('table', { name: 'What is owed to Infinity, oldest first' }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'Write its entry' }).count()).toBe(3);
  });

  it('delivers when Infinity is back, and then owes nothing', async () => {
    await lab.post('/infinity/start');
    await page.getByRole('button', { name: 'Deliver now' }).click();
    await page.getByText('Nothing is owed to Infinity.').waitFor({ timeout: 45_000 });
    await page.getByRole('banner').getByRole('button', { name: '0 owed' }).waitFor();
    // The command has the name of the button, by which Infinity is only asked now.
    await page.getByRole('button', { name: 'Ask Infinity again' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Ask Infinity again' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await window.ended('sync')).toMatchObject({ status: 'done', failed: 0 });
    const rooms = (await window.rooms()).filter(({ name }) => CODECS.includes(name));
    expect(rooms.map(({ state, owed }) => ({ state, owed }))).toEqual(Array(3).fill({ state: 'migrated', owed: 0 }));
    const { infinity } = (await lab.state()) as { infinity: { endpoints: { room_resource_email: string }[] } };
    const mailboxes = infinity.endpoints.map((entry) => entry.room_resource_email);
    const own = rooms.map(({ mailbox }) => mailbox);
    expect(mailboxes.filter((mailbox) => own.includes(mailbox)).toSorted()).toEqual(own.toSorted());
  }, 90_000);

  it('shows what somebody changed on Infinity beside ours, and leaves it when a person says so', async () => {
    const [fjord] = (await window.rooms()).filter(({ name }) => name === 'Fjord');
    const listed = await ask('GET', `${ENDPOINTS}?limit=0`);
    const entry = listed.json.objects.find(({ name }) => name === 'Fjord');
    await ask('PATCH', String(entry?.resource_uri), { description: 'lamp <b>broken</b>' });
    await window.call('jobs.prepare', { rooms: [fjord?.id ?? 0] });
    await window.ended('prepare');
    await page.getByRole('button', { name: 'Changed by somebody: compare' }).click();
    const dialog = page.getByRole('dialog', { name: 'Entry of Fjord: somebody has changed it' });
    const row = dialog.getByRole('row').filter({ hasText: 'description' });
    await row.getByRole('cell', { name: 'lamp <b>broken</b>' }).waitFor();
    await dialog.getByRole('button', { name: 'Leave Infinity’s' }).click();
    await page.getByText('Infinity’s values stay, until the site has others').first().waitFor();
    await page.getByRole('button', { name: 'Deliver now' }).click();
    await page.getByText('Nothing is owed to Infinity.').waitFor({ timeout: 45_000 });
    expect((await ask('GET', String(entry?.resource_uri))).json.description).toBe('lamp <b>broken</b>');
  }, 90_000);

  it('shows what it would write wherever a prepare is asked for, and writes what was seen', async () => {
    const [fresh, known] = (await window.rooms()).filter(({ name }) => !CODECS.includes(name));
    if (!fresh || !known) throw new Error('no rooms');
    const theirs = { name: 'Typed by hand', room_resource_email: known.mailbox, api_address: '10.9.9.9' };
    expect((await ask('POST', ENDPOINTS, theirs)).status).toBe(201);
    const entries = async () => (await ask('GET', `${ENDPOINTS}?limit=0`)).json.objects;
    const before = await entries();
    const shown = page.getByRole('dialog', { name: 'What will be written on Infinity' });

    await page.getByRole('link', { name: /^Rooms/ }).click();
    for (const { name } of [fresh, known]) await page.getByRole('checkbox', { name: `Choose ${name}` }).click();
    await page.getByRole('region', { name: 'Chosen rooms' }).getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Prepare on Infinity…' }).click();
    await shown.getByRole('cell', { name: 'new entry' }).first().waitFor();
    await shown.getByRole('cell', { name: 'was there before' }).first().waitFor();
    await shown.getByRole('button', { name: 'Cancel' }).click();
    expect(await entries()).toEqual(before);

    await page.getByRole('grid', { name: 'Rooms' }).getByText(fresh.name, { exact: true }).click();
    const room = page.getByRole('complementary', { name: 'Details of the room' });
    await room.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Prepare on Infinity' }).click();
    await shown.getByRole('cell', { name: 'new entry' }).first().waitFor();
    expect(await entries()).toEqual(before);
    await shown.getByRole('button', { name: 'Write 1 entry' }).click();
    await expect.poll(async () => (await entries()).length).toBe(before.length + 1);
    await window.ended('prepare');
    await page.getByRole('link', { name: /^Sync/ }).click();
  }, 90_000);

  it('signs in to Infinity as an OAuth2 client, with a file of authorities', async () => {
    await lab.post('/infinity/behaviour', { oauth: true });
    const role = '/api/admin/configuration/v1/role/1/';
    const made = await ask('POST', '/api/admin/configuration/v1/oauth2_client/', { client_name: 'otj', role });
    await page.getByRole('link', { name: /^Settings/ }).click();
    await page.getByRole('button', { name: 'Replace the login for Infinity' }).click();
    const login = page.getByRole('dialog', { name: 'Login for Infinity' });
    await login.getByLabel('How it signs in').click();
    await page.getByRole('option', { name: 'OAuth2 client' }).click();
    await login.getByLabel('Client id').fill(String(made.json.client_id));
    await login.getByLabel('Private key', { exact: true }).fill('no key');
    await login.getByRole('button', { name: 'Store the login' }).click();
    await login.getByText('This is not the private key of an Infinity OAuth2 client.').waitFor();
    // a field of one line loses the line ends of what is pasted
    await login.getByLabel('Private key', { exact: true }).fill(String(made.json.private_key_jwt).replaceAll('\n', ''));
    await login.getByRole('button', { name: 'Store the login' }).click();
    await page.getByText('OAuth2 client; its private key stays sealed').waitFor();

    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const place = page.getByRole('dialog', { name: 'Infinity Management Node' });
    const file = {
      name: 'ca.pem',
      mimeType: 'application/x-pem-file',
      buffer: Buffer.from(lab.document.infinity.certificate),
    };
    await place.getByLabel('File with the certificate of the authority').setInputFiles(file);
    await place.getByText('CN=manager.lab.example').waitFor();
    await place.getByRole('button', { name: 'Save and look at its certificate' }).click();
    await page.getByText('Trusted when an authority of the file kept here has signed it').waitFor();
    await window.call('jobs.check', undefined);
    expect(await window.ended('check')).toMatchObject({ status: 'done' });
    const checks = (await window.call('site.checks', undefined))?.checks ?? [];
    const status = (id: string) => checks.find((one) => one.id === id)?.status;
    expect([status('infinity.certificate'), status('infinity.login')]).toEqual(['pass', 'pass']);
  }, 90_000);

  it('sets up One-Touch Join from the template, each value shown before it is written', async () => {
    await page.getByRole('link', { name: /^Prepare/ }).click();
    await page.getByRole('button', { name: 'Set up One-Touch Join…' }).click();
    const form = page.getByRole('dialog', { name: 'Set up One-Touch Join on Infinity' });
    await form.getByLabel('OTJ endpoint group').fill('Annex rooms');
    await form.getByLabel('OTJ profile').fill('Annex OTJ');
    await form.getByLabel('Calendar integration').click();
    await page.getByRole('option', { name: 'Exchange', exact: true }).click();
    await form.getByLabel('Service account').fill('otj@nordbank.example');
    await form.getByLabel('Password', { exact: true }).fill('never-on-a-screen');
    await form.getByRole('button', { name: 'Show what will be written' }).click();
    const shown = page.getByRole('dialog', { name: 'What will be written' });
    await shown.getByText('otj@nordbank.example').waitFor();
    expect(await shown.textContent()).not.toContain('never-on-a-screen');
    const groups = async () => {
      const { json } = await ask('GET', '/api/admin/configuration/v1/mjx_endpoint_group/?limit=0');
      return json.objects.map(({ name }) => name);
    };
    expect(await groups()).not.toContain('Annex rooms');
    await shown.getByRole('button', { name: 'Write 5 objects' }).click();
    await page.getByText('One-Touch Join is set up on Infinity').first().waitFor();
    expect(await groups()).toContain('Annex rooms');
    expect((await window.call('app.state', undefined)).site?.settings.infinity?.group).toBe('Annex rooms');
  }, 90_000);

  it('writes files for work without the API, and notes as done what an export of Infinity has', async () => {
    await page.getByRole('button', { name: 'Without the API…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Without the Management API' });
    await dialog.getByRole('button', { name: 'Write files' }).click();
    await dialog.getByText('6 rooms are in the import file.').waitFor();
    const [head = '', first = '', ...rows] = readFileSync(site.replace(/\.otjsite$/, '-infinity-import.csv'), 'utf8')
      .trim()
      .split('\r\n');
    expect(first).toContain('Annex rooms');
    const exported = [head, first.replace('Annex rooms', 'Other rooms'), ...rows.slice(1)].join('\n');
    await dialog.getByLabel('Conferencing Nodes for Poly devices').fill('conf-oslo-1.lab.example');
    await dialog
      .getByLabel('Export of Infinity', { exact: true })
      .setInputFiles({ name: 'export.csv', mimeType: 'text/csv', buffer: Buffer.from(exported) });
    await dialog.getByText('Noted as done: 4. Differ: 1. Not in the file: 1. Rows of other rooms: 0.').waitFor();
    await dialog.getByText(/Other rooms, wanted Annex rooms/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    await page.getByRole('link', { name: /^Sync/ }).click();
  }, 90_000);

  it('ticks what only a person can do, for all rooms at once', async () => {
    await page.getByRole('heading', { name: 'Remove from the Pexip Service: 3 left' }).waitFor();
    // Nothing is chosen beforehand.
    expect(await page.getByRole('button', { name: /^Tick / }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'All 3 rooms' }).check();
    await page.getByLabel('Note for the report').fill('ticket 4711');
    await page.getByRole('button', { name: 'Tick 3 rooms as done' }).click();
    await page.getByText('No step is left that only a person can do.').waitFor();
    // The notice of it takes no key from anybody.
    await page.getByText('3 steps are noted as done').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await page.getByRole('heading', { level: 1, name: 'Report' }).waitFor();
  });

  it('previews the report and writes it, without any secret in it', async () => {
    const preview = page.frameLocator('iframe[title="Preview of the hand-over report"]');
    await preview.getByRole('heading', { level: 1 }).waitFor();
    for (const name of CODECS) await preview.getByRole('link', { name, exact: true }).first().waitFor();

    await page.getByRole('button', { name: 'Write report' }).click();
    await page.getByRole('heading', { name: /^Written at / }).waitFor();
    const [html = '', csv = ''] = await page
      .getByRole('listitem')
      .filter({ has: page.getByRole('button', { name: /^Open the (HTML|CSV) file$/ }) })
      .getByText(dirname(site))
      .allTextContents();
    const texts = [html, csv].map((path) => readFileSync(path, 'utf8'));
    for (const text of texts) {
      for (const name of CODECS) expect(text).toContain(name);
      const told = [PASSPHRASE, ...lab.document.secrets].filter((secret) => text.includes(secret));
      expect(told).toEqual([]);
    }
    expect(texts[0]).toContain('ticket 4711');
  });
});
