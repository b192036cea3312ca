/** Stores a login that a person gave. */
import { OtjError } from '../contract/errors.ts';
import type { CredentialKind, Purpose } from '../contract/site.ts';
import { fitKey } from '../infinity/login.ts';
import type { Site } from '../site/site.ts';

export interface GivenLogin {
  purpose: Purpose;
  roomId: number | null;
  /** Of an OAuth2 client its id. */
  username: string;
  /** Of an OAuth2 client its private key, PEM or JWK. */
  password: string;
  kind?: CredentialKind | undefined;
}

/** Throws VAULT_LOCKED, KEY_UNFIT, and USAGE for a key where only passwords are. */
export function saveLogin(site: Site, { purpose, roomId, username, password, kind = 'basic' }: GivenLogin): void {
  if (kind === 'oauth2' && (purpose !== 'infinity' || roomId !== null))
    throw new OtjError('USAGE', 'only Infinity takes an OAuth2 client');
  site.saveCredential(purpose, roomId, username, kind === 'oauth2' ? fitKey(password) : password, kind);
}
