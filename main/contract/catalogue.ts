/** The errors themselves: what happened, in one sentence, and what to do next. Data only; the parts lie in catalogue/. */

import { BEFORE_ERRORS } from './catalogue/before.ts';
import { DEVICE_ERRORS } from './catalogue/device.ts';
import { FLOW_ERRORS } from './catalogue/flow.ts';
import { GRAPH_ERRORS } from './catalogue/graph.ts';
import { INFINITY_ERRORS } from './catalogue/infinity.ts';
import { PLACES_ERRORS } from './catalogue/places.ts';
import { POWERSHELL_ERRORS } from './catalogue/powershell.ts';
import { REACHING_ERRORS } from './catalogue/reaching.ts';
import { RESULTS_ERRORS } from './catalogue/results.ts';
import { SIGN_IN_ERRORS } from './catalogue/signIn.ts';
import { USE_ERRORS } from './catalogue/use.ts';

/** What kind of trouble it is decides what may follow: wait, stop the credential, never repeat, or ask. */
export type ErrorClass = 'usage' | 'unreachable' | 'login' | 'refused' | 'odd' | 'precondition' | 'internal';

type Entry = { class: ErrorClass; happened: string; todo: string };

export const CATALOGUE = {
  ...USE_ERRORS,
  ...REACHING_ERRORS,
  ...DEVICE_ERRORS,
  ...BEFORE_ERRORS,
  ...FLOW_ERRORS,
  ...INFINITY_ERRORS,
  ...SIGN_IN_ERRORS,
  ...GRAPH_ERRORS,
  ...RESULTS_ERRORS,
  ...POWERSHELL_ERRORS,
  ...PLACES_ERRORS,
  INTERNAL: {
    class: 'internal',
    happened: 'OTJ Migrator met a fault of its own.',
    todo: 'Run the same command again; if it stays, report it to the maintainers.',
  },
} as const satisfies Record<string, Entry>;
