/** Certificates within texts: whoever's they are, one of nobody's stands in their place. */
import { X509Certificate } from 'node:crypto';

/** Made for this, self-signed; its key was thrown away. */
const STAND_IN = [
  'MIIBfzCCASSgAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJSZWNvcmRl',
  'ZCBhdXRob3JpdHkwIBcNMjYxMTI5MDUzMTIzWhgPMjEyNjExMDUwNTMxMjNaMB0x',
  'GzAZBgNVBAMMElJlY29yZGVkIGF1dGhvcml0eTBZMBMGByqGSM49AgEGCCqGSM49',
  'AwEHA0IABJlemw93b6s+9oSWWtpzNnIFF21/Iz3gbwQ6qFmw8hoUVSu2NFdIpt0W',
  '/gNUhVzev06Dd4HxPc5dIfnUipaKh46jUzBRMB0GA1UdDgQWBBTpN38VEYvSaXn8',
  'A9d3VME5ssVEQzAfBgNVHSMEGDAWgBTpN38VEYvSaXn8A9d3VME5ssVEQzAPBgNV',
  'HRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDa/uA3XRkZH0dhDFlu5v3+',
  'ZeZffDBfskt3VsFNwaSx0gIhAPaf2A+lMqLHElxRwtFDG1NtPBfjMFMYCynAhcK5',
  '4Z+E',
];
const BLOCK = /(-----BEGIN CERTIFICATE-----)([^-]{1,65536})(-----END CERTIFICATE-----)/g;
/** Line ends as they are, written out, or become blanks. */
const LINE_END = /\\r\\n|\\n|\r\n|\n| /;

/** @param words for all that is no certificate that can be read; it stays one that cannot */
export function withoutCertificates(text: string, words: (text: string) => string): string {
  let result = '';
  let at = 0;
  for (const { 0: block, 1: begin, 2: body = '', 3: end, index } of text.matchAll(BLOCK)) {
    if (!isCertificate(body)) continue;
    const lineEnd = LINE_END.exec(body)?.[0] ?? '';
    result += words(text.slice(at, index)) + [begin, ...STAND_IN, end].join(lineEnd);
    at = index + block.length;
  }
  return result + words(text.slice(at));
}

function isCertificate(body: string): boolean {
  try {
    return new X509Certificate(Buffer.from(body.replaceAll(/\\[rn]/g, ''), 'base64')).raw.length > 0;
  } catch {
    return false;
  }
}
