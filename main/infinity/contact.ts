/** Has Infinity been in contact with a room's endpoint? Only Infinity's own status proves it, not a test from here. */
import type { InfinityClient } from './client.ts';
import { byOurClock } from './clock.ts';
import { fold } from './entry.ts';
import { RESOURCE } from './paths.ts';
import { type ContactRow, ContactSchema } from './resources.ts';
import { parseTime } from './time.ts';

export interface Contact {
  /** By this computer's clock; null when not seen yet. */
  lastContact: Date | null;
  /** Conferencing Node last in contact. */
  node: string | null;
  /** Meetings that were last synchronised. */
  meetings: number | null;
}

/** Entry name and room mailbox. */
export interface Who {
  name: string;
  mailbox: string;
}

/** The status of all OTJ endpoints in one go, for {@link pickContact}. Throws as {@link InfinityClient} does. */
export function listContacts(client: InfinityClient): Promise<ContactRow[]> {
  return client.list(RESOURCE.contacts, ContactSchema);
}

/**
 * Picks a room's row. The status id is not known to be the entry's id, so rows are told by name and mailbox; a row
 * of the same name but another mailbox is not this room's and proves nothing. Never contacted and not listed are
 * the same: not seen yet.
 * @param ahead how far this computer's clock is ahead of Infinity's, milliseconds
 */
export function pickContact(rows: readonly ContactRow[], { name, mailbox }: Who, ahead = 0): Contact {
  const named = rows.filter((row) => fold(row.endpoint_name) === fold(name));
  const mailed = rows.filter((row) => fold(row.room_email) === fold(mailbox));
  const both = named.filter((row) => mailed.includes(row));
  const bare = named.filter((row) => fold(row.room_email) === '');
  // several rows of one mailbox under other names cannot be told apart
  const fitting = [both, mailed.length === 1 ? mailed : [], bare].find((some) => some.length > 0) ?? [];
  const [latest] = fitting
    .map((row) => ({
      lastContact: byOurClock(parseTime(row.last_contact_time), ahead),
      node: row.last_worker || null,
      meetings: row.number_of_meetings ?? null,
    }))
    .sort((a, b) => (b.lastContact?.getTime() ?? 0) - (a.lastContact?.getTime() ?? 0));
  return latest ?? { lastContact: null, node: null, meetings: null };
}
