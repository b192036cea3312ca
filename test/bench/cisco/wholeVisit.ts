/** A whole migration of one codec without what is Infinity's: the driver's own steps, run by the product's own runner. */
import { openCodec } from '../../../main/endpoints/cisco/connect.ts';
import { readFacts } from '../../../main/endpoints/cisco/facts.ts';
import { STEP } from '../../../main/endpoints/cisco/plan/ids.ts';
import { plan } from '../../../main/endpoints/cisco/plan.ts';
import { Visit } from '../../../main/endpoints/cisco/steps/visit.ts';
import { bindSteps } from '../../../main/endpoints/cisco/steps.ts';
import type { Wish } from '../../../main/endpoints/driver.ts';
import { runSteps } from '../../../main/migration/stepRunner.ts';
import type { FarCodec } from './codecProcess.ts';
import { BARE_TRIPS, Noted, targetOf } from './visits.ts';

const WISH: Wish = {
  mailbox: 'room@bench.example',
  login: { username: 'otj-push', password: 'New-4-this-bench-1234' },
  server: null,
  takeMacros: [],
  leaveMacros: [],
  accepted: [],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};
/** Session, bookings, end of the session; codecs close after each reply (recorded), so each takes TCP, TLS 1.3, request. */
const API_LOGIN = 9;
/** A change, and the look that proves it; the look before it is answered by what was read already. */
const CHANGE = 2;
/** A macro's text in the moment before it goes; the meetings in the moment behind the restart. */
const LAST_LOOK = 1;

export interface WholeVisit {
  changes: number;
  /** Round trips that no order of the same work can do without. */
  least: number;
  ms: number;
}

/** Leaves the codec migrated. Throws what a step fails with. */
export async function migrate(codec: FarCodec): Promise<WholeVisit> {
  const { signal } = new AbortController();
  const began = performance.now();
  const target = targetOf(codec, 'ssh');
  const xapi = new Noted(await openCodec(target, signal));
  try {
    const facts = await readFacts(xapi);
    const planned = plan(facts, WISH, null);
    const support = {
      baseline: null,
      addBackup: async () => undefined,
      wasDone: () => false,
      meantAt: () => null,
      isEntryOwed: () => false,
    };
    const steps = bindSteps(new Visit({ xapi, target }, facts, WISH, support, planned));
    const journal = { wasMeant: () => false, intent: async () => undefined, outcome: async () => undefined };
    // Nothing comes from Infinity here.
    const own = steps.filter((step) => step.plan.id !== STEP.meeting);
    await runSteps(own, { journal, signal, listen: () => undefined }, new Set());
    const changes = own.filter((step) => step.apply).length;
    const proofs = own.filter(({ plan: { stage } }) => stage === 'proof').length;
    const lastLooks = own.filter(({ plan: { id } }) => id.startsWith(STEP.removeMacro) || id === STEP.runtime).length;
    const least = BARE_TRIPS.length + changes * CHANGE + lastLooks * LAST_LOOK + API_LOGIN + proofs;
    return { changes, least, ms: performance.now() - began };
  } finally {
    await xapi.close();
  }
}
