/**
 * What the drivers of all Poly families have in common: the device pulls its calendar from a Conferencing Node, and the
 * steps that bring it there are the same. A family is its mapping and its ways.
 */
import type { Baseline } from '../../contract/device.ts';
import { asOtjError } from '../../contract/errors.ts';
import type { Family } from '../../contract/plan.ts';
import type { Driver, EndpointSession, EndpointTarget } from '../driver.ts';
import { isNoWay } from '../transports/loginOutcome.ts';
import { gateOf } from './gate.ts';
import type { PolyMapping } from './mapping.ts';
import { backupOf } from './videoos/backup.ts';
import { type PolyFacts, readPolyFacts } from './videoos/facts.ts';
import { planMigration, planRestore } from './videoos/plan.ts';
import { bindSteps } from './videoos/steps.ts';
import type { PolyWay } from './way.ts';

export interface PolyFamily {
  family: Family;
  mapping: PolyMapping;
  /** Logs in, one try in all. */
  open(target: EndpointTarget, signal: AbortSignal): Promise<PolyWay>;
  /** Another way into the same device, for one that lacks all names on the first; null = there is none. */
  other?(way: PolyWay, target: EndpointTarget): ((signal: AbortSignal) => Promise<PolyWay>) | null;
}

/** See `Driver`. `planUndo` throws OtjError BACKUP_MISSING for a baseline without calendar settings. */
export function polyDriver({ family, mapping, open, other }: PolyFamily): Driver<PolyFacts> {
  return {
    family,
    needsEntryFirst: true,

    async connect(target, signal): Promise<EndpointSession<PolyFacts>> {
      let way = await open(target, signal);
      const wait = { everyMs: target.proofEveryMs, forMs: target.proofMs };
      return {
        get link() {
          return way.link;
        },
        async readFacts() {
          const facts = await readPolyFacts(way, mapping);
          const next = facts.calendar.set === null ? other?.(way, target) : null;
          if (!next) return facts;
          // The other way may know another password: where it refuses this one, that is told, and not tried at each visit.
          const second = await next(signal).catch((thrown: unknown) => {
            if (isNoWay(asOtjError(thrown))) return null;
            throw thrown;
          });
          if (!second) return facts;
          await way.close();
          way = second;
          return readPolyFacts(way, mapping);
        },
        backupOf,
        bind: (steps, facts, wish, support) => bindSteps(steps, { session: way, mapping, facts, wish, support, wait }),
        close: () => way.close(),
      };
    },

    gate: (facts) => gateOf(mapping, facts),
    // Whoever provisions the device puts the old calendar back at the next poll.
    manualSteps: ({ provisioning }) => (provisioning.managed ? ['manager'] : []),
    plan: (facts, wish) => planMigration(mapping, facts, wish),
    planUndo: (facts, wish, baseline: Baseline) => planRestore(mapping, facts, wish, baseline),
  };
}
