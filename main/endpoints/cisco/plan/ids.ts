/** Step ids; those of one macro or setting carry its name behind the colon. */
import type { Change, PlannedStep } from '../../../contract/plan.ts';

export const STEP = {
  fit: 'check.fit',
  call: 'check.call',
  clock: 'check.clock',
  manager: 'check.manager',
  webex: 'check.webex',
  lifetime: 'check.lifetime',
  httpMode: 'settings.http',
  account: 'account',
  removeMacro: 'macro.remove:',
  runtime: 'macro.runtime',
  httpClientOff: 'tidy.http-client',
  allowedHosts: 'tidy.hosts',
  clearBookings: 'bookings.clear',
  others: 'check.others',
  meeting: 'meeting',
  undoFit: 'undo.fit',
  undoHosts: 'undo.hosts',
  undoSetting: 'undo.setting:',
  restoreMacro: 'undo.macro:',
  undoRuntime: 'undo.runtime',
  removeAccount: 'undo.account',
} as const;

/** How the changes of a plan name what they change; whatever is named so may move, and nothing else. */
export const NAMED = {
  macro: (name: string) => `Macro ${name}`,
  user: (username: string) => `User ${username}`,
  panel: (id: string) => `Panel ${id}`,
  layout: (id: string) => `Layout of panel ${id}`,
  host: (expression: string) => `HttpClient Allow Hostname ${expression}`,
} as const;

export function step(id: string, stage: PlannedStep['stage'], title: string, ...changes: Change[]): PlannedStep {
  return { id, stage, title, changes };
}
