/** `otj m365`: from the app's id to a mark on each room. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ACCESS, resultBytes, resultItem } from '../support/access.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { powershellParser } from '../support/powershell.ts';
import { addRoom, tempFolder, tempSite } from '../support/siteFile.ts';

it('otj m365 sets, writes the script, reads its result, and tells of each mailbox', async () => {
  const opened = await tempSite({ technician: 'Kari' });
  addRoom(opened, { name: "'; Remove-Mailbox x; '", mailbox: 'fjord@contoso.example', address: '10.0.0.1' });
  addRoom(opened, { name: 'Skog', mailbox: 'skog@contoso.example', address: '10.0.0.2' });
  const site = opened.path;
  opened.close();
  const out = join(tempFolder(), 'access.ps1');

  const wrong = await otjHere(['m365', 'set', site, '--app', '$(x)', '--group', ACCESS.group]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('SETTING_UNFIT') });
  const set = await otjHere([
    'm365',
    'set',
    site,
    '--app',
    ACCESS.appId.toUpperCase(),
    '--group',
    ACCESS.group,
    '--old-app',
    String(ACCESS.oldAppId),
  ]);
  expect(set).toMatchObject({ code: 0, stdout: expect.stringContaining(ACCESS.appId) });

  // Nobody can be asked here whether it was read.
  const unread = await otjHere(['m365', 'script', site, '--out', out]);
  expect(unread).toMatchObject({ code: 2, stderr: expect.stringContaining('--reviewed') });
  const written = await otj(['m365', 'script', site, '--out', out, '--reviewed', '--json']);
  expect(written.code).toBe(0);
  const { id, sha256 } = jsonLines(written.stdout).at(-1) as { id: string; sha256: string };
  const parsed = (await powershellParser())(readFileSync(out, 'utf8'));
  expect(parsed.errors).toEqual([]);
  expect(parsed.commands).not.toContain('Remove-Mailbox');

  const result = join(tempFolder(), 'result.json');
  const skog = resultItem('skog@contoso.example', { recipient: 'SharedMailbox', member: 'no', access: '' });
  writeFileSync(result, resultBytes(id, { items: [resultItem('fjord@contoso.example'), skog], notes: ['a note'] }));
  const absent = await otjHere(['m365', 'result', site, `${result}.not`]);
  expect(absent).toMatchObject({ code: 2, stderr: expect.stringContaining('RESULT_MISSING') });
  const told = await otjHere(['m365', 'result', site, result]);
  expect(told.code).toBe(1);
  expect(told.stdout).toContain('✗ Skog, skog@contoso.example: is no room mailbox (SharedMailbox)');
  expect(told.stdout).toContain('▲ a note');
  expect(told.stdout).toContain('1 of 2 mailboxes may be read.');
  const status = await otjHere(['m365', 'status', site]);
  expect(status).toMatchObject({ code: 1, stdout: expect.stringContaining(sha256) });

  const old = ['m365', 'script', site, '--kind', 'remove', '--out', out, '--reviewed'];
  expect(await otjHere(old)).toMatchObject({ stderr: expect.stringContaining('OLD_APP_NEEDED') });
  expect((await otjHere([...old, '--before-all-moved'])).code).toBe(0);
});
