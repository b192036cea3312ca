/** Sync: delivers what is owed to Infinity and asks Infinity whether it has reached each room. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Conflict } from '../contract/conflict.ts';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import type { Proof } from '../contract/infinity.ts';
import { EntryChanged } from '../infinity/changed.ts';
import { listContacts, pickContact } from '../infinity/contact.ts';
import { PATIENCE, type Patience } from '../infinity/proof.ts';
import { openPilots } from '../migration/pilotGate.ts';
import type { Owed } from '../site/outbox.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { type AdoptedEntry, deliverEntry, deliverRemoval, InfinityLink } from './infinity.ts';
import { confirmPilots } from './pilots.ts';
import { movedRooms, type ProvenRoom, proveRooms } from './prove.ts';

export interface SyncItem {
  room: Room;
  kind: Owed['kind'];
  /** null = delivered. */
  problem: Problem | null;
  /** What somebody has changed meanwhile, when that is the problem. */
  conflict: Conflict | null;
  /** An entry that was there before us and is as the site wants it. */
  adopted: AdoptedEntry | null;
}

export interface SyncOptions {
  signal: AbortSignal;
  /** How long to wait for Infinity to reach the rooms, milliseconds. */
  waitMs: number;
  delivered(item: SyncItem): void;
  waiting(rooms: number): void;
  /** Told at the end of every room that was moved: how far Infinity's word for it is, and why not further. */
  proven?(room: ProvenRoom): void;
  /** Log in to codecs that Infinity has not reached in time, to learn why. */
  look?: boolean;
  patience?: Patience;
}

/** How often the list of contacts is asked for while waiting. */
const EVERY_MS = 2_000;

/** @returns what is still owed. Throws what keeps everything from it, such as INFINITY_UNREACHABLE. */
export async function sync(site: Site, options: SyncOptions): Promise<Owed[]> {
  const { signal, waitMs, delivered, waiting } = options;
  site.takeLock();
  const link = new InfinityLink(site, signal);
  try {
    const owes = site.outbox.owed().length > 0;
    if (!owes && (!site.settings.infinity || movedRooms(site).length === 0)) return [];
    await link.open();
    for (const owed of site.outbox.owed()) {
      if (signal.aborted) throw new OtjError('CANCELLED');
      if (owed.kind !== 'contact') await deliver(owed);
    }
    const until = performance.now() + waitMs;
    for (;;) {
      const left = await checkContacts();
      if (left === 0 || signal.aborted || performance.now() + EVERY_MS > until) break;
      waiting(left);
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    if (!signal.aborted) await prove();
    return site.outbox.owed();
  } finally {
    await link.close();
  }

  /** A contact that is late is told with its likely cause, wherever what is owed is listed. */
  async function prove(): Promise<void> {
    const { client } = await link.open();
    const { look = false, patience = PATIENCE, proven } = options;
    const rooms = movedRooms(site);
    if (rooms.length === 0) return;
    for (const one of await proveRooms(site, client, { rooms, signal, look, patience })) {
      const { room, proof } = one;
      if (proof.state === 'late' && site.outbox.owedOf(room.id).includes('contact'))
        site.outbox.failed(room.id, 'contact', lateProblem(proof));
      proven?.(one);
    }
  }

  async function deliver({ roomId, kind }: Owed): Promise<void> {
    const room = roomOf(roomId);
    let adopted: AdoptedEntry | null = null;
    try {
      if (kind === 'entry-removal') await deliverRemoval(site, link, room);
      else {
        const endpoint = site.rooms.endpointOf(roomId);
        if (!endpoint) throw new OtjError('NO_ADDRESS');
        ({ adopted } = await deliverEntry(site, link, { room, endpoint }));
        // The device was moved before Infinity knew it: whether Infinity gets there is still to be proven.
        if (room.state === 'awaiting sync') site.outbox.owe(roomId, 'contact');
      }
      delivered({ room, kind, problem: null, conflict: null, adopted });
    } catch (thrown) {
      const conflict = thrown instanceof EntryChanged ? thrown.conflict : null;
      delivered({ room, kind, problem: asOtjError(thrown).toProblem(), conflict, adopted });
    }
  }

  /** @returns how many rooms Infinity has not reached yet */
  async function checkContacts(): Promise<number> {
    const owed = site.outbox.owed().filter(({ kind }) => kind === 'contact');
    const silent = unheard();
    if (owed.length === 0 && silent.length === 0) return 0;
    const { client } = await link.open();
    const rows = await listContacts(client);
    for (const room of silent) {
      const { lastContact, node, meetings } = pickContact(rows, room);
      const since = new Date(room.cutoverAt ?? room.stateAt);
      if (lastContact && lastContact >= since)
        site.db.transaction(() => {
          site.outbox.saveContact(room.id, { at: lastContact, node, meetings });
          confirmPilots(site, room, { at: lastContact, meetings });
        });
    }
    let left = 0;
    for (const { roomId } of owed) {
      const room = roomOf(roomId);
      const { lastContact, node, meetings } = pickContact(rows, room);
      const since = new Date(room.cutoverAt ?? room.stateAt);
      if (!lastContact || lastContact < since) {
        left++;
        continue;
      }
      site.db.transaction(() => {
        site.outbox.saveContact(roomId, { at: lastContact, node, meetings });
        site.outbox.delivered(roomId, 'contact');
        site.rooms.mark(roomId, 'served_at', lastContact);
        if (room.state === 'awaiting sync' && site.outbox.owedOf(roomId).length === 0)
          site.rooms.setState(roomId, 'migrated');
        confirmPilots(site, room, { at: lastContact, meetings });
      });
      delivered({ room, kind: 'contact', problem: null, conflict: null, adopted: null });
    }
    return left;
  }

  /**
   * Migrated rooms, proven by a meeting that arrived, of which Infinity's own word is not in the site file yet; and
   * pilots without a confirmation, whose room may have had no meeting when Infinity came first.
   */
  function unheard(): Room[] {
    const pilots = openPilots(site);
    return site.rooms.all().filter(({ id, state }) => {
      const entry = state === 'migrated' ? site.outbox.entry(id) : null;
      return entry && (entry.lastContact === null || pilots.has(id));
    });
  }

  function roomOf(id: number): Room {
    const room = site.rooms.get(id);
    if (!room) throw new OtjError('INTERNAL', `owed to a room that is gone: ${id}`);
    return room;
  }
}

function lateProblem({ cause, evidence }: Proof): Problem {
  return new OtjError('CONTACT_LATE', [cause, ...evidence].join('; ').slice(0, 500)).toProblem();
}

/** Rooms that a run refused only for their entry on Infinity, which is as it should be by now. */
export function roomsFreedBySync(site: Site): Room[] {
  return site.rooms
    .all()
    .filter(
      ({ id, state, problem }) =>
        state === 'needs attention' &&
        (problem?.code === 'NOT_PREPARED' || problem?.code === 'INFINITY_CHANGED') &&
        site.outbox.entry(id) &&
        !site.outbox.owedOf(id).includes('entry'),
    );
}
