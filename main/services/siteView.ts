/** The open site as a screen sees it. Never a secret. */
import type { SiteView } from '../contract/site.ts';
import type { Opened } from './opened.ts';
import { owedPlaces } from './places/update.ts';

/** null = no site is open. */
export function siteView({ siteOrNull: site, ports, busy, practising }: Opened): SiteView | null {
  if (!site) return null;
  const [owedToList, owedToPlaces] = [site.results.owedCount(), owedPlaces(site).length];
  return {
    path: site.path,
    locked: site.isLocked,
    remembered: ports.keychain !== null && site.isRemembered,
    busyElsewhere: !busy && site.isBusyElsewhere(),
    settings: site.settings,
    credentials: site.credentials(),
    owedToList,
    owedToPlaces,
    owed: site.outbox.owedCount() + owedToList + owedToPlaces,
    practice: practising,
  };
}
