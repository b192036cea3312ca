/** What is known and kept of a device, apart from how it is spoken to. */

/** Who the device is. `serial` or `mac` must equal what was planned before anything is changed. */
export interface Identity {
  serial: string;
  /** Upper-case hex with colons, when the device tells it. */
  mac: string | null;
  model: string;
  software: string;
  systemName: string;
}

/** One thing saved before a change. `content` may hold secrets: it is sealed in the site file, never logged. */
export interface BackupItem {
  /** `macro`, `settings`, `users`, `panels`, `calendar`, … */
  kind: string;
  name: string;
  content: string;
}

/** The state before the first change, as kept in the site file until the room is undone. */
export interface Baseline {
  items: readonly BackupItem[];
}

/** Kind of the items that are saved in the moment before they are removed from a device: what an undo puts back. */
export const TAKEN = 'taken';
