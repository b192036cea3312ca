/** All calls of the contract but those of long work, put together from their areas. */
import type { Handlers, MethodName } from '../../contract/methods.ts';
import type { OpenSite } from '../openSite.ts';
import { type ReachMonitor, startReach } from '../reach.ts';
import { appAreaHandlers } from './app.ts';
import { connectionHandlers } from './connection.ts';
import { discoverHandlers } from './discover.ts';
import { fileHandlers } from './files.ts';
import { infinityHandlers } from './infinity.ts';
import { mailboxHandlers } from './mailboxes.ts';
import { matchHandlers } from './match.ts';
import { microsoftHandlers } from './microsoft.ts';
import { pilotHandlers } from './pilots.ts';
import { placesHandlers } from './places.ts';
import { reportHandlers } from './report.ts';
import { resultsHandlers } from './results.ts';
import { roomHandlers } from './rooms.ts';
import { siteHandlers } from './site.ts';

export type AppHandlers = Omit<Handlers, Extract<MethodName, `jobs.${string}`>>;

/** @param reach begins to look when the first `app.state` was answered */
export function appHandlers(open: OpenSite, reach: ReachMonitor = startReach(open)): AppHandlers {
  const written = new Set<string>();
  return {
    ...appAreaHandlers(open, reach),
    ...fileHandlers(open, written),
    ...siteHandlers(open, reach),
    ...roomHandlers(open, written),
    ...matchHandlers(open),
    ...discoverHandlers(open),
    ...pilotHandlers(open, written),
    ...reportHandlers(open, written),
    ...infinityHandlers(open, written),
    ...microsoftHandlers(open, written),
    ...connectionHandlers(open, reach),
    ...mailboxHandlers(open),
    ...resultsHandlers(open),
    ...placesHandlers(open),
  };
}
