/** Reads a file of certificate authorities that a technician trusts for Infinity. Pure. */
import { X509Certificate } from 'node:crypto';
import { OtjError } from '../contract/errors.ts';
import { type Authorities, CA_MOST } from '../contract/site.ts';

const BLOCK =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * Takes PEM with any number of certificates, or one in DER. All else in the file is left behind, a private key above all.
 * @throws OtjError CA_UNFIT
 */
export function readAuthorities(file: Uint8Array, now = new Date()): Authorities {
  if (file.length > CA_MOST) throw new OtjError('CA_UNFIT', 'it is too large');
  const blocks = Buffer.from(file).toString('latin1').match(BLOCK) ?? [];
  const found = (blocks.length > 0 ? blocks : [file]).map(certificateOf);
  const over = found.find(({ validToDate }) => validToDate < now);
  if (over) throw new OtjError('CA_UNFIT', `${nameOf(over)} was valid until ${over.validTo}`);
  return { ca: found.map((one) => one.toString()).join(''), subjects: found.map(nameOf) };
}

function certificateOf(block: string | Uint8Array): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (thrown) {
    throw new OtjError('CA_UNFIT', 'it holds no certificate in PEM or DER', { cause: thrown });
  }
}

function nameOf({ subject }: X509Certificate): string {
  return (subject ?? '').replaceAll('\n', ', ').slice(0, 300);
}
