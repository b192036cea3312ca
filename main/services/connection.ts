/**
 * The link of a site to Microsoft 365: tenants that are remembered, who is signed in, and the tokens for all else. Tokens and the
 * app's certificate are secrets of the site's vault; here only words about them are handled.
 */
import { z } from 'zod';
import { asOtjError, OtjError } from '../contract/errors.ts';
import {
  type Account,
  type Connection,
  type ConnectionView,
  connectionSchema,
  type Feature,
  featureSchema,
  type SignInPrompt,
  signInWaySchema,
} from '../contract/microsoft/connection.ts';
import { wipeCache } from '../microsoft/identity/cache.ts';
import { type AppCertificate, readAppCertificate } from '../microsoft/identity/certificate.ts';
import { cloudOf } from '../microsoft/identity/clouds.ts';
import { mannerOf, permissionsOf, scopesOf } from '../microsoft/identity/permissions.ts';
import type { SignedIn } from '../microsoft/identity/signIn.ts';
import type { OpenTokens } from '../microsoft/identity/silent.ts';
import type { Tokens } from '../microsoft/tokens.ts';
import type { Site } from '../site/site.ts';
import { assertPlacesOn } from './places/settings.ts';

/** msal takes longer to load than the rest of the program, and most commands do without. */
const msal = () => import('../microsoft/identity/msal.ts');

const KEY = 'microsoft.connection';
const CLAIMS = 'microsoft.claims';
const MOST_CLAIMS = 10_000;
/** Owner of a certificate with its key among the secrets; tenant and app follow. */
const CERTIFICATE = 'microsoft:certificate:';
/** The first is in use; the others are tenants of before, in which somebody was signed in. */
const keptSchema = z.array(connectionSchema);

const NOBODY = { way: 'browser', account: null, username: null, ended: false } as const;

/** What a person sets; what is absent stays, or is as usual. */
export type ConnectionWish = {
  [K in 'cloud' | 'other' | 'ca' | 'tenant' | 'clientId' | 'selectedSites']?: Connection[K] | undefined;
};

function kept(site: Site): Connection[] {
  return keptSchema.safeParse(site.kept(KEY)).data ?? [];
}

/** Throws M365_NOT_SET. */
export function connectionOf(site: Site): Connection {
  const [first] = kept(site);
  if (!first) throw new OtjError('M365_NOT_SET');
  return first;
}

/** null = it is not set. */
export function connectionOrNull(site: Site): Connection | null {
  return kept(site)[0] ?? null;
}

/** Base address of Graph with the version, and the authorities that are trusted besides the system's. Throws M365_NOT_SET. */
export function graphOf(site: Site): { baseUrl: string; ca: string | null } {
  const connection = connectionOf(site);
  return { baseUrl: `${cloudOf(connection).graph}/v1.0`, ca: connection.ca };
}

/**
 * Sets which tenant is reached, and how. A tenant that was set before comes back with its app and its account; one that never led to a
 * sign-in, such as a mistyped one, is forgotten. Throws SETTING_UNFIT.
 */
export async function connect(site: Site, wish: ConnectionWish): Promise<Connection> {
  const all = kept(site);
  const [current] = all;
  const tenant = wish.tenant?.trim().toLowerCase();
  const known = tenant === undefined ? current : all.find((one) => one.tenant === tenant);
  const cloud = wish.cloud ?? known?.cloud ?? (wish.other ? 'other' : (current?.cloud ?? 'worldwide'));
  const base = known ?? current;
  const read = connectionSchema.safeParse({
    cloud,
    other: cloud === 'other' ? (wish.other ?? base?.other ?? null) : null,
    ca: wish.ca === undefined ? (base?.ca ?? null) : wish.ca,
    tenant: tenant ?? current?.tenant,
    clientId: wish.clientId ?? base?.clientId,
    way: known?.way ?? 'browser',
    account: known?.account ?? null,
    username: known?.username ?? null,
    selectedSites: wish.selectedSites ?? known?.selectedSites ?? false,
    tenantId: known?.tenantId ?? null,
    reached: known?.reached ?? false,
    ended: known?.ended ?? false,
  });
  if (!read.success) throw new OtjError('SETTING_UNFIT', z.prettifyError(read.error).replaceAll('\n', ' '));
  const next = read.data;
  cloudOf(next);
  // An account of another app or cloud is none of this one.
  if (known && placeOf(known) !== placeOf(next)) Object.assign(next, NOBODY, { tenantId: null, reached: false });
  await closeTokens(site);
  save(site, [next, ...all.filter((one) => one !== known && placeOf(one) !== placeOf(next) && wasReached(one))]);
  return next;
}

/** Site files of before this was kept tell it by what else a sign-in leaves. */
function wasReached({ reached, account, tenantId }: Connection): boolean {
  return reached || account !== null || tenantId !== null;
}

