/** The certificate by which the app signs in as itself: one PEM file of the customer with the certificate and its key. Pure. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { OtjError } from '../../contract/errors.ts';

export interface AppCertificate {
  /** The certificate alone, in PEM. */
  pem: string;
  /** PKCS #8, in PEM. */
  privateKey: string;
  /** Lower-case hex. */
  thumbprintSha256: string;
  subject: string;
  /** ISO 8601. */
  validTo: string;
}

const MOST = 65_536;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/;
const KEY = /-----BEGIN (?:RSA )?PRIVATE KEY-----[\sA-Za-z0-9+/=]+-----END (?:RSA )?PRIVATE KEY-----/;

/** Throws M365_CERTIFICATE_UNFIT; its words hold nothing of the file. */
export function readAppCertificate(text: string, now = new Date()): AppCertificate {
  if (text.length > MOST) throw unfit('the file is too large');
  const certificate = certificateIn(text);
  const key = keyIn(text);
  if (!certificate.checkPrivateKey(key)) throw unfit('the key is not that of the certificate');
  if (certificate.validToDate < now) throw unfit(`the certificate was valid until ${certificate.validTo}`);
  return {
    pem: certificate.toString(),
    privateKey: String(key.export({ format: 'pem', type: 'pkcs8' })),
    thumbprintSha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: certificate.subject.replaceAll('\n', ', ').slice(0, 300),
    validTo: certificate.validToDate.toISOString(),
  };
}

function certificateIn(text: string): X509Certificate {
  const [block] = CERTIFICATE.exec(text) ?? [];
  if (!block) throw unfit('it holds no certificate in PEM');
  try {
    return new X509Certificate(block);
  } catch {
    throw unfit('its certificate cannot be read');
  }
}

function keyIn(text: string): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text)) throw unfit('its key has a password');
  const [block] = KEY.exec(text) ?? [];
  if (!block) throw unfit('it holds no private key in PEM');
  try {
    const key = createPrivateKey(block);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    throw unfit('its key cannot be read');
  }
  throw unfit('its key is no RSA key');
}

function unfit(words: string): OtjError {
  return new OtjError('M365_CERTIFICATE_UNFIT', words);
}
