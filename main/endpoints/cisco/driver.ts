/** Cisco codecs with CE or RoomOS. */
import type { PlannedStep } from '../../contract/plan.ts';
import type { Driver, EndpointSession, EndpointTarget, StepSupport, Wish } from '../driver.ts';
import { openCodec } from './connect.ts';
import { type CiscoFacts, readFacts } from './facts.ts';
import { backupOf } from './plan/backup.ts';
import { planUndo } from './plan/undo.ts';
import { manualSteps, plan } from './plan.ts';
import { Visit } from './steps/visit.ts';
import { bindSteps } from './steps.ts';

export const ciscoRoomOs: Driver<CiscoFacts> = {
  family: 'cisco-roomos',
  needsEntryFirst: false,
  plan,
  planUndo,
  // What is done to a codec is documented by its maker, and each codec is asked before.
  gate: () => null,
  manualSteps,
  /** One session for the whole visit: who answered at its start answers to its end. */
  async connect(target: EndpointTarget, signal: AbortSignal): Promise<EndpointSession<CiscoFacts>> {
    const xapi = await openCodec(target, signal);
    return {
      link: xapi.link,
      readFacts: () => readFacts(xapi),
      backupOf,
      bind: (steps: readonly PlannedStep[], facts: CiscoFacts, wish: Wish, support: StepSupport) =>
        bindSteps(new Visit({ xapi, target }, facts, wish, support, steps)),
      close: () => xapi.close(),
    };
  },
};
