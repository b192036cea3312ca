/**
 * Infinity's own word for the rooms that were moved, beside what their devices show, kept with each room. Of meetings only
 * their number is read: subjects and organizers are personal data.
 */

import { asOtjError, OtjError } from '../contract/errors.ts';
import type { Proof } from '../contract/infinity.ts';
import { readBookings } from '../endpoints/cisco/facts/bookings.ts';
import { readSignIns } from '../endpoints/cisco/facts/users.ts';
import type { InfinityClient } from '../infinity/client.ts';
import { listContacts, pickContact } from '../infinity/contact.ts';
import { listEntries } from '../infinity/endpoints.ts';
import { fold } from '../infinity/entry.ts';
import { RESOURCE } from '../infinity/paths.ts';
import { judgeProof, PATIENCE, type Patience, type ProofInput, type SignIns } from '../infinity/proof.ts';
import { AlarmSchema, type Entry, MeetingSchema } from '../infinity/resources.ts';
import { LoginGate } from '../migration/loginGate.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { typeOnInfinity } from './entryWish.ts';
import { openRoomCodec } from './roomCodec.ts';
import { roomLogin } from './roomLogin.ts';

export interface ProveOptions {
  rooms: readonly Room[];
  signal: AbortSignal;
  patience?: Patience;
  /** Log in to the codecs of rooms that are late, and read what they keep of Infinity's logins. */
  look?: boolean;
}

export interface ProvenRoom {
  room: Room;
  proof: Proof;
}

/** So many codecs are asked in one go; the cause is rarely another in the next one. */
const MOST_VISITED = 10;

/** Rooms whose devices were moved, so that Infinity has something to prove. */
export function movedRooms({ rooms }: Site): Room[] {
  return rooms.all().filter(({ state }) => state === 'migrated' || state === 'awaiting sync');
}

/** Four requests for all rooms, and the pages of long lists. Throws as InfinityClient does for the contacts. */
export async function proveRooms(site: Site, client: InfinityClient, options: ProveOptions): Promise<ProvenRoom[]> {
  const { rooms, signal, patience = PATIENCE, look = false } = options;
  const contacts = await listContacts(client);
  const ahead = client.clockAhead();
  const [entries, alarms, meetings] = await Promise.all([
    optional(listEntries(client)),
    optional(client.list(RESOURCE.alarms, AlarmSchema)),
    optional(client.list(RESOURCE.meetings, MeetingSchema)),
  ]);
  const entryOf = new Map(entries?.map((entry) => [fold(entry.room_resource_email), entry]));
  const count = new Map<string, number>();
  for (const { room_email } of meetings ?? []) count.set(fold(room_email), (count.get(fold(room_email)) ?? 0) + 1);
  const raised = (alarms ?? []).filter(({ acknowledged }) => acknowledged !== true);
  const now = new Date();
  const inputs = rooms.map((room): ProofInput => {
    const endpoint = site.rooms.endpointOf(room.id);
    return {
      name: room.name,
      mailbox: room.mailbox,
      family: familyOf(endpoint),
      since: changedSince(site, room),
      now,
      patience,
      contact: pickContact(contacts, room, ahead),
      clockAhead: ahead,
      entry: entries ? (entryOf.get(fold(room.mailbox)) ?? knownEntry(site, room, entries) ?? absent(room)) : undefined,
      // An empty list may also mean that this account sees no meetings.
      meetings: meetings && meetings.length > 0 ? (count.get(fold(room.mailbox)) ?? 0) : null,
      alarms: raised,
      shown: shownBy(endpoint),
      signIns: null,
    };
  });
  // A row that could not be read and may be the room's says no more than a list that could not.
  function absent({ mailbox }: Room): null | undefined {
    return client.unread.of(RESOURCE.endpoints, mailbox) ? undefined : null;
  }
  const proven = inputs.map((input, at) => ({ room: rooms[at] as Room, input, proof: judgeProof(input) }));
  if (look) await visitLate(site, proven, signal);
  site.db.transaction(() => {
    for (const { room, proof } of proven) site.outbox.saveProof(room.id, proof);
  });
  return proven.map(({ room, proof }) => ({ room, proof }));
}

/** Null for a codec of the Webex cloud as well: nobody signs in to it, so that says nothing. */
function familyOf(endpoint: Endpoint | null): ProofInput['family'] {
  if (!endpoint?.family) return null;
  const type = typeOnInfinity({ told: endpoint.told, family: endpoint.family });
  return type === 'WEBEX' ? null : type;
}

async function visitLate(
  site: Site,
  proven: { room: Room; input: ProofInput; proof: Proof }[],
  signal: AbortSignal,
): Promise<void> {
  const late = proven.filter(({ proof, input }) => proof.state === 'late' && input.family === 'CISCO');
  const context = { site, gate: new LoginGate(), devices: new Map<string, Room>(), signal };
  for (const one of late.slice(0, MOST_VISITED)) {
    if (signal.aborted) return;
    const seen = await lookAtCodec(context, one.room);
    one.proof =
      seen instanceof OtjError
        ? { ...one.proof, evidence: [...one.proof.evidence, `device: ${seen.code}`] }
        : judgeProof({ ...one.input, ...seen });
  }
}

/** An error is evidence too: a codec that this computer cannot reach says nothing of what the node can. */
async function lookAtCodec(
  context: Parameters<typeof openRoomCodec>[0],
  room: Room,
): Promise<{ signIns: SignIns; shown: NonNullable<Proof['shown']> } | OtjError> {
  try {
    const { xapi } = await openRoomCodec(context, room, false);
    try {
      const { username } = roomLogin(context.site, room, 'cisco-roomos');
      const [account, bookings] = await Promise.all([readSignIns(xapi, username), readBookings(xapi)]);
      const at = new Date().toISOString();
      return { signIns: { account }, shown: { meetings: bookings.ids.length, updated: bookings.lastUpdated, at } };
    } finally {
      await xapi.close();
    }
  } catch (thrown) {
    return asOtjError(thrown);
  }
}

/**
 * What a contact must be later than to prove the room: the cut-over, or the last change of its entry, whichever came last.
 * An entry that was written again as it was does not make an older contact void.
 */
export function changedSince({ outbox }: Site, { id, cutoverAt, stateAt }: Room): Date {
  const cut = new Date(cutoverAt ?? stateAt);
  const changed = outbox.entry(id)?.changedAt;
  return changed ? new Date(Math.max(cut.getTime(), Date.parse(changed))) : cut;
}

function knownEntry({ outbox }: Site, { id }: Room, entries: readonly Entry[]): Entry | null {
  const known = outbox.entry(id);
  return entries.find((entry) => entry.id === known?.entryId) ?? null;
}

/** `4, 2026-11-28T10:00:00Z`: meetings and when the codec's list last changed, as told at the last visit. */
function shownBy(endpoint: Endpoint | null): Proof['shown'] {
  const value = endpoint?.told.find(({ key }) => key === 'bookings')?.value;
  const [, meetings, updated] = /^(\d+)(?:, (.+))?$/.exec(value ?? '') ?? [];
  if (!meetings || !endpoint?.toldAt) return null;
  return { meetings: Number(meetings), updated: updated ?? null, at: endpoint.toldAt };
}

/** Without it the judgement stands on less. A stop on request ends all. */
async function optional<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (thrown) {
    if (asOtjError(thrown).code === 'CANCELLED') throw thrown;
    return null;
  }
}
