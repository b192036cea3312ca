/** Signing in to Microsoft 365 by each way, against a real OpenID provider with the addresses of Entra, over real TLS. */
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { asOtjError } from '../../main/contract/errors.ts';
import type { SignInPrompt } from '../../main/contract/microsoft/connection.ts';
import {
  accounts,
  connect,
  connectionOf,
  connectionView,
  type PersonWish,
  signInApp,
  signInPerson,
  signOut,
  tokensOf,
  useAccount,
} from '../../main/services/connection.ts';
import { Site } from '../../main/site/site.ts';
import { contoso, KARI, OLA } from '../lab/microsoft/contoso.ts';
import { type Identity, startIdentity, type Where } from '../lab/microsoft/identity/identity.ts';
import { BrowserPerson } from '../lab/microsoft/identity/person.ts';
import { PERMISSIONS } from '../lab/microsoft/identity/tenant.ts';
import { expiredPem } from '../support/expiredPem.ts';
import { bytesBeside, PASSPHRASE, tempSite } from '../support/siteFile.ts';

const AUDIENCE = 'https://graph.lab.example';
const CHECK = [
  'User.Read.All',
  'MailboxSettings.Read',
  'GroupMember.Read.All',
  'Place.Read.All',
  'Calendars.Read.Shared',
];
const WHERE: readonly Where[] = ['discovery', 'authorize', 'device', 'code', 'device-poll', 'refresh', 'app'];

const tenant = contoso();
const fabrikam = contoso({ id: '7a1c2f64-52f1-4a3e-9b7c-2d6f3a9e0202', domain: 'fabrikam.example' });
let lab: Identity;
let person: BrowserPerson;
let appPem: string;
/** All that was printed, told or written by anybody here. */
const told: string[] = [];

beforeAll(async () => {
  lab = await startIdentity({ tenants: [tenant, fabrikam], audience: AUDIENCE });
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'OTJ Migrator at Contoso' }], {
    keySize: 2048,
  });
  appPem = `${cert}\n${key}`;
  tenant.registration.certificate = cert;
});
beforeEach(() => {
  person = new BrowserPerson(lab.certificate);
});
afterEach(async () => {
  for (const where of WHERE) lab.trouble(where, null);
  Object.assign(lab.pace, { access: 3600, code: 900, poll: 0.02 });
  tenant.peopleConsent = false;
  for (const one of PERMISSIONS) tenant.consented.add(one);
  await person.close();
  expect(lab.faults).toEqual([]);
});
afterAll(() => lab?.stop());

async function connected(): Promise<Site> {
  const site = await tempSite();
  const other = { authority: lab.authority, graph: AUDIENCE };
  const { clientId } = tenant.registration;
  await connect(site, { cloud: 'other', other, ca: lab.certificate, tenant: tenant.id, clientId });
  return site;
}

/** What a person does meanwhile; what becomes of it shows in the app. */
function meanwhile(work: Promise<unknown>): void {
  work.catch((thrown: unknown) => told.push(String(thrown)));
}

const noPrompt = () => undefined;
const noBrowser = async () => {
  throw new Error('no browser');
};

function byBrowser(site: Site, username = KARI.username, change: Partial<PersonWish> = {}) {
  const openUrl = async (url: string) => meanwhile(person.signIn(url, username));
  return signInPerson(site, { way: 'browser', features: ['check'], openUrl, prompt: noPrompt, ...change });
}

function byCode(site: Site, change: Partial<PersonWish> = {}) {
  const prompt = (shown: SignInPrompt) => {
    told.push(JSON.stringify(shown));
    if (shown.way === 'device-code') meanwhile(person.enterCode(shown.verificationUri, shown.userCode, KARI.username));
  };
  return signInPerson(site, { way: 'device-code', features: ['check'], openUrl: noBrowser, prompt, ...change });
}