function placeOf({ cloud, other, tenant, clientId }: Connection): string {
  return JSON.stringify([cloud, other, tenant, clientId]);
}

export async function connectionView(site: Site): Promise<ConnectionView> {
  const [connection = null, ...known] = kept(site);
  const manner = connection ? mannerOf(connection) : {};
  const permissions = Object.fromEntries(
    featureSchema.options.map((feature) => [feature, permissionsOf([feature], manner)]),
  ) as ConnectionView['permissions'];
  return { connection, known, accounts: site.isLocked ? null : await accounts(site), permissions };
}

/** Persons that are signed in, and the app itself where it signs in by its certificate. Throws VAULT_LOCKED. */
export async function accounts(site: Site): Promise<Account[]> {
  const connection = connectionOrNull(site);
  if (!connection) return [];
  const { accountsIn } = await msal();
  const persons = (await accountsIn(site, connection)).map((one) => ({
    ...one,
    current: connection.way !== 'certificate' && one.id === connection.account,
    usable: isOf(connection, one),
  }));
  if (connection.way !== 'certificate' || connection.account === null) return persons;
  const { account: id, username, tenant } = connection;
  return [...persons, { id, username: username ?? '', name: '', tenant, current: true, usable: true }];
}

/** Of a domain the id is known once somebody has signed in there. */
function isOf({ tenant, tenantId }: Connection, account: { tenant: string }): boolean {
  return account.tenant.toLowerCase() === (tenant.includes('.') ? tenantId : tenant);
}

/**
 * Another of the persons that are signed in is used from now on. Throws M365_SIGN_IN_NEEDED when that one is not, and
 * M365_TENANT_WRONG when it is in another tenant only.
 */
export async function useAccount(site: Site, username: string): Promise<void> {
  const connection = connectionOf(site);
  const { accountsIn } = await msal();
  const wanted = username.toLowerCase();
  const named = (await accountsIn(site, connection)).filter((account) => account.username.toLowerCase() === wanted);
  const one = named.find((account) => isOf(connection, account));
  if (!one && named[0])
    throw new OtjError(
      'M365_TENANT_WRONG',
      `signed in: ${named[0].username}, tenant ${named[0].tenant}; wanted: ${connection.tenant}`,
    );
  if (!one) throw new OtjError('M365_SIGN_IN_NEEDED', username);
  await change(site, connection, {
    way: connection.way === 'certificate' ? 'browser' : connection.way,
    account: one.id,
    username: one.username,
    ended: false,
  });
}

export interface PersonWish {
  way: 'browser' | 'device-code';
  features: readonly Feature[];
  signal?: AbortSignal;
  limitMs?: number;
  openUrl(url: string): Promise<void>;
  prompt(prompt: SignInPrompt): void;
}

/** Throws M365_NOT_SET, VAULT_LOCKED, CANCELLED, and every error of a sign-in. */
export async function signInPerson(site: Site, { features, ...wish }: PersonWish): Promise<SignedIn> {
  const connection = connectionOf(site);
  // Asked for its own sake: without the vault there is nowhere to keep what a person is about to go to pains for.
  void site.vault;
  // Its permission is asked for only where it is switched on.
  if (features.includes('places')) assertPlacesOn(site);
  const claims = z.string().safeParse(site.kept(CLAIMS)).data;
  const { signIn } = await msal();
  const result = await signIn({
    ...wish,
    site,
    connection,
    scopes: scopesOf(features, { selectedSites: connection.selectedSites }),
    ...(claims ? { claims } : {}),
  });
  await change(site, connection, {
    way: signInWaySchema.parse(wish.way),
    account: result.account,
    username: result.username,
    tenantId: result.tenant.toLowerCase(),
    reached: true,
    ended: false,
  });
  return result;
}

/**
 * From now on the app signs in as itself. The certificate is tried first, and kept only when the tenant takes it.
 * @param pem certificate and key. Throws M365_CERTIFICATE_UNFIT, M365_CERTIFICATE, and other errors of a sign-in
 */
export async function signInApp(site: Site, pem: string, signal?: AbortSignal): Promise<AppCertificate> {
  const connection: Connection = { ...connectionOf(site), way: 'certificate' };
  void site.vault;
  const certificate = readAppCertificate(pem);
  const { openTokens } = await msal();
  const tokens = openTokens({ site, connection, certificate: () => certificate, challenged: () => undefined });
  try {
    await tokens.token(scopesOf(['check'], mannerOf(connection)), signal ? { signal } : {});
  } finally {
    await tokens.close();
  }
  await change(
    site,
    connectionOf(site),
    { way: 'certificate', account: connection.clientId, username: certificate.subject, reached: true, ended: false },
    () => site.vault.put(ownerOf(connection), certificate.pem + certificate.privateKey),
  );
  return certificate;
}

/**
 * Forgets who uses this tenant now, with all tokens. The last one that goes takes the whole cache along.
 * No byte of them stays in the file. @param all everybody, in all tenants that are remembered; works with a locked site too
 */
