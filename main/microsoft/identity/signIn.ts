/** A person signs in: in the browser of this computer, or with a code in any other. The tokens end in the sealed cache. */
import { AuthError, type AuthenticationResult, CryptoProvider, type DeviceCodeRequest } from '@azure/msal-node';
import { request as httpRequest } from 'undici';
import { OtjError } from '../../contract/errors.ts';
import type { Connection, SignInPrompt } from '../../contract/microsoft/connection.ts';
import type { Site } from '../../site/site.ts';
import { openWay } from '../trust.ts';
import { openStore } from './cache.ts';
import { publicClient, unlessAborted } from './client.ts';
import { type Cloud, cloudOf } from './clouds.ts';
import { ANSWER_MS, type Network, openNetwork } from './network.ts';
import { type Asked, signInError } from './trouble.ts';

/** How long a person may take, milliseconds. Entra's own device code lives for 15 minutes. */
const LIMITS_MS = { browser: 5 * 60_000, 'device-code': 15 * 60_000 } as const;

export interface SignInWish {
  site: Site;
  connection: Connection;
  way: 'browser' | 'device-code';
  scopes: readonly string[];
  /** Of a claims challenge that only a person can meet. */
  claims?: string;
  signal?: AbortSignal;
  /** Longest wait for the person, milliseconds. */
  limitMs?: number;
  /** Opens an address in the browser of this computer; may throw, then the person is told the address. */
  openUrl(url: string): Promise<void>;
  prompt(prompt: SignInPrompt): void;
}

export interface SignedIn {
  /** msal's `homeAccountId`. */
  account: string;
  username: string;
  /** Id of the tenant. */
  tenant: string;
  /** Permissions that were asked for and not granted. */
  missing: string[];
}

/** Throws OtjError: CANCELLED, M365_CODE_EXPIRED when the time was up, and what trouble.ts maps to. */
export async function signIn(wish: SignInWish): Promise<SignedIn> {
  const { site, connection, way, scopes, limitMs = LIMITS_MS[way] } = wish;
  const asked: Asked = { way, tenant: connection.tenant, scopes };
  const cloud = cloudOf(connection);
  const net = openWay(connection.ca, ANSWER_MS);
  const end = new AbortController();
  const onStop = () => end.abort(new OtjError('CANCELLED'));
  wish.signal?.addEventListener('abort', onStop, { once: true });
  if (wish.signal?.aborted) onStop();
  const until = new Date(Date.now() + limitMs);
  const timer = setTimeout(() => end.abort(new OtjError('M365_CODE_EXPIRED')), limitMs);
  const network = openNetwork({ way: net, hosts: cloud.authorityHosts, signal: end.signal });
  const store = openStore(site, { mayBegin: true });
  const client = publicClient({ connection, cloud, network }, store);
  try {
    end.signal.throwIfAborted();
    const ask = way === 'browser' ? byBrowser : byDeviceCode;
    const around = { until, signal: end.signal, hosts: cloud.authorityHosts };
    const result = await network.explained(
      async () => {
        await assertThere(network, cloud);
        return ask(client, wish, around);
      },
      (thrown, trouble) => signInError(thrown, trouble, asked),
    );
    if (!result?.account) throw new OtjError('M365_SIGN_IN_REFUSED', 'the answer names nobody');
    const { homeAccountId, username, tenantId } = result.account;
    // The authority is the tenant's own and takes no others; this is for a service that is not so strict.
    if (isId(connection.tenant) && tenantId.toLowerCase() !== connection.tenant) {
      await client.signOut({ account: result.account });
      throw new OtjError(
        'M365_TENANT_WRONG',
        `signed in: ${username}, tenant ${tenantId}; wanted: ${connection.tenant}`,
      );
    }
    return { account: homeAccountId, username, tenant: tenantId, missing: notGranted(scopes, result.scopes) };
  } catch (thrown) {
    // Whatever broke off then, broke off for that.
    throw end.signal.aborted ? end.signal.reason : thrown;
  } finally {
    clearTimeout(timer);
    wish.signal?.removeEventListener('abort', onStop);
    // What still runs after a cancel finds no network, and nowhere to write.
    store.close();
    end.abort(new OtjError('CANCELLED'));
    await net.close();
  }
}