async function failure(work: Promise<unknown>) {
  const error = asOtjError(
    await work.then(
      () => new Error('it went well'),
      (thrown: unknown) => thrown,
    ),
  );
  told.push(String(error), JSON.stringify(error.toProblem()), String(error.stack), JSON.stringify(error.cause ?? null));
  return { code: error.code, words: error.words ?? '' };
}

/** As Graph reads it. */
async function claimsOf(token: string) {
  const keys = createLocalJWKSet(lab.jwks as JSONWebKeySet);
  const { payload } = await jwtVerify(token, keys, { issuer: lab.issuerOf(tenant), audience: AUDIENCE });
  return payload;
}

/** The same site file in a program that has just begun. */
async function afresh(site: Site): Promise<Site> {
  const again = Site.open(site.path);
  onTestFinished(() => again.close());
  await again.unlock(PASSPHRASE);
  return again;
}

describe('in the browser', () => {
  it('gives tokens for what was asked, and keeps them for the next program', async () => {
    const site = await connected();
    expect(await byBrowser(site)).toMatchObject({ username: KARI.username, tenant: tenant.id, missing: [] });
    const claims = await claimsOf(await tokensOf(site).token(['Place.Read.All']));
    expect(claims).toMatchObject({ upn: KARI.username, tid: tenant.id, appid: tenant.registration.clientId });
    expect(String(claims.scp).split(' ')).toEqual(expect.arrayContaining(CHECK));
    const again = await afresh(site);
    expect(await claimsOf(await tokensOf(again).token(['Place.Read.All']))).toMatchObject({ oid: KARI.id });
    expect(await accounts(again)).toMatchObject([{ username: KARI.username, name: KARI.name, current: true }]);
  });

  it('refreshes in a program that has just begun, from the sealed cache, without a person', async () => {
    lab.pace.access = 60;
    const site = await connected();
    await byBrowser(site);
    const again = await afresh(site);
    const before = lab.asked.filter((what) => what.endsWith('refresh_token')).length;
    const first = await tokensOf(again).token(['Place.Read.All']);
    const second = await tokensOf(again).token(['Place.Read.All']);
    expect(first).not.toBe(second);
    expect(lab.asked.filter((what) => what.endsWith('refresh_token')).length).toBe(before + 2);
  });

  it('uses PKCE, a form for the answer and an address of this computer', async () => {
    const site = await connected();
    let seen = '';
    const openUrl = async (url: string) => {
      seen = url;
      meanwhile(person.signIn(url, KARI.username));
    };
    await byBrowser(site, KARI.username, { openUrl });
    const { searchParams, host, protocol } = new URL(seen);
    expect([protocol, host]).toEqual(['https:', new URL(lab.authority).host]);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      response_mode: 'form_post',
      response_type: 'code',
      prompt: 'select_account',
    });
    expect(searchParams.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+$/);
    expect(searchParams.get('scope')?.split(' ').sort()).toEqual(
      [...CHECK, 'offline_access', 'openid', 'profile'].sort(),
    );
  });

  it('ends at once when it is stopped, and another try can follow', async () => {
    const site = await connected();
    const stop = new AbortController();
    const prompt = () => stop.abort();
    const openUrl = async () => undefined;
    expect(await failure(byBrowser(site, KARI.username, { signal: stop.signal, prompt, openUrl }))).toEqual({
      code: 'CANCELLED',
      words: '',
    });
    await byBrowser(site);
  });

  it('ends when its time is up, and says where to go when no browser opens', async () => {
    const site = await connected();
    const prompts: SignInPrompt[] = [];
    const prompt = (shown: SignInPrompt) => void prompts.push(shown);
    const late = byBrowser(site, KARI.username, { limitMs: 400, prompt, openUrl: noBrowser });
    expect(await failure(late)).toMatchObject({ code: 'M365_CODE_EXPIRED' });
    expect(prompts).toMatchObject([{ way: 'browser', opened: false }]);
    expect(await accounts(site)).toEqual([]);
  });

  it('remembers several people, and uses the one that is chosen', async () => {
    const site = await connected();
    await byBrowser(site);
    await byBrowser(site, OLA.username);
    expect(await claimsOf(await tokensOf(site).token(['Place.Read.All']))).toMatchObject({ upn: OLA.username });
    await useAccount(site, KARI.username);
    expect(await claimsOf(await tokensOf(site).token(['Place.Read.All']))).toMatchObject({ upn: KARI.username });
    await signOut(site);
    expect(await accounts(site)).toMatchObject([{ username: OLA.username, current: false }]);
    expect(await failure(tokensOf(site).token(['Place.Read.All']))).toMatchObject({ code: 'M365_SIGN_IN_NEEDED' });
  });
});

