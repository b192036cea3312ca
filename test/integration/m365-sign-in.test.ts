/** Signing in to Microsoft 365 by each way, against a real OpenID provider with the addresses of Entra, over real TLS. */
import { tmpdir } from 'node:os';
import { generate } from 'selfsigned';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SignInPrompt } from '../../main/contract/microsoft/connection.ts';
import {
  accounts,
  connect,
  connectionOf,
  connectionView,
  signInApp,
  signOut,
  tokensOf,
  useAccount,
} from '../../main/services/connection.ts';
import { Site } from '../../main/site/site.ts';
import { KARI, OLA } from '../lab/microsoft/contoso.ts';
import { PERMISSIONS } from '../lab/microsoft/identity/tenant.ts';
import { expiredPem } from '../support/expiredPem.ts';
import {
  afresh,
  appPem,
  byBrowser,
  byCode,
  CHECK,
  claimsOf,
  connected,
  fabrikam,
  failure,
  filesOf,
  lab,
  meanwhile,
  noBrowser,
  noPrompt,
  person,
  secretsIn,
  tenant,
  told,
} from '../support/signInDesk.ts';
import { bytesBeside } from '../support/siteFile.ts';

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
    // The tenant itself is remembered, because the app was signed in there; the other one is not.
    await connect(all, { tenant: 'litware.example' });
    expect((await connectionView(all)).known.map((one) => one.tenant)).toEqual([tenant.id]);

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
    expect(secretsIn(bytes)).toEqual([]);
  });
});