export async function signOut(site: Site, { all = false }: { all?: boolean } = {}): Promise<void> {
  await closeTokens(site);
  const connections = kept(site);
  const [current] = connections;
  if (all || !current) {
    save(
      site,
      connections.map((one) => ({ ...one, ...NOBODY })),
      () => wipeCache(site),
    );
    site.db.fold();
    return;
  }
  const { accountsIn, forgetAccount } = await msal();
  if (current.way !== 'certificate' && current.account !== null) await forgetAccount(site, current, current.account);
  if ((await accountsIn(site, current)).length === 0) wipeCache(site);
  await change(site, current, NOBODY);
  site.db.fold();
}

/** @param also is written together with it */
async function change(
  site: Site,
  of: Connection,
  to: Omit<Connection, keyof ConnectionWish | 'tenantId' | 'reached'> & { tenantId?: string; reached?: true },
  also?: () => void,
): Promise<void> {
  await closeTokens(site);
  const place = placeOf(of);
  const all = kept(site).map((one) => (placeOf(one) === place ? { ...one, ...to } : one));
  save(site, all, also);
}

/** A key lies in the file only as long as a tenant is reached by it: nothing else could use it, or would forget it later. */
function save(site: Site, connections: readonly Connection[], also?: () => void): void {
  const used = connections.filter(({ way }) => way === 'certificate').map(ownerOf);
  site.db.transaction(() => {
    also?.();
    site.keep(KEY, connections);
    site.keep(CLAIMS, null);
    site.db.run(
      `DELETE FROM secret WHERE owner LIKE '${CERTIFICATE}%' AND owner NOT IN (SELECT value FROM json_each($used))`,
      { used: JSON.stringify(used) },
    );
  });
}

/** One for each site that is open, so that a token is fetched once and kept in memory; with what it was opened for. */
const opened = new WeakMap<Site, { tokens: Promise<OpenTokens>; of: string }>();

/**
 * Access tokens of whoever is signed in at the moment of each call, for one piece of work. Throws nothing by itself. What the app
 * itself may do stands in its token: each piece of work begins with a new one, so that a grant shows at the next try and not an
 * hour later.
 */
export function tokensOf(site: Site): Tokens {
  let begun = false;
  return {
    async token(scopes, wish) {
      const connection = connectionOf(site);
      if (connection.account === null) throw new OtjError('M365_SIGN_IN_NEEDED');
      const options = { ...wish, fresh: wish?.fresh === true || (connection.way === 'certificate' && !begun) };
      begun = true;
      // Another process may have signed somebody else in or out.
      const { ended: _ended, ...rest } = connection;
      const of = JSON.stringify(rest);
      const known = opened.get(site);
      const tokens = known?.of === of ? known.tokens : openFor(site, connection);
      opened.set(site, { tokens, of });
      if (known && known.of !== of) await (await known.tokens).close();
      try {
        const token = await (await tokens).token(scopes, options);
        noteEnded(site, connection, false);
        return token;
      } catch (thrown) {
        const { code } = asOtjError(thrown);
        if (code === 'M365_SIGN_IN_NEEDED' || code === 'M365_CERTIFICATE') noteEnded(site, connection, true);
        throw thrown;
      }
    },
  };
}

/** So that nobody is told to be signed in who is not any more. */
function noteEnded(site: Site, of: Connection, ended: boolean): void {
  if (of.ended === ended) return;
  const isMeant = (one: Connection) => placeOf(one) === placeOf(of) && one.account === of.account && one.way === of.way;
  site.keep(
    KEY,
    kept(site).map((one) => (isMeant(one) ? { ...one, ended } : one)),
  );
}

async function openFor(site: Site, connection: Connection): Promise<OpenTokens> {
  const { openTokens } = await msal();
  return openTokens({
    site,
    connection,
    certificate: () => certificateOf(site, connection),
    challenged: (claims) => site.keep(CLAIMS, claims.slice(0, MOST_CLAIMS)),
  });
}

async function closeTokens(site: Site): Promise<void> {
  const tokens = opened.get(site)?.tokens;
  opened.delete(site);
  await (await tokens)?.close();
}

function ownerOf({ tenant, clientId }: Connection): string {
  return `${CERTIFICATE}${tenant}:${clientId}`;
}

/** Throws M365_SIGN_IN_NEEDED, and M365_CERTIFICATE when what was good once has expired. */
function certificateOf(site: Site, connection: Connection): AppCertificate {
  const pem = site.vault.get(ownerOf(connection));
  if (pem === null) throw new OtjError('M365_SIGN_IN_NEEDED');
  try {
    return readAppCertificate(pem);
  } catch (thrown) {
    throw new OtjError('M365_CERTIFICATE', asOtjError(thrown).words, { cause: thrown });
  }
}
