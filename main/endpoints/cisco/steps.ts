/** The steps of a codec, bound to a session: look, act, look again. */
import { OtjError } from '../../contract/errors.ts';
import type { RunnableStep, StepActions } from '../driver.ts';
import { SETTINGS } from './facts/settings.ts';
import { STEP } from './plan/ids.ts';
import { account, removeAccount } from './steps/account.ts';
import {
  clockRight,
  fitForMove,
  fitForUndo,
  inNoCall,
  lifetimeKnown,
  managerKnown,
  webexKnown,
} from './steps/checks.ts';
import { switchHttpsOn } from './steps/httpsOn.ts';
import { removeMacro, restoreMacro } from './steps/macros.ts';
import { clearMeetings, meetingArrives, noteCutover } from './steps/meetings.ts';
import { othersUnchanged } from './steps/others.ts';
import { restartRuntime } from './steps/runtime.ts';
import { allowHostsAgain, change, changeBack, disallowHosts } from './steps/settings.ts';
import type { Visit } from './steps/visit.ts';

export function bindSteps(visit: Visit): RunnableStep[] {
  return visit.steps.map((plan) => ({ plan, ...actionsOf(visit, plan.id) }));
}

const ACTIONS: Record<string, (visit: Visit) => StepActions> = {
  [STEP.fit]: (visit) => ({ inspect: () => fitForMove(visit) }),
  [STEP.call]: (visit) => ({ inspect: async () => inNoCall(visit) }),
  [STEP.clock]: (visit) => ({ inspect: async () => clockRight(visit) }),
  [STEP.manager]: (visit) => ({ inspect: async () => managerKnown(visit) }),
  [STEP.webex]: (visit) => ({ inspect: async () => webexKnown(visit) }),
  [STEP.lifetime]: (visit) => ({ inspect: async () => lifetimeKnown(visit) }),
  [STEP.httpMode]: switchHttpsOn,
  [STEP.account]: account,
  [STEP.runtime]: (visit) => restartRuntime(visit, STEP.runtime, () => noteCutover(visit)),
  [STEP.httpClientOff]: (visit) => change(visit, 'HttpClient Mode', 'Off'),
  [STEP.allowedHosts]: disallowHosts,
  [STEP.clearBookings]: clearMeetings,
  [STEP.others]: (visit) => ({ inspect: () => othersUnchanged(visit) }),
  [STEP.meeting]: meetingArrives,
  [STEP.undoFit]: (visit) => ({ inspect: () => fitForUndo(visit) }),
  [STEP.undoHosts]: allowHostsAgain,
  [STEP.undoRuntime]: (visit) => restartRuntime(visit, STEP.undoRuntime),
  [STEP.removeAccount]: removeAccount,
};

/** Steps of one thing, whose name stands behind the colon. */
function actionsOf(visit: Visit, id: string): StepActions {
  const plain = ACTIONS[id];
  if (plain) return plain(visit);
  const named = (start: string) => (id.startsWith(start) ? id.slice(start.length) : null);
  const removed = named(STEP.removeMacro);
  if (removed !== null) return removeMacro(visit, removed);
  const restored = named(STEP.restoreMacro);
  if (restored !== null) return restoreMacro(visit, restored);
  const path = SETTINGS.find((one) => one === named(STEP.undoSetting));
  if (path) return changeBack(visit, path);
  throw new OtjError('INTERNAL', `no such step: ${id}`);
}
