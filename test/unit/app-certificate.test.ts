/** The certificate by which the app signs in as itself: what is taken, and what is refused without a word of the file. */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { beforeAll, expect, it } from 'vitest';
import { asOtjError } from '../../main/contract/errors.ts';
import { readAppCertificate } from '../../main/microsoft/identity/certificate.ts';

let cert = '';
let key = '';
beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: 'OTJ Migrator' }], { keySize: 2048 });
  cert = made.cert;
  key = made.private;
});

function refusal(text: string, now?: Date): string {
  try {
    readAppCertificate(text, now);
  } catch (thrown) {
    const { code, words = '' } = asOtjError(thrown);
    expect(code).toBe('M365_CERTIFICATE_UNFIT');
    expect(words).not.toContain(key.slice(40, 80));
    return words;
  }
  return '';
}

it('takes certificate and key in either order, of PKCS #8 or #1, with text around', () => {
  const old = String(createPrivateKey(key).export({ format: 'pem', type: 'pkcs1' }));
  for (const text of [`${cert}\n${key}`, `${key}\n${cert}`, `Bag Attributes\r\n${old}\n subject\n${cert}`]) {
    const { thumbprintSha256, subject, privateKey } = readAppCertificate(text);
    expect(thumbprintSha256).toBe(new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase());
    expect(subject).toBe('CN=OTJ Migrator');
    expect(privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  }
});

it('says what is wrong', () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pem = (one: typeof other) => String(one.export({ format: 'pem', type: 'pkcs8' }));
  const sealed = String(other.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }));
  expect(refusal('')).toContain('no certificate');
  expect(refusal(cert)).toContain('no private key');
  expect(refusal(`${cert}\n${pem(other)}`)).toContain('not that of the certificate');
  expect(refusal(`${cert}\n${pem(curve)}`)).toContain('no RSA key');
  expect(refusal(`${cert}\n${sealed}`)).toContain('password');
  expect(refusal(`${cert}\n${key}`, new Date('2099-01-01'))).toContain('valid until');
  expect(refusal(`-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${key}`)).toContain('cannot be read');
  expect(refusal('x'.repeat(100_000))).toContain('too large');
});
