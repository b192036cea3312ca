/** The driver of Poly VideoOS devices (Studio X, G7500, G62). */
import type { Driver } from '../../driver.ts';
import { polyDriver } from '../driver.ts';
import { videoosMapping } from '../mapping.ts';
import type { PolyFacts } from './facts.ts';
import { openSession } from './session.ts';
import { restWay } from './way.ts';

export const polyVideoOs: Driver<PolyFacts> = polyDriver({
  family: 'poly-videoos',
  mapping: videoosMapping,
  open: async (target, signal) => restWay(await openSession(target, signal), videoosMapping.registration),
});
