/** The driver of Trio 8500, 8800 and C60. Whether Pexip supports them for One-Touch Join is not confirmed. */
import type { Driver, EndpointTarget } from '../../driver.ts';
import type { LinkTap } from '../../transports/tap.ts';
import { polyDriver } from '../driver.ts';
import { trioMapping } from '../mapping.ts';
import type { PolyFacts } from '../videoos/facts.ts';
import type { PolyWay } from '../way.ts';
import { openTrio } from './session.ts';
import { readTrio, trioWay } from './way.ts';

/** Logs in, one try: the login goes with each request, so the first one shows whether it is taken. */
export async function openTrioWay(target: EndpointTarget, signal: AbortSignal, tap?: LinkTap): Promise<PolyWay> {
  const session = openTrio(target, signal, tap);
  try {
    return trioWay(session, await readTrio(session));
  } catch (thrown) {
    await session.close();
    throw thrown;
  }
}

export const polyTrio: Driver<PolyFacts> = polyDriver({
  family: 'poly-trio',
  mapping: trioMapping,
  open: openTrioWay,
});
