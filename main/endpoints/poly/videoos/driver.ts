/** The driver of Poly VideoOS devices (Studio X, G7500, G62): the device pulls its calendar from a Conferencing Node. */
import type { Driver, EndpointSession } from '../../driver.ts';
import { gateOf } from '../gate.ts';
import { videoosMapping } from '../mapping.ts';
import { backupOf } from './backup.ts';
import { type PolyFacts, readPolyFacts } from './facts.ts';
import { planMigration, planRestore } from './plan.ts';
import { openSession } from './session.ts';
import { bindSteps } from './steps.ts';
import { restWay } from './way.ts';

const mapping = videoosMapping;

/** See `Driver`. `planUndo` throws OtjError BACKUP_MISSING for a baseline without calendar settings. */
export const polyVideoOs: Driver<PolyFacts> = {
  family: 'poly-videoos',
  needsEntryFirst: true,

  async connect(target, signal): Promise<EndpointSession<PolyFacts>> {
    const session = restWay(await openSession(target, signal));
    const wait = { everyMs: target.proofEveryMs, forMs: target.proofMs };
    return {
      link: session.link,
      readFacts: () => readPolyFacts(session, mapping),
      backupOf,
      bind: (steps, facts, wish, support) => bindSteps(steps, { session, mapping, facts, wish, support, wait }),
      close: () => session.close(),
    };
  },

  gate: (facts) => gateOf(mapping, facts),
  manualSteps: () => [],
  plan: (facts, wish) => planMigration(mapping, facts, wish),
  planUndo: (facts, wish, baseline) => planRestore(mapping, facts, wish, baseline),
};
