/**
 * Microsoft's identity side on this computer: real TLS, one OpenID provider for each tenant, the addresses and answers of Entra, and
 * refusals that can be switched on. Written from Microsoft's pages on its v2.0 endpoints and on error codes.
 */
import { createPublicKey, generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { type HttpsHost, pause, readBody, startHttpsHost } from '../../https-host.ts';
import { messagePage, postPage, signInPage } from './pages.ts';
import { finish, makeProvider, notConsented } from './provider.ts';
import { REFUSALS, type RefusalName, refusalBody } from './refusals.ts';
import { OF_OIDC, PERMISSIONS, shortNames, type Tenant } from './tenant.ts';

/** What the app asks the service for. `app`: a token for itself. */
export type Where = 'discovery' | 'authorize' | 'device' | 'code' | 'device-poll' | 'refresh' | 'app';
export type Trouble =
  | { refuse: RefusalName }
  | { status: number }
  | { slowMs: number }
  | { html: string }
  | { echo: string };

export interface IdentityOptions {
  tenants: readonly Tenant[];
  address?: string;
  port?: number;
  /** Whom the access tokens are for. */
  audience: string;
}

export interface Identity {
  readonly host: HttpsHost;
  /** `https://localhost:port`, or with the address that was asked for: the authority without a tenant. */
  readonly authority: string;
  /** The authority to trust, PEM. */
  readonly certificate: string;
  readonly audience: string;
  /** Public keys of the access tokens. */
  readonly jwks: { keys: JsonWebKey[] };
  issuerOf(tenant: Tenant): string;
  /** Everything secret that went out or came in since the start: tokens, codes, assertions. */
  readonly secrets: ReadonlySet<string>;
  /** `METHOD /path grant`, the newest last. */
  readonly asked: string[];
  /** Of the lab itself; there should be none. */
  readonly faults: readonly Error[];
  /** Until it is taken back with null. */
  trouble(where: Where, what: Trouble | null): void;
  /** Lifetimes of what is issued from now on, and how often a client is to poll; seconds. */
  readonly pace: { access: number; code: number; poll: number };
  /** Makes all sign-ins of a tenant worthless, as an administrator does by "revoke sessions". */
  revoke(tenant: Tenant): void;
  stop(): Promise<void>;
}

export async function startIdentity(options: IdentityOptions): Promise<Identity> {
  const { tenants, audience, address = '127.0.0.1', port = 0 } = options;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
  const { kty, n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
  const troubles = new Map<Where, Trouble>();
  const secrets = new Set<string>();
  const pace = { access: 3600, code: 900, poll: 5 };
  const asked: string[] = [];
  const faults: Error[] = [];
  const providers = new Map<Tenant, Provider>();

  const issued = (...all: unknown[]) => {
    for (const one of all) if (typeof one === 'string' && one.length > 8) secrets.add(one);
  };
  const issuerOf = ({ id }: Tenant) => `${authority()}/${id}/v2.0`;
  // On macOS and Windows names of this computer lead to one address only.
  const name = address === '127.0.0.1' ? 'localhost' : address;
  const authority = () => `https://${name}:${host.port}`;

  function providerOf(tenant: Tenant): Provider {
    const known = providers.get(tenant);
    if (known) return known;
    const made = makeProvider({
      tenant,
      issuer: issuerOf(tenant),
      audience,
      accessSeconds: () => pace.access,
      codeSeconds: () => pace.code,
      pollSeconds: () => pace.poll,
      issued,
      fault: (error) => void faults.push(error),
      jwks: { keys: [key] },
    });
    providers.set(tenant, made);
    return made;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', authority());
    const [, name = '', ...rest] = url.pathname.split('/');
    const path = `/${rest.join('/')}`;
    const sent =
      request.method === 'POST' ? new URLSearchParams(await readBody(request, 60_000)) : new URLSearchParams();
    issued(sent.get('client_assertion'), sent.get('code_verifier'));
    const where = whereOf(path, sent);
    asked.push([request.method, path, sent.get('grant_type')].filter(Boolean).join(' '));
    const tenant = tenants.find(({ id, domain }) => id === name.toLowerCase() || domain === name.toLowerCase());
    if (!tenant) return refuse(response, 'tenant-unknown');
    const trouble = where && troubles.get(where);
    if (trouble && 'slowMs' in trouble) await pause(trouble.slowMs);
    if (trouble && 'status' in trouble) return void response.writeHead(trouble.status).end();
    if (trouble && 'html' in trouble) return html(response, trouble.html);
    if (trouble && 'echo' in trouble) return echo(response, trouble.echo, sent);
    const refused = trouble && 'refuse' in trouble ? trouble.refuse : refusalOf(tenant, where, url.searchParams, sent);
    if (refused && where === 'authorize') return refuseInBrowser(response, url.searchParams, refused);
    if (refused) return refuse(response, refused, sent.get('client-request-id'));
    const interaction = /^\/interaction\/[\w-]+$/.exec(path);
    if (interaction) return interact(tenant, [request, response], sent);
    pass(tenant, name, path, url.searchParams, request, response, sent);
  }

  /** What the person does on the page, and what Entra looks at before it lets him or her go on. */
  async function interact(
    tenant: Tenant,
    pair: [IncomingMessage, ServerResponse],
    sent: URLSearchParams,
  ): Promise<void> {
    const provider = providerOf(tenant);
    const { params } = await provider.interactionDetails(...pair);
    const wanted = notConsented(tenant, String(params.asked ?? params.scope ?? ''));
    const asks = shortNames(String(params.asked ?? '')).filter((one) => !OF_OIDC.includes(one));
    const end = (name: RefusalName) => {
      const { error, error_description } = refusalBody(REFUSALS[name], undefined);
      return provider.interactionFinished(...pair, { error, error_description }, { mergeWithLastSubmission: false });
    };
    if (pair[0].method === 'GET')
      return html(pair[1], signInPage(pair[0].url ?? '', tenant.people, params.asked ? asks : wanted));
    if (sent.get('decline')) return end('user-declined');
    const person = tenant.people.find(({ id }) => id === sent.get('person'));
    if (!person) return html(pair[1], messagePage('Sign-in failed', 'There is no such person.'));
    if (params.asked !== undefined && wanted.length > 0) {
      if (!tenant.peopleConsent) return end('admin-consent');
      for (const one of wanted) tenant.consented.add(one);
    }
    return finish(provider, tenant, audience, pair, person.id);
  }

  /** Hands a request on to the provider, as that one speaks it. */
  function pass(
    tenant: Tenant,
    name: string,
    path: string,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
    sent: URLSearchParams,
  ): void {
    const everything = [...OF_OIDC, ...PERMISSIONS].join(' ');
    if (path === '/oauth2/v2.0/authorize') {
      query.set('asked', query.get('scope') ?? '');
      query.set('scope', everything);
      // Only then the provider gives something to refresh with. Entra asks for no consent that was given already.
      query.set('prompt', 'login consent');
    }
    if (sent.get('grant_type') === 'device_code')
      sent.set('grant_type', 'urn:ietf:params:oauth:grant-type:device_code');
    if (path === '/oauth2/v2.0/devicecode') sent.set('scope', everything);
    else if (path === '/oauth2/v2.0/token') sent.delete('scope');
    const below = path.replace(/^\/v2\.0(?=\/\.well-known\/)/, '');
    const search = query.size > 0 ? `?${query}` : '';
    const forProvider = request as IncomingMessage & { originalUrl?: string; body?: string };
    forProvider.url = below + search;
    forProvider.originalUrl = `/${name}${below}${search}`;
    if (request.method === 'POST') forProvider.body = sent.toString();
    providerOf(tenant).callback()(request, response);
  }

  const host = await startHttpsHost({ address, port, certificateNames: ['localhost'], handler: handle });
  return {
    host,
    get authority() {
      return authority();
    },
    certificate: host.certificate,
    audience,
    jwks: { keys: [{ ...{ kty, n, e }, kid: key.kid, use: 'sig', alg: 'RS256' } as JsonWebKey] },
    issuerOf,
    secrets,
    asked,
    faults,
    trouble: (where, what) => void (what ? troubles.set(where, what) : troubles.delete(where)),
    pace,
    revoke: (tenant) => void providers.delete(tenant),
    stop: () => host.stop(),
  };
}

function whereOf(path: string, sent: URLSearchParams): Where | null {
  if (path.endsWith('/.well-known/openid-configuration')) return 'discovery';
  if (path === '/oauth2/v2.0/authorize') return 'authorize';
  if (path === '/oauth2/v2.0/devicecode') return 'device';
  if (path !== '/oauth2/v2.0/token') return null;
  const grants: Readonly<Record<string, Where>> = {
    authorization_code: 'code',
    device_code: 'device-poll',
    refresh_token: 'refresh',
    client_credentials: 'app',
  };
  return grants[sent.get('grant_type') ?? ''] ?? null;
}

/** What Entra refuses by itself, before it comes to a person. */
function refusalOf(
  tenant: Tenant,
  where: Where | null,
  query: URLSearchParams,
  sent: URLSearchParams,
): RefusalName | null {
  const { clientId } = tenant.registration;
  const client = where === 'authorize' ? query.get('client_id') : sent.get('client_id');
  if (where !== null && where !== 'discovery' && client !== clientId) return 'app-unknown';
  if (where === 'refresh' && notConsented(tenant, sent.get('scope') ?? '').length > 0) return 'consent-missing';
  const noConsent = !tenant.peopleConsent && notConsented(tenant, sent.get('scope') ?? '').length > 0;
  return where === 'device' && noConsent ? 'admin-consent' : null;
}

function refuse(response: ServerResponse, name: RefusalName, correlation?: string | null): void {
  const body = JSON.stringify(refusalBody(REFUSALS[name], correlation ?? undefined));
  response.writeHead(400, { 'Content-Type': 'application/json' }).end(body);
}

/** A service that says back all that it was sent, and more. */
function echo(response: ServerResponse, before: string, sent: URLSearchParams): void {
  const body = { error: 'invalid_grant', error_description: `${before} ${sent} ${[...sent.values()].join(' ')}` };
  response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** As Entra does it once the redirect address is known to be the app's; to any other nothing is sent. */
function refuseInBrowser(response: ServerResponse, query: URLSearchParams, name: RefusalName): void {
  const back = URL.parse(query.get('redirect_uri') ?? '');
  const { error, error_description } = refusalBody(REFUSALS[name], undefined);
  if (back?.hostname !== 'localhost' || name === 'app-unknown')
    html(response, messagePage('Sign-in failed', error_description));
  else html(response, postPage(back.href, { error, error_description, state: query.get('state') ?? '' }));
}

function html(response: ServerResponse, page: string): void {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(page);
}
