/** Cisco codecs with CE 9 or RoomOS, over SSH. */
import type { PlannedStep } from '../../contract/plan.ts';
import type { Driver, EndpointSession, EndpointTarget, StepSupport, Wish } from '../driver.ts';
import { openShell } from '../transports/ssh.ts';
import { type CiscoFacts, readFacts } from './facts.ts';
import { backupOf, plan, planUndo } from './plan.ts';
import { Tsh } from './ssh/tsh.ts';
import { bindSteps, Visit } from './steps.ts';

export const ciscoRoomOs: Driver<CiscoFacts> = {
  family: 'cisco-roomos',
  needsEntryFirst: false,
  plan,
  planUndo,
  manualSteps: () => [],
  /** One SSH connection for the whole visit: who answered at its start answers to its end. */
  async connect(target: EndpointTarget, signal: AbortSignal): Promise<EndpointSession<CiscoFacts>> {
    const shell = await openShell(target, signal);
    const tsh = await Tsh.start(shell, target.timeoutMs).catch((thrown) => {
      shell.close();
      throw thrown;
    });
    return {
      link: tsh.link,
      readFacts: () => readFacts(tsh),
      backupOf,
      bind: (steps: readonly PlannedStep[], facts: CiscoFacts, wish: Wish, support: StepSupport) =>
        bindSteps(new Visit(tsh, target, facts, wish, support), steps),
      close: () => tsh.close(),
    };
  },
};
