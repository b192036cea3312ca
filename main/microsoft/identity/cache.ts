/** msal's token cache, kept as one secret of the site file: sealed, bound to its place, and gone with a sign-out. */
import type { ICachePlugin, TokenCacheContext } from '@azure/msal-node';
import { OtjError } from '../../contract/errors.ts';
import type { Site } from '../../site/site.ts';

const OWNER = 'microsoft:tokens';
/** What msal takes for a cache without anything in it; of an empty text it would keep what it had. */
const NOTHING = JSON.stringify({ Account: {}, IdToken: {}, AccessToken: {}, RefreshToken: {}, AppMetadata: {} });

export interface TokenStore extends ICachePlugin {
  /** From now on nothing is written: whoever still waits for an answer must not bring a cache back. */
  close(): void;
}

/**
 * @param mayBegin whether it may make a cache where there is none. A sign-in may; a refresh may not: somebody signed out meanwhile,
 * perhaps in another process.
 */
export function openStore(site: Site, { mayBegin }: { mayBegin: boolean }): TokenStore {
  let open = true;
  let had = false;
  return {
    async beforeCacheAccess(context: TokenCacheContext) {
      const kept = readCache(site);
      had = kept !== null;
      context.tokenCache.deserialize(kept ?? NOTHING);
    },
    async afterCacheAccess(context: TokenCacheContext) {
      if (open && context.cacheHasChanged && (had || mayBegin)) site.vault.put(OWNER, context.tokenCache.serialize());
    },
    close() {
      open = false;
    },
  };
}

/** A cache that does not open, or is none, is no cache: a new sign-in mends it. Throws VAULT_LOCKED. */
function readCache(site: Site): string | null {
  try {
    const text = site.vault.get(OWNER);
    if (text !== null) JSON.parse(text);
    return text;
  } catch (thrown) {
    if (thrown instanceof OtjError && thrown.code !== 'SECRET_DAMAGED') throw thrown;
    wipeCache(site);
    return null;
  }
}

export function wipeCache({ db }: Site): void {
  db.run('DELETE FROM secret WHERE owner = $owner', { owner: OWNER });
}
