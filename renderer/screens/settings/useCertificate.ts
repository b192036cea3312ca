import { useEffect, useState } from 'react';
import type { Problem } from '../../../main/contract/errors.ts';
import type { ShownCertificate } from '../../../main/contract/site.ts';
import { call, problemOf } from '../../bridge/bridge.ts';

export type CertificateLook =
  /** Since when it is looked at, milliseconds since 1970. */
  | { state: 'looking'; since: number }
  | { state: 'shown'; certificate: ShownCertificate }
  /** Nothing answers there with TLS. */
  | { state: 'silent' }
  | { state: 'failed'; problem: Problem };

/**
 * The certificate that a server shows, and how to look once more.
 * @param ca authorities in PEM that judge it in the system's stead
 */
export function useCertificate(address: string, port: number, ca: string | null): [CertificateLook, () => void] {
  const [look, setLook] = useState<CertificateLook>(() => ({ state: 'looking', since: Date.now() }));
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = turn >= 0;
    setLook({ state: 'looking', since: Date.now() });
    call('site.certificate', { address, port, ca }).then(
      (certificate) => current && setLook(certificate ? { state: 'shown', certificate } : { state: 'silent' }),
      (thrown: unknown) => current && setLook({ state: 'failed', problem: problemOf(thrown) }),
    );
    return () => {
      current = false;
    };
  }, [address, port, ca, turn]);
  return [look, () => setTurn((was) => was + 1)];
}
