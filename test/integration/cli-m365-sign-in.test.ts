/** `otj m365 connect`, `sign-in`, `sign-out`, `accounts` as processes, against the lab. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CATALOGUE } from '../../main/contract/catalogue.ts';
import { Site } from '../../main/site/site.ts';
import { contoso, KARI } from '../lab/microsoft/contoso.ts';
import { type Identity, startIdentity } from '../lab/microsoft/identity/identity.ts';
import { BrowserPerson } from '../lab/microsoft/identity/person.ts';
import { expiredPem } from '../support/expiredPem.ts';
import { jsonLines, otj, spawnOtj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { bytesBeside, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';

const tenant = contoso();
const PASS = ['--passphrase-fd', '3'];
let lab: Identity;

beforeAll(async () => {
  lab = await startIdentity({ tenants: [tenant], audience: 'https://graph.lab.example' });
  lab.pace.poll = 0.05;
});
afterAll(() => lab?.stop());

async function connected(): Promise<string> {
  const opened = await tempSite();
  const { path } = opened;
  opened.close();
  const ca = join(tempFolder(), 'ca.pem');
  writeFileSync(ca, lab.certificate);
  const where = ['--authority', lab.authority, '--graph', 'https://graph.lab.example', '--ca', ca];
  const run = await otjHere([
    'm365',
    'connect',
    path,
    '--tenant',
    tenant.domain,
    '--client',
    tenant.registration.clientId,
    ...where,
  ]);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining(`Tenant ${tenant.domain} (other)`) });
  return path;
}

it('signs in with a device code, tells who, and signs out', async () => {
  const site = await connected();
  const nobody = await otj(['m365', 'accounts', site, ...PASS], PASSPHRASE);
  expect(nobody).toMatchObject({ code: 1, stdout: expect.stringContaining('Nobody is signed in.') });
  // What M365_ODD sends people to: where the cloud and the addresses stand.
  expect(CATALOGUE.M365_ODD.todo).toContain('`otj m365 accounts SITE`');
  expect(nobody.stdout).toContain('(other)');
  expect(nobody.stdout).toMatch(/sign-in https:\S+, Graph https:\S+/);

  const child = spawnOtj(['m365', 'sign-in', site, '--device-code', '--json', ...PASS], [PASSPHRASE]);
  const person = new BrowserPerson(lab.certificate);
  let all = '';
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    all += `${line}\n`;
    const prompt = JSON.parse(line) as { type: string; userCode: string; verificationUri: string };
    if (prompt.type === 'prompt') await person.enterCode(prompt.verificationUri, prompt.userCode, KARI.username);
  }
  if (child.exitCode === null) await once(child, 'close');
  await person.close();
  expect(child.exitCode).toBe(0);
  expect(jsonLines(all).at(-1)).toMatchObject({ type: 'result', username: KARI.username, missing: [] });

  const who = await otjHere(['m365', 'accounts', site, ...PASS], PASSPHRASE);
  expect(who).toMatchObject({ code: 0, stdout: expect.stringContaining(`✓ ${KARI.username}, ${KARI.name}`) });
  expect(who.stdout).toContain('MailboxSettings.Read: tells whether a mailbox is a room’s'.replace('’', "'"));
  expect(who.stdout).toContain('Sites.ReadWrite.All: ');
  const out = await otjHere(['m365', 'sign-out', site, ...PASS], PASSPHRASE);
  expect(out).toMatchObject({ code: 0, stdout: expect.stringContaining('wiped') });
  expect(await otjHere(['m365', 'accounts', site, ...PASS], PASSPHRASE)).toMatchObject({ code: 1 });
  const bytes = [bytesBeside(site), all, who.stdout, who.stderr, out.stdout, out.stderr].join('\n');
  expect([...lab.secrets].filter((secret) => bytes.includes(secret))).toEqual([]);
});

it('asks for chosen SharePoint sites only, where that is wanted', async () => {
  const site = await connected();
  expect(await otjHere(['m365', 'connect', site, '--selected-sites'])).toMatchObject({ code: 0 });
  const narrow = await otjHere(['m365', 'accounts', site, ...PASS], PASSPHRASE);
  expect(narrow.stdout).toContain('Sites.Selected: ');
  expect(narrow.stdout).not.toContain('Sites.ReadWrite.All');
});

it('signs in as the app itself, and says why not', async () => {
  const site = await connected();
  const file = join(tempFolder(), 'app.pem');
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'OTJ Migrator' }], { keySize: 2048 });
  writeFileSync(file, `${cert}\n${key}`);
  const early = await otjHere(['m365', 'sign-in', site, '--certificate', file, ...PASS], PASSPHRASE);
  expect(early).toMatchObject({ code: 3, stderr: expect.stringContaining('M365_CERTIFICATE') });
  expect(early.stderr).toContain('permissions asked for: User.Read.All');
  tenant.registration.certificate = cert;
  const run = await otj(['m365', 'sign-in', site, '--certificate', file, ...PASS], PASSPHRASE);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('CN=OTJ Migrator') });

  // Time goes by: who is signed in can still be listed, and nobody is kept from signing in anew.
  const opened = Site.open(site);
  await opened.unlock(PASSPHRASE);
  opened.vault.put(`microsoft:certificate:${tenant.domain}:${tenant.registration.clientId}`, await expiredPem());
  opened.close();
  const listed = await otjHere(['m365', 'accounts', site, ...PASS], PASSPHRASE);
  expect(listed.stdout).toContain('✓ CN=OTJ Migrator');
  expect(await otjHere(['m365', 'sign-out', site, '--all'])).toMatchObject({ code: 0 });
});

it('says what is missing, before it asks for a secret', async () => {
  const opened = await tempSite();
  opened.close();
  const unset = await otjHere(['m365', 'sign-in', opened.path]);
  expect(unset.stderr).toContain('M365_NOT_SET');
  const wrong = await otjHere(['m365', 'connect', opened.path, '--tenant', 'common', '--client', 'x']);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('SETTING_UNFIT') });
});

it('says that a tenant which is not known gets the app of the one before', async () => {
  const opened = await tempSite();
  opened.close();
  const to = async (...args: string[]) => (await otjHere(['m365', 'connect', opened.path, ...args])).stdout;
  const app = (digit: string) => `${digit.repeat(8)}-2222-4333-8444-555555555555`;
  const word = 'It is the app that was used for';
  expect(await to('--tenant', 'b.example', '--client', app('1'))).not.toContain(word);
  expect(await to('--tenant', 'a.example', '--client', app('2'))).not.toContain(word);
  // Nobody was signed in there, so its own app is not known any more.
  const back = await to('--tenant', 'b.example');
  expect(back).toContain(`as app ${app('2')}.`);
  expect(back).toContain(`${word} a.example.`);
  expect(await to('--tenant', 'b.example', '--client', app('1'))).not.toContain(word);
});
