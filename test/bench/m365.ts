/** Microsoft 365 at a distance: the check of the mailboxes, and publishing results. */
import type { Bench } from './bars.ts';
import { checkBars } from './m365/check.ts';
import { publishBars } from './m365/publish.ts';

export const m365: Bench = async (options) => [...(await publishBars(options)), ...(await checkBars(options))];
