/** Signing in to Microsoft 365 in the window: the tenant, the browser's way through the real pages, a device code, signing out. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { tokensOf } from '../../../main/services/connection.ts';
import { Site } from '../../../main/site/site.ts';
import { contoso, KARI } from '../../lab/microsoft/contoso.ts';
import { type Identity, startIdentity } from '../../lab/microsoft/identity/identity.ts';
import { tooWide, violations } from '../../support/a11y.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, picture } from '../../support/window.ts';
import { PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();

describe.skipIf(!hasBrowser).each(hosts)('signing in to Microsoft 365, %s', (host) => {
  const { home, remove } = freshHome();
  const tenant = contoso();
  let lab: Identity;
  let window: AppWindow;
  let page: Page;

  beforeAll(async () => {
    lab = await startIdentity({ tenants: [tenant], audience: 'https://graph.lab.example' });
    lab.pace.poll = 0.1;
    // Each token is fetched by a refresh, so that a sign-in that was revoked shows at once.
    lab.pace.access = 60;
    window = await openWindow({ home, host });
    page = window.page;
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const site = { path: `${home}/oslo.otjsite`, name: 'Nordbank Oslo', technician: 'Kari', passphrase: PASSPHRASE };
    await window.call('site.create', { ...site, remember: false });
    await page.evaluate("location.hash = '#/checks'");
    await page.reload();
    await page.getByRole('heading', { level: 2, name: 'Sign-in to Microsoft 365' }).waitFor();
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    await lab?.stop();
    remove();
  });

  const card = () => page.getByRole('region', { name: 'Sign-in to Microsoft 365' });
  const looksWell = async (name: string) => {
    await picture(page, name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    expect(await tooWide(page)).toBe(0);
    await page.emulateMedia({ colorScheme: null });
  };

  it('takes the tenant, and says what does not fit', async () => {
    const ca = join(home, 'authority.pem');
    writeFileSync(ca, lab.certificate);
    await card().getByRole('button', { name: 'Set the tenant…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Tenant of Microsoft 365' });
    await dialog.getByLabel('Tenant', { exact: true }).fill('contoso');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Write the tenant’s id or a domain').waitFor();
    await dialog.getByText('An id has 32 hexadecimal digits').waitFor();
    await dialog.getByLabel('Tenant', { exact: true }).fill(tenant.domain);
    await dialog.getByLabel('Client id of this app').fill(tenant.registration.clientId);
    await dialog.getByRole('combobox', { name: 'Cloud' }).click();
    await page.getByRole('option', { name: 'Other: addresses of its own' }).click();
    await dialog.getByLabel('Address of the sign-in service').fill(lab.authority);
    await dialog.getByLabel('Address of Graph').fill('https://graph.lab.example');
    await dialog.locator('input[type=file]').setInputFiles(ca);
    await dialog.getByText('CN=localhost').waitFor();
    await dialog.getByRole('checkbox', { name: 'Only chosen SharePoint sites' }).click();
    await looksWell('sign-in-tenant');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await card().getByText(tenant.registration.clientId).waitFor();
    await card().getByText('Nobody', { exact: true }).waitFor();
    await card().getByText('Sites.Selected').waitFor();
  });

  it('signs in through the pages of the tenant, and the lamp says who', async () => {
    await card().getByRole('button', { name: 'Sign in in the browser' }).click();
    const shown = card().getByText(/^https:\/\/localhost:\d+\/.*code_challenge/);
    await shown.waitFor();
    await looksWell('sign-in-browser');
    const other = await page.context().browser()?.newContext({ ignoreHTTPSErrors: true });
    const theirs = await other?.newPage();
    if (!theirs) throw new Error('no second browser');
    await theirs.goto(String(await shown.textContent()));
    await theirs.getByRole('button', { name: KARI.name }).click();
    await theirs.getByText('You are signed in').waitFor();
    await other?.close();
    await card().getByText(KARI.username).waitFor();
    const lamp = page.getByRole('button', { name: /^Microsoft 365/ });
    await lamp.click();
    await page.getByText(`Signed in as ${KARI.username}`).waitFor();
    await page.getByText('The sign-in service of Microsoft 365 answers.').waitFor();
    await page.keyboard.press('Escape');
    await card().scrollIntoViewIfNeeded();
    await looksWell('sign-in-done');
  });

  it('shows a device code to type elsewhere, and stops when it is told to', async () => {
    await card().getByRole('button', { name: 'Sign in with a code' }).focus();
    await page.keyboard.press('Enter');
    await card()
      .getByText(/^[A-Z]{4}-[A-Z]{4}$/)
      .waitFor();
    await card().getByRole('img', { name: 'Address of the page as a QR code' }).waitFor();
    await looksWell('sign-in-code');
    await card().getByRole('button', { name: 'Stop signing in' }).click();
    await card().getByRole('button', { name: 'Sign in with a code' }).waitFor();
    // Who was signed in before is so still.
    await card().getByText(KARI.username).waitFor();
  });

  it('says what an administrator has to do', async () => {
    lab.trouble('device', { refuse: 'consent-missing' });
    await card().getByRole('button', { name: 'Sign in with a code' }).click();
    await card().getByText('The tenant has not consented to the permissions that this needs.').waitFor();
    await card()
      .getByText(/AADSTS65001.*permissions asked for: User\.Read\.All/)
      .waitFor();
    await looksWell('sign-in-consent');
    lab.trouble('device', null);
  });

  it('says in the lamp and on the card that the sign-in has ended', async () => {
    lab.revoke(tenant);
    // Whoever wants a token finds out, here another program with the same file.
    const elsewhere = Site.open(join(home, 'oslo.otjsite'));
    onTestFinished(() => elsewhere.close());
    await elsewhere.unlock(PASSPHRASE);
    await expect(tokensOf(elsewhere).token(['Place.Read.All'])).rejects.toThrow('M365_SIGN_IN_NEEDED');
    await page.getByRole('button', { name: 'Microsoft 365 sign-in ended' }).click();
    await page.getByText(`The sign-in of ${KARI.username} has ended. Sign in again on Prepare.`).waitFor();
    await page.keyboard.press('Escape');
    await card().getByText(`${KARI.username}: the sign-in has ended`).waitFor();
    await looksWell('sign-in-ended');
  });

  it('signs out, and nothing is left', async () => {
    await card().getByRole('button', { name: 'Sign out' }).click();
    await card().getByText('Nobody', { exact: true }).waitFor();
    expect((await window.call('microsoft.connection', undefined)).accounts).toEqual([]);
  });
});
