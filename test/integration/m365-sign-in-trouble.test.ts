/** Signing in to Microsoft 365 when it does not go well: each refusal in words for the one who can help, and no secret in any. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { accounts, connect, connectionOf, signInApp, tokensOf } from '../../main/services/connection.ts';
import { KARI } from '../lab/microsoft/contoso.ts';
import { startIdentity } from '../lab/microsoft/identity/identity.ts';
import {
  AUDIENCE,
  afresh,
  appPem,
  byBrowser,
  byCode,
  CHECK,
  claimsOf,
  connected,
  failure,
  lab,
  meanwhile,
  person,
  secretsIn,
  tenant,
  told,
} from '../support/signInDesk.ts';

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

it('shows no secret in any of these words', () => {
  expect(told.length).toBeGreaterThan(20);
  expect(secretsIn(told.join('\n'))).toEqual([]);
});
