/** Looks at the certificate that a server shows, so that a person can decide whether to trust it. Sends nothing. */
import { connect } from 'node:tls';
import type { ShownCertificate } from '../contract/site.ts';

const LOOK_MS = 10_000;

/**
 * @param ca authorities that are believed in the system's stead
 * @returns null when nothing answers there with TLS
 */
export function lookAtCertificate(
  address: string,
  port: number,
  ca: string | null = null,
): Promise<ShownCertificate | null> {
  return new Promise((resolve) => {
    const servername = /^[\d.]+$|:/.test(address) ? '' : address;
    const authorities = ca === null ? {} : { ca };
    const how = { host: address, port, servername, rejectUnauthorized: false, timeout: LOOK_MS, ...authorities };
    const socket = connect(how, () => {
      const shown = socket.getPeerX509Certificate();
      end(
        shown
          ? {
              trusted: socket.authorized,
              subject: shown.subject.replaceAll('\n', ', '),
              issuer: shown.issuer.replaceAll('\n', ', '),
              validFrom: shown.validFrom,
              validTo: shown.validTo,
              fingerprint: shown.fingerprint256,
              sha256: shown.fingerprint256.replaceAll(':', '').toLowerCase(),
            }
          : null,
      );
    });
    const end = (shown: ShownCertificate | null) => {
      socket.destroy();
      resolve(shown);
    };
    socket.on('error', () => end(null));
    socket.on('timeout', () => end(null));
  });
}
