/** Who is in the sealed cache. Asks nobody. */
import type { Account, Connection } from '../../contract/microsoft/connection.ts';
import type { Site } from '../../site/site.ts';
import { openStore } from './cache.ts';
import { publicClient } from './client.ts';
import { cloudOf } from './clouds.ts';

/** Nothing of this needs a network, and nothing may come to use one unseen. */
const NO_NETWORK = {
  sendGetRequestAsync: () => Promise.reject(new Error('no network')),
  sendPostRequestAsync: () => Promise.reject(new Error('no network')),
};

function offline(site: Site, connection: Connection) {
  const store = openStore(site, { mayBegin: false });
  return publicClient({ connection, cloud: cloudOf(connection), network: NO_NETWORK }, store).getTokenCache();
}

/** Persons, of all tenants that are remembered. Throws VAULT_LOCKED. */
export async function accountsIn(site: Site, connection: Connection): Promise<Omit<Account, 'current' | 'usable'>[]> {
  const all = await offline(site, connection).getAllAccounts();
  return all.map(({ homeAccountId, username, name, tenantId }) => ({
    id: homeAccountId,
    username,
    name: name ?? '',
    tenant: tenantId,
  }));
}

/** Takes a person's tokens out of the cache, whoever holds them in memory. Throws VAULT_LOCKED. */
export async function forgetAccount(site: Site, connection: Connection, id: string): Promise<void> {
  const cache = offline(site, connection);
  const account = (await cache.getAllAccounts()).find(({ homeAccountId }) => homeAccountId === id);
  if (account) await cache.removeAccount(account);
}
