/** A real OpenID provider with the paths, tokens and answers of Entra, for one tenant. */
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { REFUSALS, type RefusalName, refusalBody } from './refusals.ts';
import { Store } from './store.ts';
import { OF_OIDC, PERMISSIONS, shortNames, type Tenant } from './tenant.ts';

export interface ProviderOptions {
  tenant: Tenant;
  /** `https://host:port/<tenant id>/v2.0`. */
  issuer: string;
  /** Whom the access tokens are for. */
  audience: string;
  accessSeconds(): number;
  codeSeconds(): number;
  pollSeconds(): number;
  /** Told every secret that goes out. */
  issued(...secrets: unknown[]): void;
  /** A fault of the lab itself. */
  fault(error: Error): void;
  jwks: { keys: object[] };
}

export function makeProvider(options: ProviderOptions): Provider {
  const { tenant, issuer, audience, jwks, accessSeconds, codeSeconds } = options;
  const all = new Map();
  const configuration: Configuration = {
    adapter: (model: string) => new Store(model, all, tenant.registration),
    jwks: jwks as NonNullable<Configuration['jwks']>,
    cookies: { keys: [crypto.randomUUID()] },
    scopes: OF_OIDC,
    // What came as the wish of the app, before it was widened to all that exists.
    extraParams: ['asked', 'domain_hint', 'login_hint'],
    claims: { openid: ['sub', 'tid', 'oid', 'ver'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_ctx, id) => {
      const person = tenant.people.find((one) => one.id === id);
      if (!person) return undefined;
      const { name, username } = person;
      const claims = { sub: id, oid: id, tid: tenant.id, ver: '2.0', name, preferred_username: username };
      return { accountId: id, claims: () => claims };
    },
    interactions: { url: (_ctx, { uid }) => `/${tenant.id}/interaction/${uid}` },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    extraTokenClaims: (_ctx, token) => {
      const common = { tid: tenant.id, appid: tenant.registration.clientId, ver: '1.0' };
      if (token.kind === 'ClientCredentials') return { ...common, idtyp: 'app', roles: [...tenant.roles] };
      const { accountId } = token as { accountId?: string };
      const person = tenant.people.find(({ id }) => id === accountId);
      return {
        ...common,
        idtyp: 'user',
        oid: accountId,
        name: person?.name,
        upn: person?.username,
        scp: [...tenant.consented].join(' '),
      };
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****' },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience,
          scope: PERMISSIONS.join(' '),
          accessTokenFormat: 'jwt',
          accessTokenTTL: options.accessSeconds(),
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    routes: {
      authorization: '/oauth2/v2.0/authorize',
      token: '/oauth2/v2.0/token',
      device_authorization: '/oauth2/v2.0/devicecode',
      code_verification: '/oauth2/deviceauth',
      jwks: '/discovery/v2.0/keys',
      userinfo: '/oidc/userinfo',
    },
    ttl: {
      AccessToken: accessSeconds,
      ClientCredentials: accessSeconds,
      DeviceCode: codeSeconds,
      AuthorizationCode: 60,
      IdToken: 3600,
      RefreshToken: 90 * 24 * 3600,
      Session: 3600,
      Grant: 90 * 24 * 3600,
      Interaction: 3600,
    },
  };
  const provider = new Provider(issuer, configuration);
  provider.on('server_error', (_ctx, error) => options.fault(error));
  provider.use(async (ctx, next) => {
    await next();
    const own = ctx as unknown as KoaContextWithOIDC;
    if (ctx.method === 'POST' && ctx.path.endsWith('/token')) tokenAnswer(own, options);
    if (ctx.method === 'POST' && ctx.path.endsWith('/devicecode')) codeAnswer(own, options);
    if (typeof ctx.body === 'string')
      options.issued(...[...ctx.body.matchAll(/name="code" value="([^"]+)"/g)].map(([, code]) => code));
  });
  return provider;
}

/** Gives what Entra gives beside the standard, and its own words for a refusal. */
function tokenAnswer(ctx: KoaContextWithOIDC, { tenant, issued }: ProviderOptions): void {
  const body = ctx.body as Record<string, unknown>;
  if (body.error !== undefined) {
    const asked = String(ctx.oidc.body?.['client-request-id'] ?? '');
    ctx.body = refusalBody(REFUSALS[nameOf(body, ctx.oidc.body)], asked);
    return;
  }
  const person = ctx.oidc.account?.accountId;
  const info = person && Buffer.from(JSON.stringify({ uid: person, utid: tenant.id })).toString('base64url');
  ctx.body = {
    ...body,
    ext_expires_in: body.expires_in,
    ...(info ? { client_info: info, scope: ['openid', 'profile', ...tenant.consented].join(' ') } : {}),
  };
  if (!info) delete (ctx.body as Record<string, unknown>).scope;
  issued(body.access_token, body.refresh_token, body.id_token);
}

function nameOf(body: Record<string, unknown>, asked: Record<string, unknown> | undefined): RefusalName {
  switch (body.error) {
    case 'authorization_pending':
      return 'code-pending';
    case 'expired_token':
      return 'code-expired';
    case 'access_denied':
      return 'code-declined';
    case 'invalid_client':
      return asked?.client_assertion === undefined ? 'app-unknown' : 'certificate-wrong';
    default:
      return 'refresh-expired';
  }
}

function codeAnswer(ctx: KoaContextWithOIDC, { pollSeconds, issued }: ProviderOptions): void {
  const body = ctx.body as Record<string, unknown>;
  if (body.error !== undefined) {
    ctx.body = refusalBody(REFUSALS['app-unknown'], undefined);
    return;
  }
  const message = `To sign in, use a web browser to open the page ${body.verification_uri} and enter the code ${body.user_code} to authenticate.`;
  ctx.body = { ...body, interval: pollSeconds(), message };
  issued(body.device_code);
}

/** Finishes a sign-in that a person has made on the page: who it is, and a grant of all that was consented to. */
export async function finish(
  provider: Provider,
  tenant: Tenant,
  audience: string,
  [request, response]: Parameters<Provider['interactionDetails']>,
  accountId: string,
): Promise<void> {
  const grant = new provider.Grant({ accountId, clientId: tenant.registration.clientId });
  grant.addOIDCScope(OF_OIDC.join(' '));
  grant.addResourceScope(audience, PERMISSIONS.join(' '));
  const result = { login: { accountId }, consent: { grantId: await grant.save() }, select_account: {} };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

/** What was asked for and nobody has consented to. */
export function notConsented(tenant: Tenant, scope: string | undefined): string[] {
  return shortNames(scope).filter((one) => !OF_OIDC.includes(one) && !tenant.consented.has(one));
}
