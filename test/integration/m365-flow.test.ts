/** The whole way with one Microsoft 365: sign in by each way, check, publish, a colleague's change, offline between, sign out. */
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, signInApp, signInPerson, signOut } from '../../main/services/connection.ts';
import { withGraph } from '../../main/services/graph.ts';
import { checkMailboxes, mailboxView } from '../../main/services/mailboxes.ts';
import { publish } from '../../main/services/results/publish.ts';
import { setResults } from '../../main/services/results/settings.ts';
import type { Site } from '../../main/site/site.ts';
import { contoso, KARI } from '../lab/microsoft/contoso.ts';
import { BrowserPerson } from '../lab/microsoft/identity/person.ts';
import { type MicrosoftLab, startMicrosoft } from '../lab/microsoft/index.ts';
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
  site.rooms.setState(fjord?.id ?? 0, 'migrated', null);
  await lab.graph.host.stop();
  await lab.identity.host.stop();
  expect(await codeOf(() => send(site))).toBe('M365_UNREACHABLE');
  expect(site.results.owedCount()).toBe(1);
  await lab.identity.host.start();
  await lab.graph.host.start();
  expect(await send(site)).toMatchObject({ written: 1, owed: 0 });

  await signOut(site);
  expect(await codeOf(() => send(site))).toBe('M365_SIGN_IN_NEEDED');
  const bytes = bytesBeside(site.path);
  expect([...lab.identity.secrets].filter((secret) => bytes.includes(secret))).toEqual([]);
  expect(lab.identity.faults).toEqual([]);
});
