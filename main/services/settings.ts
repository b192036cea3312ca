/** Settings of a site, and what follows from changing them. */
import { userInfo } from 'node:os';
import type { Settings } from '../contract/site.ts';
import type { Site } from '../site/site.ts';

/** A new account name reaches Infinity's entries at the next prepare or sync, for rooms that are not under way. */
export function applySettings(site: Site, change: Partial<Settings>): void {
  const before = site.settings.accountName;
  site.db.transaction(() => {
    site.saveSettings(change);
    if (site.settings.accountName === before) return;
    for (const { id, state } of site.rooms.all())
      if (['not started', 'ready', 'needs attention'].includes(state) && site.outbox.entry(id))
        site.outbox.owe(id, 'entry');
  });
}

/** Who is at work: as named in the site file, else the user of this computer. */
export function technicianOf({ settings }: Site): string {
  if (settings.technician) return settings.technician;
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