/**
 * A tenant that is mistyped, and a network that is missing, are told before a browser opens: msal knows the addresses of
 * Microsoft's clouds by heart and does not look, and of a tenant that is not there a browser never comes back.
 */
async function assertThere(network: Network, { authority }: Cloud): Promise<void> {
  const { status } = await network.sendGetRequestAsync(`${authority}/v2.0/.well-known/openid-configuration`);
  if (status !== 200) throw new AuthError('openid_config_error', '', `HTTP ${status}`);
}

type Client = ReturnType<typeof publicClient>;
interface Around {
  until: Date;
  signal: AbortSignal;
  hosts: ReadonlySet<string>;
}

async function byBrowser(client: Client, wish: SignInWish, around: Around): Promise<AuthenticationResult> {
  const { scopes, claims, openUrl, prompt } = wish;
  const { signal, until, hosts } = around;
  let waits: URL | null = null;
  const work = client.acquireTokenInteractive({
    scopes: [...scopes],
    prompt: 'select_account',
    ...(claims ? { claims } : {}),
    successTemplate: page('You are signed in. Close this window and go back to OTJ Migrator.'),
    errorTemplate: page('The sign-in did not succeed. Close this window; OTJ Migrator says why.'),
    async openBrowser(text) {
      const url = URL.parse(text);
      if (url?.protocol !== 'https:' || !hosts.has(url.host))
        throw new OtjError('M365_ISSUER', `the sign-in page is at ${url?.host ?? 'no address'}, not ${[...hosts][0]}`);
      waits = url;
      signal.throwIfAborted();
      const opened = await openUrl(text).then(
        () => true,
        () => false,
      );
      prompt({ way: 'browser', url: text, opened, until: until.toISOString() });
    },
  });
  try {
    return await unlessAborted(work, signal);
  } finally {
    if (signal.aborted && waits) await endWaiting(waits);
  }
}

/** msal waits for the browser without end and takes no cancel; so it is answered as the browser would when a person says no. */
async function endWaiting({ searchParams }: URL): Promise<void> {
  const port = URL.parse(searchParams.get('redirect_uri') ?? '')?.port;
  if (!port) return;
  await httpRequest(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ error: 'access_denied', state: searchParams.get('state') ?? '' }).toString(),
    reset: true,
  }).then(
    ({ body }) => body.dump(),
    () => undefined,
  );
}

async function byDeviceCode(client: Client, wish: SignInWish, around: Around): Promise<AuthenticationResult | null> {
  const { scopes, claims, prompt } = wish;
  let bad: () => void = () => {};
  const refused = new Promise<never>((_resolve, reject) => {
    // Nothing that the service says is shown without a look; the reason itself is what the network saw.
    bad = () => {
      request.cancel = true;
      reject(new AuthError('no_device_code', 'the answer holds no code that could be shown', ''));
    };
  });
  const request: DeviceCodeRequest = {
    scopes: [...scopes],
    ...(claims ? { claims } : {}),
    correlationId: new CryptoProvider().createNewGuid(),
    deviceCodeCallback({ userCode, verificationUri, expiresIn }) {
      const page = URL.parse(verificationUri ?? '');
      if (!userCode || !/^[\w-]{4,32}$/.test(userCode) || page?.protocol !== 'https:') return bad();
      const expires = new Date(Math.min(around.until.getTime(), Date.now() + expiresIn * 1000));
      prompt({ way: 'device-code', userCode, verificationUri: page.href, until: expires.toISOString() });
    },
  };
  const work = client.acquireTokenByDeviceCode(request);
  refused.catch(() => undefined);
  try {
    return await unlessAborted(Promise.race([work, refused]), around.signal);
  } finally {
    request.cancel = true;
  }
}

function isId(tenant: string): boolean {
  return !tenant.includes('.');
}

/** Services name a permission short, or with the address of what it is for. */
export function notGranted(asked: readonly string[], granted: readonly string[]): string[] {
  const names = new Set(granted.map((scope) => scope.slice(scope.lastIndexOf('/') + 1).toLowerCase()));
  return asked.filter((scope) => !names.has(scope.toLowerCase()));
}

function page(text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>OTJ Migrator</title><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><p style="font:16px system-ui;margin:3rem">${text}</p></html>`;
}
