/** The certificate of a codec: made once per process and device. */
import { generate } from 'selfsigned';
import { identityOf } from '../host-key.ts';
import type { CodecSpec } from '../types.ts';

export interface Certificate {
  key: string;
  cert: string;
}

const certificates = new Map<string, Promise<Certificate>>();

export function certificate(spec: CodecSpec): Promise<Certificate> {
  const identity = identityOf(spec);
  const known = certificates.get(identity);
  if (known) return known;
  const made = generate([{ name: 'commonName', value: spec.systemName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: spec.address }] }],
  }).then(({ private: key, cert }) => ({ key, cert }));
  certificates.set(identity, made);
  return made;
}