describe('several tenants', () => {
  it('each uses its own people only, also by the same name', async () => {
    const site = await connected();
    await byBrowser(site);
    await connect(site, { tenant: fabrikam.domain });
    expect(await accounts(site)).toMatchObject([{ username: KARI.username, usable: false }]);
    const { code, words } = await failure(useAccount(site, KARI.username));
    expect(code).toBe('M365_TENANT_WRONG');
    expect(words).toContain(`tenant ${tenant.id}; wanted: ${fabrikam.domain}`);
    expect((await failure(useAccount(site, 'nobody@contoso.example'))).code).toBe('M365_SIGN_IN_NEEDED');
    expect(connectionOf(site)).toMatchObject({ tenant: fabrikam.domain, account: null });

    await byBrowser(site, OLA.username);
    expect((await accounts(site)).map(({ username, usable }) => [username, usable]).toSorted()).toEqual([
      [KARI.username, false],
      [OLA.username, true],
    ]);
    await signOut(site);
    await byBrowser(site);
    await connect(site, { tenant: tenant.id });
    await useAccount(site, KARI.username);
    expect(await claimsOf(await tokensOf(site).token(['Place.Read.All']))).toMatchObject({ tid: tenant.id });
  });
});

describe('with a device code', () => {
  it('shows the code, and takes the sign-in that is made elsewhere', async () => {
    const site = await connected();
    expect(await byCode(site)).toMatchObject({ username: KARI.username });
    expect(await claimsOf(await tokensOf(site).token(CHECK))).toMatchObject({ upn: KARI.username });
  });

  it('ends at once when it is stopped, and asks no more', async () => {
    const site = await connected();
    const stop = new AbortController();
    const prompt = () => stop.abort();
    expect((await failure(byCode(site, { signal: stop.signal, prompt }))).code).toBe('CANCELLED');
    expect(await accounts(site)).toEqual([]);
  });

  it('ends with the code', async () => {
    const site = await connected();
    lab.pace.code = 1;
    expect((await failure(byCode(site, { prompt: noPrompt }))).code).toBe('M365_CODE_EXPIRED');
  });

  it('says that the tenant has blocked it, and that the browser is the way', async () => {
    const site = await connected();
    lab.trouble('device', { refuse: 'conditional-access' });
    const { code, words } = await failure(byCode(site));
    expect(code).toBe('M365_DEVICE_CODE_BLOCKED');
    expect(words).toContain('AADSTS53003');
    lab.trouble('device', null);
    lab.trouble('device-poll', { refuse: 'conditional-access' });
    expect((await failure(byCode(site))).code).toBe('M365_DEVICE_CODE_BLOCKED');
  });
});

