/** Access to the mailboxes in the window: app and group, a script that is read and signed off, and its result. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { noteRun } from '../../../main/services/accessCut.ts';
import { Site } from '../../../main/site/site.ts';
import { tooWide, violations } from '../../support/a11y.ts';
import { ACCESS, resultBytes, resultItem } from '../../support/access.ts';
import { standIn } from '../../support/pwsh.ts';
import { type AppWindow, freshHome, hasBrowser, hostsHere, openWindow, picture } from '../../support/window.ts';
import { PASSPHRASE } from '../../support/windowSite.ts';

const { hosts } = await hostsHere();
const LIST = [
  'room,building,floor,mailbox,address,serial,family',
  'Fjord,Oslo,2,fjord@contoso.example,,,',
  '"<img src=x onerror=alert(1)>",Oslo,2,skog@contoso.example,,,',
].join('\n');

describe.skipIf(!hasBrowser).each(hosts)('access to the mailboxes, %s', (host) => {
  const { home, remove } = freshHome();
  let window: AppWindow;
  let page: Page;

  // There is no PowerShell where these tests run.
  const shell = standIn({}, mkdtempSync(join(home, 'bin-')));

  beforeAll(async () => {
    vi.stubEnv('PATH', [shell.folder, process.env.PATH].join(delimiter));
    window = await openWindow({ home, host });
    page = window.page;
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const site = { path: `${home}/oslo.otjsite`, name: 'Nordbank Oslo', technician: 'Kari', passphrase: PASSPHRASE };
    await window.call('site.create', { ...site, remember: false });
    await window.call('rooms.import', { text: LIST });
    await page.evaluate("location.hash = '#/checks'");
    await page.reload();
    await page.getByRole('heading', { level: 2, name: 'Access to the mailboxes' }).waitFor();
  }, 120_000);

  afterEach(() => expect(window.misdeeds()).toEqual([]));

  afterAll(async () => {
    await window?.close();
    vi.unstubAllEnvs();
    remove();
  });

  const card = () => page.getByRole('region', { name: 'Access to the mailboxes' });
  const looksWell = async (name: string) => {
    await picture(page, name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    await expect.poll(() => tooWide(page)).toBe(0);
    await page.emulateMedia({ colorScheme: null });
  };

  it('takes the app and the group, and says what does not fit', async () => {
    await card().getByRole('button', { name: 'Set app and group…' }).click();
    const dialog = page.getByRole('dialog', { name: 'App and group' });
    await dialog.getByLabel('App id', { exact: true }).fill('none');
    await dialog.getByLabel('Security group').fill('otjrooms');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('An id has 32 hexadecimal digits').waitFor();
    await dialog.getByText('Write a mail address such as').waitFor();
    await looksWell('mailboxes-set');
    await dialog.getByLabel('App id', { exact: true }).fill(ACCESS.appId);
    await dialog.getByLabel('Security group').fill(ACCESS.group);
    await dialog.getByLabel(/^Old app id/).fill(String(ACCESS.oldAppId));
    await dialog.getByRole('button', { name: 'Save' }).click();
    await card().getByText(ACCESS.group).waitFor();
  });

  it('shows the script, and writes it once it is signed off', async () => {
    await card().getByRole('button', { name: 'Make the script…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Script for the Exchange administrator' });
    const text = dialog.getByRole('textbox', { name: 'Text of the script' });
    await expect.poll(() => text.inputValue()).toContain('fjord@contoso.example');
    const sign = dialog.getByRole('button', { name: 'Sign off and write' });
    expect(await sign.isDisabled()).toBe(true);
    await looksWell('mailboxes-script');
    await dialog.getByRole('checkbox', { name: 'I have read the script and sign it off' }).click();
    await sign.click();
    await dialog.getByText('The script is written.').waitFor();
    await looksWell('mailboxes-written');
    const { signed } = await window.call('microsoft.access', undefined);
    expect(signed).toMatchObject([{ kind: 'policy', by: 'Kari' }]);
    expect(readFileSync(`${home}/oslo-m365-policy.ps1`, 'utf8')).toContain(signed[0]?.id);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  it('asks once more before the old app loses its access while rooms need it', async () => {
    await card().getByRole('button', { name: 'Make the script…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Script for the Exchange administrator' });
    await dialog.getByRole('combobox', { name: 'Which script' }).click();
    await page.getByRole('option', { name: /^removal/ }).click();
    await dialog.getByRole('checkbox', { name: 'I have read the script' }).click();
    expect(await dialog.getByRole('button', { name: 'Sign off and write' }).isDisabled()).toBe(true);
    await dialog.getByRole('checkbox', { name: /^2 rooms have not moved yet/ }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('reads the result, and tells of each mailbox that wants somebody', async () => {
    const { signed } = await window.call('microsoft.access', undefined);
    const skog = resultItem('skog@contoso.example', { recipient: 'UserMailbox', member: 'no', access: '' });
    const processing = [{ name: 'DeleteComments', before: 'True', after: 'True', wish: 'False' }];
    const items = [resultItem('fjord@contoso.example', { processing }), skog];
    const choose = (buffer: Buffer) =>
      card()
        .getByLabel('Result of an access script, as a JSON file')
        .setInputFiles({ name: 'otj-access-result.json', mimeType: 'application/json', buffer });
    await choose(Buffer.from('{}'));
    await card().getByText('The file is no result of an access script').waitFor();
    await choose(resultBytes(signed[0]?.id ?? '', { items, notes: ['<b>Another policy</b>'], applied: false }));
    await card().getByText('1 of 2 mailboxes may be read. It ran without -Apply').waitFor();
    await card().getByText('<b>Another policy</b>').waitFor();
    await card().getByText('DeleteComments is True, wanted False').waitFor();
    await card().getByText('This is no room mailbox.').waitFor();
    await card().scrollIntoViewIfNeeded();
    await looksWell('mailboxes-result');
    expect(await window.rooms()).toHaveLength(2);
  });

  it('runs the script here: it looks, is stopped, looks again, and makes the changes that were read', async () => {
    const items = [resultItem('fjord@contoso.example'), resultItem('skog@contoso.example')];
    const print = ['WOULD   fjord@contoso.example: join\n', '\u001b[31m<img src=x onerror=alert(1)>\u001b[0m\u202E\n'];
    shell.plan({ stay: 'polite', print: ['To sign in, use a web browser\n'], result: { items: [items[0]] } });
    await card().getByRole('button', { name: 'Make the script…' }).click();
    const reading = page.getByRole('dialog', { name: 'Script for the Exchange administrator' });
    await reading.getByText('is installed here: an Exchange administrator').waitFor();
    await reading.getByRole('checkbox', { name: 'I have read the script and sign it off' }).click();
    await reading.getByRole('button', { name: 'Run it here…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run the script on this computer' });
    const transcript = dialog.getByRole('log', { name: 'What the script prints' });
    await dialog.getByRole('button', { name: 'Look what it would change' }).waitFor();
    await looksWell('mailboxes-run');
    await dialog.getByRole('button', { name: 'Look what it would change' }).click();
    await expect.poll(() => transcript.textContent()).toBe('To sign in, use a web browser\nREADY\n');
    await looksWell('mailboxes-run-goes-on');
    await dialog.getByRole('button', { name: 'Stop the script' }).click();
    await dialog.getByText('It was stopped while it looked; nothing was changed.').waitFor();
    await looksWell('mailboxes-run-stopped');
    expect(await dialog.getByRole('button', { name: 'Make these changes' }).count()).toBe(0);

    shell.plan({ print, result: { items } });
    await dialog.getByRole('button', { name: 'Look what it would change' }).click();
    await dialog.getByText('It would make 1 change.').waitFor();
    expect(await transcript.textContent()).toContain('<img src=x onerror=alert(1)>');
    const apply = dialog.getByRole('button', { name: 'Make these changes' });
    expect(await apply.isDisabled()).toBe(true);
    await dialog.getByRole('checkbox', { name: 'I have read what it would change' }).click();
    await looksWell('mailboxes-run-looked');
    await apply.click();
    // what the look told stands there until the change runs
    await dialog.getByText('It ran without -Apply').waitFor({ state: 'hidden' });
    await dialog.getByText('2 of 2 mailboxes may be read.').waitFor();
    expect(shell.calls().map(({ argv }) => argv[4])).toEqual(['-WhatIf', '-WhatIf', '-Apply']);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const { rooms } = await window.call('microsoft.access', undefined);
    expect(rooms.map(({ state }) => state)).toEqual(['granted', 'granted']);
  });

  it('tells of a run that was cut off, and of a removal that found nothing to remove', async () => {
    const { id, kind, sha256 } = await window.call('microsoft.script', { kind: 'remove' });
    await window.call('microsoft.sign', { id, kind, sha256, beforeAllMoved: true });
    const bytes = resultBytes(id, { kind, items: [], policies: { found: 0, removed: 0 } });
    await window.call('microsoft.result', { base64: bytes.toString('base64') });
    // As a program leaves it that ends before its script.
    const site = Site.open(`${home}/oslo.otjsite`);
    const at = new Date().toISOString();
    const folder = mkdtempSync(join(tmpdir(), 'otj-access-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'result.json'), '{"format":"otj-acc');
    noteRun(site, { kind: 'policy', mode: 'apply', at, folder: basename(folder), pid: null, cut: null });
    site.close();
    await page.reload();
    await card().getByText('There is no policy of the old app in this tenant.').waitFor();
    await card().getByText(`is not noted. It stands in ${folder}`).waitFor();
    await card().scrollIntoViewIfNeeded();
    await looksWell('mailboxes-cut-off');
    await card().getByRole('button', { name: 'Delete this result' }).click();
    const question = page.getByRole('dialog', { name: 'Delete this result?' });
    await question.getByText('is deleted for good').waitFor();
    expect(existsSync(folder)).toBe(true);
    await question.getByRole('button', { name: 'Delete this result' }).click();
    await card().getByText('has done is not known here: a part may be changed').waitFor();
    expect(existsSync(folder)).toBe(false);
  });
});
