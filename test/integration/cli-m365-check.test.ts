/** From a signed-in site to a word on each mailbox, as processes against the whole lab: `otj m365 check`, `otj import --from microsoft`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Site } from '../../main/site/site.ts';
import { contoso } from '../lab/microsoft/contoso.ts';
import { type MicrosoftLab, startMicrosoft } from '../lab/microsoft/index.ts';
import { ACCESS } from '../support/access.ts';
import { mailboxTenant } from '../support/mailboxTenant.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { addRoom, bytesBeside, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';

const tenant = contoso();
const PASS = ['--passphrase-fd', '3'];
let lab: MicrosoftLab;

beforeAll(async () => {
  lab = await startMicrosoft({ tenant, directory: mailboxTenant().tenant });
});
afterAll(() => lab?.stop());

async function siteWithRooms(): Promise<string> {
  const opened = await tempSite({ technician: 'Kari' });
  for (const [at, name] of ['fjord', 'outside', 'old-alias', 'never'].entries())
    addRoom(opened, { name, mailbox: `${name}@contoso.example`, address: `10.0.0.${at + 1}` });
  opened.close();
  return opened.path;
}

it('asks nobody before it is known whom', async () => {
  const site = await siteWithRooms();
  const run = await otjHere(['m365', 'check', site, ...PASS], PASSPHRASE);
  expect(run.stderr).toContain('M365_NOT_SET');
  const before = await otjHere(['m365', 'check', site, '--last']);
  expect(before).toMatchObject({ code: 1, stdout: expect.stringContaining('never checked') });
});

it('tells of each mailbox, keeps it, and imports the rooms that the site lacks', async () => {
  const site = await siteWithRooms();
  const ca = join(tempFolder(), 'ca.pem');
  writeFileSync(ca, lab.connection.ca);
  const { authority, graph } = lab.connection.other;
  const where = ['--authority', authority, '--graph', graph, '--ca', ca];
  const as = ['--tenant', lab.connection.tenant, '--client', lab.connection.clientId];
  expect(await otjHere(['m365', 'connect', site, ...as, ...where])).toMatchObject({ code: 0 });
  expect(await otjHere(['m365', 'set', site, '--app', ACCESS.appId, '--group', ACCESS.group])).toMatchObject({
    code: 0,
  });
  const signedOut = await otjHere(['m365', 'check', site, ...PASS], PASSPHRASE);
  expect(signedOut.stderr).toContain('M365_SIGN_IN_NEEDED');

  const { cert, private: key } = await generate([{ name: 'commonName', value: 'OTJ Migrator' }], { keySize: 2048 });
  tenant.registration.certificate = cert;
  const file = join(tempFolder(), 'app.pem');
  writeFileSync(file, `${cert}\n${key}`);
  expect(await otjHere(['m365', 'sign-in', site, '--certificate', file, ...PASS], PASSPHRASE)).toMatchObject({
    code: 0,
  });

  const run = await otj(['m365', 'check', site, ...PASS], PASSPHRASE);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(1);
  expect(run.stdout).not.toContain('fjord');
  expect(run.stdout).toContain('✗ outside, outside@contoso.example');
  expect(run.stdout).toContain('group: not a member of the group; otj m365 script adds it: otjrooms@contoso.example');
  expect(run.stdout).toContain('the primary address is another: alias@contoso.example');
  expect(run.stdout).toContain('account: nobody in the tenant has this address');
  expect(run.stdout).toContain('Group otjrooms@contoso.example: a mail-enabled security group, as it has to be');
  expect(run.stdout).toContain('1 of 4 mailboxes are well; 2 failed, 1 to look at, 0 not known.');

  const last = jsonLines((await otjHere(['m365', 'check', site, '--last', '--json'])).stdout);
  expect(last.find(({ room }) => room === 'fjord')).toMatchObject({ type: 'mailbox', status: 'pass' });
  expect(last.at(-1)).toMatchObject({ type: 'result', strangers: 5, last: { by: 'Kari', listed: 8, outdated: false } });

  // a line break is no name; the row is told and the others come in
  const taken = await otjHere(['import', site, '--from', 'microsoft', ...PASS], PASSPHRASE);
  expect(taken.code).toBe(1);
  expect(taken.stdout).toContain('TEXT_CONTROL');
  // what the tenant does not know of a room takes nothing of what the site does
  const opened = Site.open(site);
  expect(opened.rooms.byMailbox('fjord@contoso.example')).toMatchObject({ floor: '2' });
  opened.close();
  const after = jsonLines((await otjHere(['m365', 'check', site, '--last', '--json'])).stdout);
  const added = after.filter(({ type }) => type === 'mailbox').map(({ mailbox }) => mailbox);
  expect(added).toContain('nested@contoso.example');
  expect(added).not.toContain('stranger@contoso.example');
  expect(after.at(-1)).toMatchObject({ strangers: 1 });

  // another way of keeping the app to the group: what was told of membership is of before
  const rbac = ['--scope', 'rbac', '--object', String(ACCESS.objectId)];
  expect(await otjHere(['m365', 'set', site, ...rbac])).toMatchObject({ code: 0 });
  expect((await otjHere(['m365', 'check', site, '--last'])).stdout).toContain('check again');
  const everything = [bytesBeside(site), run.stdout, taken.stdout].join('\n');
  expect([...lab.identity.secrets].filter((secret) => everything.includes(secret))).toEqual([]);
});
