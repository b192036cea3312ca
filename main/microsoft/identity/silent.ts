/** Tokens without anybody being asked: from the sealed cache, by refresh, or as the app itself with its certificate. */
import type { AuthenticationResult } from '@azure/msal-node';
import { OtjError } from '../../contract/errors.ts';
import type { Connection } from '../../contract/microsoft/connection.ts';
import type { Site } from '../../site/site.ts';
import type { Tokens, TokenWish } from '../tokens.ts';
import { openWay } from '../trust.ts';
import { openStore } from './cache.ts';
import type { AppCertificate } from './certificate.ts';
import { confidentialClient, publicClient, unlessAborted } from './client.ts';
import { type Cloud, cloudOf } from './clouds.ts';
import { ANSWER_MS, type Network, openNetwork } from './network.ts';
import { insteadOf, mannerOf } from './permissions.ts';
import { notGranted } from './signIn.ts';
import { type Asked, signInError } from './trouble.ts';

export interface OpenTokens extends Tokens {
  /** From now on nothing is asked and nothing written. */
  close(): Promise<void>;
}

interface TokenOptions {
  site: Site;
  connection: Connection;
  /** Of the way `certificate`; throws when there is none. */
  certificate(): AppCertificate;
  /** Told what a challenge asks for that only a person can meet. */
  challenged(claims: string): void;
}

type Source = (
  scopes: readonly string[],
  wish: Pick<TokenWish, 'claims' | 'fresh'>,
) => Promise<AuthenticationResult | null>;

/** Nothing is read or asked yet. Throws SETTING_UNFIT. */
export function openTokens({ site, connection, certificate, challenged }: TokenOptions): OpenTokens {
  const cloud = cloudOf(connection);
  const net = openWay(connection.ca, ANSWER_MS);
  const end = new AbortController();
  const network = openNetwork({ way: net, hosts: cloud.authorityHosts, signal: end.signal });
  const store = openStore(site, { mayBegin: false });
  let source: Source | null = null;
  const sourceOf = (): Source =>
    connection.way === 'certificate'
      ? appSource({ connection, cloud, network }, certificate())
      : personSource(publicClient({ connection, cloud, network }, store), connection.account);

  return {
    async token(wanted, { signal, ...wish } = {}) {
      const scopes = insteadOf(wanted, mannerOf(connection));
      const asked: Asked = { way: connection.way, tenant: connection.tenant, scopes };
      return network.explained(
        async () => {
          source ??= sourceOf();
          const result = await unlessAborted(source(scopes, wish), signal);
          if (!result?.accessToken) throw new OtjError('M365_SIGN_IN_NEEDED');
          // Of the app itself the service names no permissions; Graph tells when one is missing.
          const missing = connection.way === 'certificate' ? [] : notGranted(scopes, result.scopes);
          if (missing.length > 0)
            throw new OtjError(
              'M365_CONSENT_NEEDED',
              `tenant ${connection.tenant}; not granted: ${missing.join(', ')}`,
            );
          return result.accessToken;
        },
        (thrown, trouble) => {
          if (trouble?.kind === 'refusal' && trouble.refusal.claims) challenged(trouble.refusal.claims);
          return signInError(thrown, trouble, asked);
        },
      );
    },
    async close() {
      store.close();
      end.abort();
      await net.close();
    },
  };
}

function personSource(client: ReturnType<typeof publicClient>, id: string | null): Source {
  return async (scopes, { claims, fresh = false }) => {
    const accounts = id === null ? [] : await client.getTokenCache().getAllAccounts();
    const account = accounts.find(({ homeAccountId }) => homeAccountId === id);
    if (!account) throw new OtjError('M365_SIGN_IN_NEEDED');
    return client.acquireTokenSilent({
      account,
      scopes: [...scopes],
      forceRefresh: fresh,
      ...(claims ? { claims } : {}),
    });
  };
}

interface Parts {
  connection: Connection;
  cloud: Cloud;
  network: Network;
}

/** As itself the app has all that it was granted or nothing: `.default` is the only thing that can be asked for. */
function appSource(parts: Parts, certificate: AppCertificate): Source {
  const client = confidentialClient(parts, certificate);
  return (_scopes, { claims, fresh = false }) =>
    client.acquireTokenByClientCredential({
      scopes: [`${parts.cloud.graph}/.default`],
      skipCache: fresh || claims !== undefined,
      ...(claims ? { claims } : {}),
    });
}