describe('as the app itself', () => {
  it('signs in by the certificate, and keeps its key sealed', async () => {
    const site = await connected();
    await signInApp(site, appPem);
    expect(connectionOf(site)).toMatchObject({ way: 'certificate' });
    const again = await afresh(site);
    const claims = await claimsOf(await tokensOf(again).token(['Place.Read.All']));
    expect(claims).toMatchObject({ idtyp: 'app', roles: [...PERMISSIONS] });
    expect(claims.scp).toBeUndefined();
    expect(bytesBeside(site.path)).not.toContain('PRIVATE KEY');
    await signOut(again);
    expect(await failure(tokensOf(site).token(['Place.Read.All']))).toMatchObject({ code: 'M365_SIGN_IN_NEEDED' });
  });

  it('forgets its key with the sign-out, with another app and with another way', async () => {
    const keys = (site: Site) =>
      site.db.all("SELECT owner FROM secret WHERE owner LIKE 'microsoft:certificate:%'").length;
    const other = '00000000-1111-4222-8333-444444444444';
    const replaced = await connected();
    await signInApp(replaced, appPem);
    await connect(replaced, { tenant: 'fabrikam.example' });
    expect(keys(replaced)).toBe(1);
    await connect(replaced, { tenant: tenant.id, clientId: other });
    expect(keys(replaced)).toBe(0);

    const all = await connected();
    await signInApp(all, appPem);
    await connect(all, { tenant: 'fabrikam.example' });
    await signOut(all, { all: true });
    expect(keys(all)).toBe(0);

    const person = await connected();
    await signInApp(person, appPem);
    await byBrowser(person);
    await signOut(person);
    expect(person.db.all('SELECT owner FROM secret').map(({ owner }) => owner)).toEqual(['vault:check']);
  });

  it('says that its certificate has expired, and lets a person sign in', async () => {
    const site = await connected();
    await signInApp(site, appPem);
    const owner = `microsoft:certificate:${tenant.id}:${tenant.registration.clientId}`;
    site.vault.put(owner, await expiredPem());
    const { code, words } = await failure(tokensOf(site).token(['Place.Read.All']));
    expect(code).toBe('M365_CERTIFICATE');
    expect(words).toContain('was valid until');
    const { connection, accounts: all } = await connectionView(site);
    expect(all).toMatchObject([{ username: connection?.username, current: true }]);
    await byBrowser(site);
    expect(await claimsOf(await tokensOf(site).token(['Place.Read.All']))).toMatchObject({ upn: KARI.username });
  });

  it('refuses a certificate that the tenant does not have, and files that hold none', async () => {
    const site = await connected();
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'other' }], { keySize: 2048 });
    expect((await failure(signInApp(site, cert + key))).code).toBe('M365_CERTIFICATE');
    expect((await failure(signInApp(site, appPem.replace(/-----BEGIN CERT[\s\S]*?END CERT[^\n]*/, cert)))).code).toBe(
      'M365_CERTIFICATE_UNFIT',
    );
    expect((await failure(signInApp(site, 'nothing'))).code).toBe('M365_CERTIFICATE_UNFIT');
    expect(connectionOf(site)).toMatchObject({ way: 'browser', account: null });
  });
});

