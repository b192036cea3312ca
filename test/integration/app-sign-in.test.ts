/** Signing in as the window does it: calls, the job, what is told meanwhile; and by way of a proxy. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as dial } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Input } from '../../main/contract/methods.ts';
import { connect, signInPerson, tokensOf } from '../../main/services/connection.ts';
import { Site } from '../../main/site/site.ts';
import { contoso, KARI, OLA } from '../lab/microsoft/contoso.ts';
import { type Identity, startIdentity } from '../lab/microsoft/identity/identity.ts';
import { BrowserPerson } from '../lab/microsoft/identity/person.ts';
import { startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { bytesBeside, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';

const GRAPH = 'https://graph.lab.example';
const tenant = contoso();
let lab: Identity;
let person: BrowserPerson;

beforeAll(async () => {
  // Not an address that is near by definition, so that a proxy is asked.
  lab = await startIdentity({ tenants: [tenant], audience: GRAPH, address: '127.9.9.9' });
  lab.pace.poll = 0.05;
  person = new BrowserPerson(lab.certificate);
});
afterAll(async () => {
  await person?.close();
  await lab?.stop();
});

const settings = (change: { tenant?: string } = {}) => ({
  cloud: 'other' as const,
  other: { authority: lab.authority, graph: GRAPH },
  ca: lab.certificate,
  tenant: tenant.domain,
  clientId: tenant.registration.clientId,
  ...change,
});

it('is a job with a prompt, goes on beside nothing else, and tells no secret', async () => {
  lab.pace.access = 60;
  onTestFinished(() => {
    lab.pace.access = 3600;
  });
  let who = KARI.username;
  const folder = tempFolder();
  const app = startApp(folder, { openUrl: async (url) => void person.signIn(url, who).catch(() => undefined) });
  onTestFinished(() => app.backend.close());
  const path = join(folder, 'oslo.otjsite');
  await app.call('site.create', { path, name: 'Oslo', technician: '', passphrase: PASSPHRASE, remember: false });
  const wish: Input<'jobs.signIn'> = { way: 'browser', features: ['check'] };
  expect(await codeOf(() => app.call('jobs.signIn', wish))).toBe('M365_NOT_SET');
  expect(await app.call('microsoft.connect', settings())).toMatchObject({ accounts: [] });

  expect(await app.done('jobs.signIn', wish)).toEqual({ kind: 'sign-in', username: KARI.username, missing: [] });
  who = OLA.username;
  await app.done('jobs.signIn', wish);
  const both = await app.call('microsoft.connection', undefined);
  expect(both.accounts?.map(({ username, current }) => [username, current]).toSorted()).toEqual([
    [KARI.username, false],
    [OLA.username, true],
  ]);
  await app.call('microsoft.account', { username: KARI.username });

  const job = await app.start('jobs.signIn', { ...wish, way: 'device-code' });
  const { prompt } = await app.until(job, (now) => now.prompt !== undefined);
  expect(prompt).toMatchObject({ way: 'device-code', verificationUri: expect.stringMatching(/^https:/) });
  expect(await codeOf(() => app.call('jobs.signIn', wish))).toBe('JOB_RUNNING');
  expect(await codeOf(() => app.call('microsoft.signOut', { all: false }))).toBe('JOB_RUNNING');
  await app.call('jobs.stop', { job, how: 'now' });
  const stopped = await app.until(job, ({ endedAt }) => endedAt !== null);
  expect(stopped).toMatchObject({ status: 'stopped', problem: null });
  expect(stopped.prompt).toBeUndefined();

  // The lamp: who is signed in, and whether the service answers.
  const reach = async () => (await app.call('app.state', undefined)).reach.microsoft;
  await expect.poll(reach, { timeout: 30_000 }).toMatchObject({ state: 'reached', who: KARI.username });
  await lab.host.stop();
  await app.call('microsoft.connect', settings());
  await expect.poll(reach, { timeout: 30_000 }).toMatchObject({ state: 'away' });
  await lab.host.start();

  // Another tenant, and back to this one with its account; where nobody ever signed in is nothing to go back to.
  expect(await app.call('microsoft.connect', settings({ tenant: 'fabrikam.exampel' }))).toMatchObject({
    connection: { tenant: 'fabrikam.exampel', username: null },
    known: [{ tenant: tenant.domain, username: KARI.username }],
  });
  expect(await app.call('microsoft.connect', settings())).toMatchObject({
    connection: { tenant: tenant.domain, username: KARI.username },
    known: [],
  });

  // The sign-in is revoked, and whoever wants a token meanwhile finds out.
  await expect.poll(reach, { timeout: 30_000 }).toMatchObject({ who: KARI.username, ended: false });
  lab.revoke(tenant);
  const elsewhere = Site.open(path);
  onTestFinished(() => elsewhere.close());
  await elsewhere.unlock(PASSPHRASE);
  expect(await codeOf(() => tokensOf(elsewhere).token(['Place.Read.All']))).toBe('M365_SIGN_IN_NEEDED');
  await expect.poll(reach, { timeout: 30_000 }).toMatchObject({ who: KARI.username, ended: true });

  const out = await app.call('microsoft.signOut', { all: true });
  expect(out).toMatchObject({ connection: { account: null }, accounts: [] });
  const bytes = bytesBeside(path) + JSON.stringify(app.events) + JSON.stringify(app.replies);
  expect(lab.secrets.size).toBeGreaterThan(5);
  expect([...lab.secrets].filter((secret) => bytes.includes(secret))).toEqual([]);
});

it('takes the proxy of the environment, through which TLS goes untouched', async () => {
  const asked: string[] = [];
  const proxy = await startProxy(asked);
  const { https_proxy: before } = process.env;
  process.env.https_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  onTestFinished(() => {
    if (before === undefined) delete process.env.https_proxy;
    else process.env.https_proxy = before;
    proxy.closeAllConnections();
    proxy.close();
  });
  const site = await tempSite();
  await connect(site, settings());
  await signInPerson(site, {
    way: 'browser',
    features: ['check'],
    openUrl: async (url) => void person.signIn(url, KARI.username),
    prompt: () => undefined,
  });
  await tokensOf(site).token(['Place.Read.All']);
  expect(new Set(asked)).toEqual(new Set([new URL(lab.authority).host]));
  await connect(site, { ca: null });
  const wish = {
    way: 'browser',
    features: ['check'],
    openUrl: async () => undefined,
    prompt: () => undefined,
  } as const;
  expect(await codeOf(() => signInPerson(site, wish))).toBe('M365_UNTRUSTED');
});

/** Only CONNECT, as proxies of a company take https. */
async function startProxy(asked: string[]): Promise<Server> {
  const proxy = createServer((_request, response) => void response.writeHead(405).end());
  proxy.on('connect', (request, socket, head) => {
    asked.push(String(request.url));
    const [host = '', port] = String(request.url).split(':');
    const far = dial(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.destroy());
    socket.on('error', () => far.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}
