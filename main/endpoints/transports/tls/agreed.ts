/** What a client of devices offers in a TLS handshake, and how weak the outcome is. */
import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { OLD_TLS } from '../oldEncryption.ts';

/** What was agreed with a peer. */
export interface AgreedTls {
  /** As Node names it, e.g. `TLSv1.2`. */
  version: string;
  /** What is not safe about it, in words, e.g. `agreed TLSv1.1`; null = nothing. */
  weakness: string | null;
}

const { versions, ciphers } = OLD_TLS;
const OLD_CIPHERS = new RegExp(ciphers.old.join('|'));

/**
 * Options of a client's handshake.
 * @param legacy also TLS 1.0 and 1.1, small keys and old ciphers, and servers without secure renegotiation. The
 * BoringSSL of Electron knows no security levels, so there only the versions are added.
 */
export function clientTls(legacy: boolean): Pick<SecureContextOptions, 'minVersion' | 'ciphers' | 'secureOptions'> {
  if (!legacy) return {};
  if ('openssl_is_boringssl' in process.features && process.features.openssl_is_boringssl)
    return { minVersion: versions.oldest };
  return {
    minVersion: versions.oldest,
    ciphers: ciphers.openssl,
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  };
}

const contexts = new Map<boolean, SecureContext>();

/**
 * The same for `tls.connect`, for peers whose certificate is pinned and not verified. Made once for each: one for every
 * connection costs more than the rest of its handshake, and a run or a search meets hundreds.
 */
export function clientOptions(legacy: boolean): { secureContext: SecureContext } {
  const secureContext = contexts.get(legacy) ?? createSecureContext(clientTls(legacy));
  contexts.set(legacy, secureContext);
  return { secureContext };
}

/** Whether a version is older than TLS 1.2. */
export function isOldTls(version: string): boolean {
  return versions.old.includes(version);
}

/** What was agreed on a socket whose handshake is done. */
export function agreedOn(socket: TLSSocket): AgreedTls {
  const version = socket.getProtocol() ?? 'unknown';
  const { name } = socket.getCipher();
  const key = socket.getEphemeralKeyInfo();
  const dhBits = key && 'type' in key && key.type === 'DH' ? key.size : ciphers.shortestSafeDhBits;
  const weak = [
    ...(isOldTls(version) ? [version] : []),
    ...(OLD_CIPHERS.test(name) ? [name] : []),
    ...(dhBits < ciphers.shortestSafeDhBits ? [`a ${dhBits} bit Diffie-Hellman key`] : []),
  ];
  return { version, weakness: weak.length > 0 ? `agreed ${weak.join(', ')}` : null };
}