describe('what goes wrong', () => {
  const refusals = [
    ['authorize', 'admin-consent', 'M365_CONSENT_NEEDED'],
    ['authorize', 'user-declined', 'M365_DECLINED'],
    ['authorize', 'conditional-access', 'M365_POLICY'],
    ['authorize', 'mfa-timeout', 'M365_MFA'],
    ['authorize', 'wrong-tenant', 'M365_TENANT_WRONG'],
    ['authorize', 'account-disabled', 'M365_ACCOUNT'],
    ['code', 'consent-missing', 'M365_CONSENT_NEEDED'],
    ['code', 'conditional-access', 'M365_POLICY'],
    ['code', 'public-client-off', 'M365_APP_UNKNOWN'],
  ] as const;

  it.each(refusals)('%s answers %s: %s, in words for an administrator', async (where, refuse, expected) => {
    const site = await connected();
    lab.trouble(where, { refuse });
    const { code, words } = await failure(byBrowser(site));
    expect(code).toBe(expected);
    expect(words).toMatch(/^AADSTS\d+: /);
    expect(words).toContain(`tenant ${tenant.id}`);
    expect(words).toContain(`permissions asked for: ${CHECK.join(', ')}`);
    expect(words).toContain('orrelation id ');
    expect(await accounts(site)).toEqual([]);
  });

  it('a person says no on the page', async () => {
    const site = await connected();
    const openUrl = async (url: string) => meanwhile(person.decline(url));
    expect((await failure(byBrowser(site, KARI.username, { openUrl }))).code).toBe('M365_DECLINED');
  });

  it('consent is asked for feature by feature: a second one needs its own', async () => {
    const site = await connected();
    tenant.consented.delete('Sites.ReadWrite.All');
    await byBrowser(site);
    const { code, words } = await failure(tokensOf(site).token(['Sites.ReadWrite.All']));
    expect(code).toBe('M365_CONSENT_NEEDED');
    expect(words).toContain('Sites.ReadWrite.All');
    expect((await failure(byBrowser(site, KARI.username, { features: ['results'] }))).code).toBe('M365_CONSENT_NEEDED');
    tenant.peopleConsent = true;
    await byBrowser(site, KARI.username, { features: ['results'] });
    expect(await claimsOf(await tokensOf(site).token(['Sites.ReadWrite.All']))).toMatchObject({ oid: KARI.id });
  });

  it('where single sites are opened to the app, it asks for that and is content with it', async () => {
    const site = await connected();
    tenant.consented.delete('Sites.ReadWrite.All');
    await connect(site, { selectedSites: true });
    expect(await byBrowser(site, KARI.username, { features: ['results'] })).toMatchObject({ missing: [] });
    const { scp } = await claimsOf(await tokensOf(site).token(['Sites.ReadWrite.All']));
    expect(String(scp).split(' ')).toContain('Sites.Selected');
    expect(String(scp).split(' ')).not.toContain('Sites.ReadWrite.All');
    await connect(site, { selectedSites: false });
    expect((await failure(tokensOf(site).token(['Sites.ReadWrite.All']))).code).toBe('M365_CONSENT_NEEDED');
  });

  it('a sign-in that has ended asks for a new one, and takes the challenge along', async () => {
    lab.pace.access = 60;
    const site = await connected();
    await byBrowser(site);
    lab.trouble('refresh', { refuse: 'refresh-expired' });
    expect((await failure(tokensOf(site).token(['Place.Read.All']))).code).toBe('M365_SIGN_IN_NEEDED');
    lab.trouble('refresh', { refuse: 'mfa-needed' });
    expect((await failure(tokensOf(site).token(['Place.Read.All']))).code).toBe('M365_MFA');
    lab.trouble('refresh', null);
    let seen = '';
    const openUrl = async (url: string) => {
      seen = url;
      meanwhile(person.signIn(url, KARI.username));
    };
    await byBrowser(site, KARI.username, { openUrl });
    expect(new URL(seen).searchParams.get('claims')).toContain('capolids');
    await tokensOf(site).token(['Place.Read.All']);
  });

  it('a token that is no longer taken is not given again', async () => {
    const site = await connected();
    for (const signIn of [() => byBrowser(site), () => signInApp(site, appPem)]) {
      await signIn();
      const tokens = tokensOf(site);
      const first = await tokens.token(['Place.Read.All']);
      expect(await tokens.token(['Place.Read.All'])).toBe(first);
      const second = await tokens.token(['Place.Read.All'], { fresh: true });
      expect(second).not.toBe(first);
      expect(await tokens.token(['Place.Read.All'])).toBe(second);
    }
  });

  it('what the app itself was granted shows with the next piece of work', async () => {
    const site = await connected();
    tenant.roles.delete('Place.Read.All');
    onTestFinished(() => void tenant.roles.add('Place.Read.All'));
    await signInApp(site, appPem);
    const roles = async () => (await claimsOf(await tokensOf(site).token(['Place.Read.All']))).roles;
    expect(await roles()).not.toContain('Place.Read.All');
    tenant.roles.add('Place.Read.All');
    expect(await roles()).toContain('Place.Read.All');
  });

  it('passes on what a challenge of Graph asks for, past the cache', async () => {
    const site = await connected();
    await byBrowser(site);
    const first = await tokensOf(site).token(['Place.Read.All']);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';
    expect(await tokensOf(site).token(['Place.Read.All'], { claims })).not.toBe(first);
  });

  it('an administrator revokes the sign-ins', async () => {
    lab.pace.access = 60;
    const site = await connected();
    await byBrowser(site);
    lab.revoke(tenant);
    expect((await failure(tokensOf(site).token(['Place.Read.All']))).code).toBe('M365_SIGN_IN_NEEDED');
    expect(connectionOf(site)).toMatchObject({ username: KARI.username, ended: true });
    await byBrowser(site);
    expect(connectionOf(site)).toMatchObject({ username: KARI.username, ended: false });
  });

  it.each(['nowhere.example', '00000000-1111-4222-8333-444444444444'])('the tenant is mistyped: %s', async (wrong) => {
    const site = await connected();
    await connect(site, { tenant: wrong });
    const { code, words } = await failure(byBrowser(site));
    expect(code).toBe('M365_TENANT_UNKNOWN');
    expect(words).toContain(wrong);
  });

  it('the client id is not that of the app', async () => {
    const site = await connected();
    await connect(site, { clientId: '00000000-1111-4222-8333-444444444444' });
    expect((await failure(byCode(site))).code).toBe('M365_APP_UNKNOWN');
  });

  it('the authority of the certificate is not trusted, and nothing is sent', async () => {
    const site = await connected();
    await connect(site, { ca: null });
    const before = lab.asked.length;
    expect((await failure(byBrowser(site))).code).toBe('M365_UNTRUSTED');
    expect(lab.asked.length).toBe(before);
  });

  it('the service is not there, has a fault, or is a hotspot', async () => {
    lab.pace.access = 60;
    const site = await connected();
    await byBrowser(site);
    lab.trouble('refresh', { status: 500 });
    expect(await failure(tokensOf(site).token(['Place.Read.All']))).toMatchObject({ code: 'M365_UNREACHABLE' });
    lab.trouble('refresh', { html: '<h1>Welcome to the hotel</h1>' });
    expect((await failure(tokensOf(site).token(['Place.Read.All']))).code).toBe('M365_UNREACHABLE');
    lab.trouble('refresh', null);
    await tokensOf(site).token(['Place.Read.All']);
    await lab.host.stop();
    try {
      const again = await afresh(site);
      expect((await failure(tokensOf(again).token(['Place.Read.All']))).code).toBe('M365_UNREACHABLE');
      expect((await failure(byCode(site))).code).toBe('M365_UNREACHABLE');
    } finally {
      await lab.host.start();
    }
  });

  it('what the service says is one line, not too long, and holds nothing that it was sent', async () => {
    lab.pace.access = 60;
    const site = await connected();
    await byBrowser(site);
    lab.trouble('refresh', { echo: `AADSTS53003: no\r\n\u202e\u001b[31m<b>` });
    const { code, words } = await failure(tokensOf(site).token(['Place.Read.All']));
    expect(code).toBe('M365_POLICY');
    expect(words).toMatch(/^AADSTS53003: no \[31m<b> /);
    expect(words).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(words.length).toBeLessThan(900);
    expect([...lab.secrets].filter((secret) => words.includes(secret))).toEqual([]);
    expect(words).toContain('refresh_token=…');
  });

  it('waits for an answer no longer than a person does', async () => {
    lab.pace.access = 60;
    const site = await connected();
    await byBrowser(site);
    lab.trouble('refresh', { slowMs: 3_000 });
    const stop = new AbortController();
    const work = failure(tokensOf(site).token(['Place.Read.All'], { signal: stop.signal }));
    stop.abort();
    expect((await work).code).toBe('CANCELLED');
  });

  it('an identity service of another name is not believed', async () => {
    const site = await connected();
    const other = await startIdentity({ tenants: [tenant], audience: AUDIENCE });
    onTestFinished(() => other.stop());
    const evil = JSON.stringify({
      issuer: 'https://evil.example/v2.0',
      authorization_endpoint: `https://localhost:${other.host.port}/${tenant.id}/oauth2/v2.0/authorize`,
      token_endpoint: `https://localhost:${other.host.port}/${tenant.id}/oauth2/v2.0/token`,
      jwks_uri: `https://localhost:${other.host.port}/${tenant.id}/keys`,
    });
    lab.trouble('discovery', { html: evil });
    expect((await failure(byBrowser(site))).code).toBe('M365_ISSUER');
    expect((await failure(byCode(site))).code).toBe('M365_ISSUER');
    expect(other.asked).toEqual([]);
  });
});

describe('what is kept', () => {
  it('is gone with the sign-out, also for a program that was about to refresh', async () => {
    lab.pace.access = 60;
    const site = await connected();
    await byBrowser(site);
    const elsewhere = await afresh(site);
    await tokensOf(elsewhere).token(['Place.Read.All']);
    lab.trouble('refresh', { slowMs: 300 });
    const late = tokensOf(elsewhere).token(['Place.Read.All']);
    await signOut(site);
    await late.catch(() => undefined);
    expect(site.db.all('SELECT owner FROM secret').map(({ owner }) => owner)).toEqual(['vault:check']);
    expect(await accounts(elsewhere)).toEqual([]);
    expect((await failure(tokensOf(elsewhere).token(['Place.Read.All']))).code).toBe('M365_SIGN_IN_NEEDED');
  });

  it('is overwritten in the file with the sign-out', async () => {
    const site = await connected();
    await byBrowser(site);
    await byBrowser(site, OLA.username);
    const sealed = () =>
      site.db.all("SELECT sealed FROM secret WHERE owner LIKE 'microsoft:%'").map((row) =>
        Buffer.from(row.sealed as Uint8Array)
          .toString('latin1')
          .slice(40, 100),
      );
    const person = sealed();
    await signOut(site);
    await signInApp(site, appPem);
    const before = [...person, ...sealed()];
    expect(before).toHaveLength(3);
    expect(before.filter((bytes) => bytesBeside(site.path).includes(bytes))).not.toEqual([]);
    await signOut(site, { all: true });
    expect(before.filter((bytes) => bytesBeside(site.path).includes(bytes))).toEqual([]);
  });

  it('is no cache where it does not open', async () => {
    const site = await connected();
    await byBrowser(site);
    site.db.run("UPDATE secret SET sealed = $sealed WHERE owner = 'microsoft:tokens'", { sealed: Buffer.alloc(80, 7) });
    const again = await afresh(site);
    expect((await failure(tokensOf(again).token(['Place.Read.All']))).code).toBe('M365_SIGN_IN_NEEDED');
    await byBrowser(again);
    await tokensOf(again).token(['Place.Read.All']);
  });

  it('cannot be read or made without the vault', async () => {
    const site = await connected();
    await byBrowser(site);
    const locked = Site.open(site.path);
    onTestFinished(() => locked.close());
    expect((await failure(tokensOf(locked).token(['Place.Read.All']))).code).toBe('VAULT_LOCKED');
    expect((await failure(byBrowser(locked))).code).toBe('VAULT_LOCKED');
    await signOut(locked, { all: true });
    expect(await accounts(site)).toEqual([]);
  });

  it('shows no secret anywhere: in no byte of the site, no error, no file of this test', async () => {
    const site = await connected();
    await byBrowser(site);
    await byCode(site);
    await signInApp(site, appPem);
    const bytes = bytesBeside(site.path) + filesOf(tmpdir()) + told.join('\n');
    expect(lab.secrets.size).toBeGreaterThan(10);
    const found = [...lab.secrets].filter(
      (secret) => bytes.includes(secret) || bytes.includes(encodeURIComponent(secret)),
    );
    expect(found).toEqual([]);
  });
});

/** Text of all small files of a folder that this test may have made. */
function filesOf(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      try {
        return readFileSync(join(entry.parentPath, entry.name)).toString('latin1');
      } catch {
        return '';
      }
    })
    .join('\n');
}
