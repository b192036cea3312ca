/** The mailbox check in the window: what Microsoft 365 tells of each mailbox, in the card and in the room, and importing its rooms. */
import type { Page } from 'playwright-core';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { contoso } from '../../lab/microsoft/contoso.ts';
import { type MicrosoftLab, startMicrosoft } from '../../lab/microsoft/index.ts';
import { tooWide, violations } from '../../support/a11y.ts';
import { ACCESS } from '../../support/access.ts';
import { mailboxTenant } from '../../support/mailboxTenant.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, picture } from '../../support/window.ts';
import { PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
const LIST = [
  'room,building,floor,mailbox,address,serial,family',
  'Fjord,Oslo,2,fjord@contoso.example,,,',
  '"<img src=x onerror=alert(1)>",Oslo,2,old-alias@contoso.example,,,',
  'Elv,Oslo,2,outside@contoso.example,,,',
  'Hav,Oslo,3,person@contoso.example,,,',
  'Vik,Oslo,3,gone@contoso.example,,,',
].join('\n');

describe.skipIf(!hasBrowser).each(hosts)('check of the mailboxes, %s', (host) => {
  const { home, remove } = freshHome();
  const tenant = contoso();
  let lab: MicrosoftLab;
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    lab = await startMicrosoft({ tenant, directory: mailboxTenant().tenant });
    window = await openWindow({ home, host });
    page = window.page;
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const site = { path: `${home}/oslo.otjsite`, name: 'Nordbank Oslo', technician: 'Kari', passphrase: PASSPHRASE };
    await window.call('site.create', { ...site, remember: false });
    await window.call('rooms.import', { text: LIST });
    await window.call('microsoft.set', ACCESS);
    await window.call('microsoft.connect', lab.connection);
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'OTJ Migrator' }], { keySize: 2048 });
    tenant.registration.certificate = cert;
    await window.call('microsoft.certificate', { base64: Buffer.from(`${cert}\n${key}`).toString('base64') });
    await page.evaluate("location.hash = '#/checks'");
    await page.reload();
    await card().waitFor();
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  const card = () => page.getByRole('region', { name: 'Mailboxes in Microsoft 365' });
  const looksWell = async (name: string) => {
    await picture(page, name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    expect(await tooWide(page)).toBe(0);
    await page.emulateMedia({ colorScheme: null });
  };

  it('asks, and tells of each mailbox that wants somebody', async () => {
    await card().getByRole('button', { name: 'Check the mailboxes' }).click();
    await card().getByText('3 failed, 1 to look at, 1 well. Checked').waitFor();
    await card().getByText('A mail-enabled security group, as it has to be.').waitFor();
    const list = card().getByRole('list', { name: 'Mailboxes that want somebody' });
    await list.getByText('<img src=x onerror=alert(1)>').waitFor();
    await list.getByText('Account: the room list has an alias; the primary address is another:').waitFor();
    await list.getByText('alias@contoso.example', { exact: true }).waitFor();
    await list.getByText('Group: not a member. The script adds it to:').waitFor();
    await list.getByText('Kind of mailbox: a person’s mailbox.').waitFor();
    await list.getByText('Account: was deleted;').waitFor();
    expect(await list.getByText('Fjord').count()).toBe(0);
    await card().scrollIntoViewIfNeeded();
    await looksWell('mailbox-check');
  });

  it('shows the rooms that the site lacks, and imports them', async () => {
    const strangers = card().getByRole('region', { name: 'Rooms that the site lacks' });
    await strangers.getByText('5 rooms of the tenant are not in this site.').waitFor();
    await card().getByRole('button', { name: 'Import the tenant’s rooms…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Show what would change' }).click();
    await dialog.getByText('nested', { exact: false }).first().waitFor();
    // what the site has is in the tenant's list as well
    expect(await dialog.getByRole('row', { name: /fjord@contoso.example not in the list/ }).count()).toBe(0);
    await looksWell('mailbox-import');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('tells it in the room as well', async () => {
    const elv = (await window.rooms()).find(({ name }) => name === 'Elv');
    await page.evaluate(`location.hash = '#/rooms/${elv?.id}'`);
    const room = page.getByRole('region', { name: 'Mailbox, asked of Microsoft 365' });
    await room.getByText('Group: not a member.').waitFor();
    await looksWell('mailbox-room');
  });

  it('says what is wrong with the sign-in, and keeps what was told', async () => {
    await window.call('microsoft.signOut', { all: false });
    await page.evaluate("location.hash = '#/checks'");
    await card().getByRole('button', { name: 'Check the mailboxes again' }).click();
    await card().getByText('Nobody is signed in to Microsoft 365').waitFor();
    await card().getByText('3 failed, 1 to look at, 1 well. Checked').waitFor();
  });
});
