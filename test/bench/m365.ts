/** Microsoft 365 at a distance: the check of the mailboxes. */
import type { Bench } from './bars.ts';
import { checkBars } from './m365/check.ts';

export const m365: Bench = (options) => checkBars(options);
