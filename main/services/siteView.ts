/** The open site as a screen sees it. Never a secret. */
import type { SiteView } from '../contract/site.ts';
import { debtsOf } from './debts.ts';
import type { Opened } from './opened.ts';

/** null = no site is open. */
export function siteView({ siteOrNull: site, ports, busy, practising }: Opened): SiteView | null {
  if (!site) return null;
  const { toInfinity, toList, toPlaces } = debtsOf(site);
  return {
    path: site.path,
    locked: site.isLocked,
    remembered: ports.keychain !== null && site.isRemembered,
    busyElsewhere: !busy && site.isBusyElsewhere(),
    settings: site.settings,
    credentials: site.credentials(),
    owedToList: toList,
    owedToPlaces: toPlaces,
    owed: toInfinity + toList + toPlaces,
    practice: practising,
  };
}
