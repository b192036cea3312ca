/** The whole way with one Microsoft 365: sign in by each way, check, script and its result, publish, a colleague's change, offline between, sign out. */
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessView, makeScript, noteSigned, setAccess, takeResult } from '../../main/services/access.ts';
import { connect, signInApp, signInPerson, signOut } from '../../main/services/connection.ts';
import { withGraph } from '../../main/services/graph.ts';
import { checkMailboxes, mailboxView } from '../../main/services/mailboxes.ts';
import { publish } from '../../main/services/results/publish.ts';
import { setResults } from '../../main/services/results/settings.ts';
import { decideResults } from '../../main/services/results/view.ts';
import type { Site } from '../../main/site/site.ts';
import { contoso, KARI } from '../lab/microsoft/contoso.ts';
import { BrowserPerson } from '../lab/microsoft/identity/person.ts';
import { type MicrosoftLab, startMicrosoft } from '../lab/microsoft/index.ts';
import { ACCESS, resultBytes, resultItem } from '../support/access.ts';
import { codeOf } from '../support/codeOf.ts';
import { mailboxTenant } from '../support/mailboxTenant.ts';
import { addRoom, bytesBeside, tempSite } from '../support/siteFile.ts';

const ADDRESS = 'https://contoso.sharepoint.com/sites/otj';
const tenant = contoso();
let lab: MicrosoftLab;
let person: BrowserPerson;

beforeAll(async () => {
  lab = await startMicrosoft({
    tenant,
    directory: mailboxTenant().tenant,
    site: { host: 'contoso.sharepoint.com', path: '/sites/otj', name: 'OTJ' },
  });
  lab.identity.pace.poll = 0.05;
  person = new BrowserPerson(lab.identity.certificate);
});
afterAll(async () => {
  await person?.close();
  await lab?.stop();
});

const check = (site: Site) => checkMailboxes(site, { signal: new AbortController().signal, done: () => undefined });
const send = (site: Site) =>
  withGraph(site, (graph) =>
    publish(site, { graph, rooms: null, signal: new AbortController().signal, told: () => undefined }),
  );

async function wholeSite(): Promise<Site> {
  const site = await tempSite({ technician: 'Kari' });
  for (const [at, name] of ['fjord', 'nested', 'person'].entries())
    addRoom(site, { name, mailbox: `${name}@contoso.example`, address: `10.0.0.${at + 1}` });
  await connect(site, lab.connection);
  return site;
}

const ways = {
  browser: (site: Site) =>
    signInPerson(site, {
      way: 'browser',
      features: ['check', 'results', 'list'],
      openUrl: async (url) => void person.signIn(url, KARI.username),
      prompt: () => undefined,
    }),
  'device-code': (site: Site) =>
    signInPerson(site, {
      way: 'device-code',
      features: ['check', 'results', 'list'],
      openUrl: async () => undefined,
      prompt: (prompt) => {
        if (prompt.way === 'device-code') void person.enterCode(prompt.verificationUri, prompt.userCode, KARI.username);
      },
    }),
  certificate: async (site: Site) => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'OTJ' }], { keySize: 2048 });
    tenant.registration.certificate = cert;
    await signInApp(site, `${cert}\n${key}`);
  },
};

it.each(Object.keys(ways) as (keyof typeof ways)[])('signed in by %s, from the check to the sign-out', async (way) => {
  const site = await wholeSite();
  expect(await codeOf(() => check(site))).toBe('M365_SIGN_IN_NEEDED');
  await ways[way](site);
  const { counts } = await check(site);
  expect(counts).toMatchObject({ fail: 1 });
  expect(mailboxView(site).rooms.map(({ room }) => room)).toContain('person');

  await withGraph(site, (graph) =>
    setResults(site, graph, { address: ADDRESS, list: way, create: true, reports: false }),
  );
  expect(await send(site)).toMatchObject({ written: 3, failed: 0, owed: 0 });
  expect(await send(site)).toMatchObject({ written: 0, failed: 0 });

  // On the way to the building and back; nothing that waits is lost.
  const fjord = site.rooms.all().find(({ name }) => name === 'fjord');
  if (!fjord) throw new Error('no room');
  site.rooms.setState(fjord.id, 'migrated', null);
  await lab.graph.host.stop();
  await lab.identity.host.stop();
  expect(await codeOf(() => send(site))).toBe('M365_UNREACHABLE');
  expect(site.results.owedCount()).toBe(1);
  // The script goes to the Exchange administrator and its result comes back, which needs no network.
  setAccess(site, { ...ACCESS, scope: 'rbac' });
  const script = makeScript(site, 'rbac');
  noteSigned(site, script, 'Kari');
  const items = [
    resultItem('fjord@contoso.example'),
    resultItem('nested@contoso.example'),
    resultItem('person@contoso.example', { access: 'Denied' }),
  ];
  takeResult(site, resultBytes(script.id, { kind: 'rbac', items }));
  expect(accessView(site).rooms.map(({ room, state }) => [room, state])).toContainEqual(['fjord', 'granted']);
  await lab.identity.host.start();
  await lab.graph.host.start();
  expect(await send(site)).toMatchObject({ written: 1, owed: 0 });

  // A colleague works on the item while there is news here: nothing of hers is written over before a person has decided.
  const list = lab.sites.sites[0]?.lists.find(({ displayName }) => displayName === way);
  const item = [...(list?.items.values() ?? [])].find(({ fields }) => fields.Title === 'fjord');
  if (!list || !item) throw new Error('no item');
  list.edit(item.id, { MigrationState: 'in progress' });
  site.rooms.setState(fjord.id, 'undone', null);
  expect(await send(site)).toMatchObject({ written: 0, failed: 1, owed: 1 });
  expect(list.items.get(item.id)?.fields).toMatchObject({ MigrationState: 'in progress' });
  decideResults(site, [fjord], 'site', null);
  expect(await send(site)).toMatchObject({ written: 1, owed: 0 });
  expect(list.items.get(item.id)?.fields).toMatchObject({ MigrationState: 'undone' });

  await signOut(site);
  expect(await codeOf(() => send(site))).toBe('M365_SIGN_IN_NEEDED');
  const bytes = bytesBeside(site.path);
  expect([...lab.identity.secrets].filter((secret) => bytes.includes(secret))).toEqual([]);
  expect(lab.identity.faults).toEqual([]);
});
