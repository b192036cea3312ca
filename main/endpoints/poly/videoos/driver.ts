/** The driver of Poly VideoOS devices (Studio X, G7500, G62). */
import type { Driver, EndpointTarget } from '../../driver.ts';
import type { LinkTap } from '../../transports/tap.ts';
import { polyDriver } from '../driver.ts';
import { videoosMapping } from '../mapping.ts';
import type { PolyWay } from '../way.ts';
import type { PolyFacts } from './facts.ts';
import { openSession } from './session.ts';
import { restWay } from './way.ts';

/** Logs in, one try. */
export async function openVideoOs(target: EndpointTarget, signal: AbortSignal, tap?: LinkTap): Promise<PolyWay> {
  return restWay(await openSession(target, signal, { tap }), videoosMapping.registration);
}

export const polyVideoOs: Driver<PolyFacts> = polyDriver({
  family: 'poly-videoos',
  mapping: videoosMapping,
  open: openVideoOs,
});
