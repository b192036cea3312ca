/** The driver of Trio 8500, 8800 and C60. Whether Pexip supports them for One-Touch Join is not confirmed. */
import type { Driver } from '../../driver.ts';
import { polyDriver } from '../driver.ts';
import { trioMapping } from '../mapping.ts';
import type { PolyFacts } from '../videoos/facts.ts';
import { openTrio } from './session.ts';
import { readTrio, trioWay } from './way.ts';

export const polyTrio: Driver<PolyFacts> = polyDriver({
  family: 'poly-trio',
  mapping: trioMapping,
  async open(target, signal) {
    const session = openTrio(target, signal);
    try {
      // The login goes with each request: the first one shows whether it is taken.
      return trioWay(session, await readTrio(session));
    } catch (thrown) {
      await session.close();
      throw thrown;
    }
  },
});
