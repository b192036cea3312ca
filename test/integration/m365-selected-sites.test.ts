/** A tenant that opens single SharePoint sites to the app: by a person's sign-in, against identity and Graph of the lab. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGraph } from '../../main/microsoft/graph/graph.ts';
import { connect, graphOf, signInPerson, tokensOf } from '../../main/services/connection.ts';
import { contoso, KARI } from '../lab/microsoft/contoso.ts';
import { BrowserPerson } from '../lab/microsoft/identity/person.ts';
import { type MicrosoftLab, startMicrosoft } from '../lab/microsoft/index.ts';
import { codeOf } from '../support/codeOf.ts';
import { tempSite } from '../support/siteFile.ts';

const tenant = contoso();
let lab: MicrosoftLab;
let person: BrowserPerson;

beforeAll(async () => {
  for (const scope of ['Sites.ReadWrite.All', 'Sites.Manage.All', 'Sites.Read.All']) tenant.consented.delete(scope);
  lab = await startMicrosoft({ tenant, site: { host: 'contoso.sharepoint.com', path: '/sites/otj', name: 'OTJ' } });
  person = new BrowserPerson(lab.identity.certificate);
});
afterAll(async () => {
  await person?.close();
  await lab?.stop();
});

it('is reached once the administrator has opened it, and not before', async () => {
  const site = await tempSite();
  await connect(site, { ...lab.connection, selectedSites: true });
  const signedIn = await signInPerson(site, {
    way: 'browser',
    features: ['results'],
    openUrl: async (url) => void person.signIn(url, KARI.username).catch(() => undefined),
    prompt: () => undefined,
  });
  expect(signedIn.missing).toEqual([]);
  const graph = openGraph(graphOf(site), tokensOf(site), { retryMs: 5 });
  const ask = () =>
    graph.ask({ method: 'GET', path: '/sites/contoso.sharepoint.com:/sites/otj', scopes: ['Sites.ReadWrite.All'] });
  try {
    expect(await codeOf(ask)).toBe('M365_FORBIDDEN');
    lab.sites.sites[0]?.opened.add(tenant.registration.clientId);
    expect(await ask()).toMatchObject({ status: 200, body: { displayName: 'OTJ' } });
  } finally {
    await graph.close();
  }
});
