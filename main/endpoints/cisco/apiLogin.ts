/**
 * Signs in to a codec over HTTPS as the account made for Infinity and reads its bookings: the way a Conferencing Node
 * will come.
 */
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { EndpointTarget } from '../driver.ts';
import { bestTls } from '../transports/tls/handshake.ts';
import { XmlApi } from './https/xmlApi.ts';

type Login = { username: string; password: string };
type Target = Pick<EndpointTarget, 'address' | 'httpsPort' | 'trust' | 'timeoutMs'>;

/**
 * One login try. @returns the codec's words. Throws LOGIN_REFUSED when the account does not get in, NOT_ADMIN when it may
 * not read bookings, TLS_TOO_OLD, ODD_REPLY, and the transport's errors.
 */
export async function provesLogin(target: Target, { username, password }: Login): Promise<string> {
  // Infinity takes no old TLS, so none is agreed here either, whatever is allowed for this codec.
  const { address, httpsPort, trust, timeoutMs } = target;
  const login = { address, httpsPort, trust, timeoutMs, username, password, legacy: false };
  try {
    const api = await XmlApi.start(login, new AbortController().signal, { renew: false });
    try {
      await api.command('Bookings List');
    } finally {
      await api.close();
    }
  } catch (thrown) {
    throw asProof(asOtjError(thrown), username);
  }
  return `signed in over HTTPS as ${username}; BookingsListResult status OK`;
}

/** Names the account, and what its failure means here. */
function asProof({ code, words = '', cause }: OtjError, username: string): OtjError {
  const told = `as ${username}: ${words}`.trim();
  // A locked or expired account of ours is made anew like one with another password.
  if (code === 'ACCOUNT_LOCKED' || code === 'ACCOUNT_EXPIRED') return new OtjError('LOGIN_REFUSED', told, { cause });
  if (code === 'LEGACY_NEEDED') return new OtjError('TLS_TOO_OLD', words, { cause });
  return new OtjError(code === 'REFUSED' ? 'NOT_ADMIN' : code, told, { cause });
}

/**
 * The best TLS version that the codec's web server agrees to, as Node names it (`TLSv1.2`); signs in to nothing.
 * Throws OtjError UNREACHABLE, TIMEOUT, HANDSHAKE, CLIENT_CERTIFICATE, TRUST_CHANGED.
 */
export async function offeredTls({ address, httpsPort, trust, timeoutMs }: Target): Promise<string> {
  return (await bestTls({ address, port: httpsPort, timeoutMs }, trust)).version;
}
