/** Certificates out of the text of a setting. Pure and total. */
import { X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN CERTIFICATE-----([^-]{1,65536})-----END CERTIFICATE-----/g;

/**
 * PEM of each certificate in a text, whatever became of its line ends on the way: blanks, none, or written out as `\n`.
 * @returns null where there is none, or one that cannot be understood
 */
export function certificatesIn(text: string): string[] | null {
  const bodies = [...text.matchAll(BLOCK)].map(([, body = '']) => body.replaceAll('\\n', '').replace(/\s+/g, ''));
  const certificates = bodies.map(
    (body) => `-----BEGIN CERTIFICATE-----\n${body.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`,
  );
  return certificates.length > 0 && certificates.every(isCertificate) ? certificates : null;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
