/** A recorded device that is played, as a driver is told of it. */
import type { EndpointTarget } from '../../main/endpoints/driver.ts';

type Where = Pick<EndpointTarget, 'family' | 'address' | 'transport' | 'sshPort' | 'httpsPort'> &
  Partial<EndpointTarget>;

export function replayTarget(where: Where): EndpointTarget {
  return {
    lastTransport: null,
    legacy: false,
    username: 'admin',
    password: 'any is right here',
    trust: { check: () => undefined },
    timeoutMs: 5_000,
    proofMs: 0,
    proofEveryMs: 50,
    ...where,
  };
}
