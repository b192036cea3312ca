/** Sync: delivers what is owed to Infinity and asks Infinity whether it has reached each room. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Conflict } from '../contract/conflict.ts';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import type { Proof } from '../contract/infinity.ts';
import { EntryChanged } from '../infinity/changed.ts';
import { listContacts, pickContact } from '../infinity/contact.ts';
import { PATIENCE, type Patience } from '../infinity/proof.ts';
import { IN_FLIGHT } from '../infinity/wire.ts';
import { Batch, BatchControl } from '../migration/batch.ts';
import { openPilots } from '../migration/pilotGate.ts';
import type { Owed } from '../site/outbox.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { type AdoptedEntry, deliverEntry, deliverRemoval } from './infinity.ts';
import { InfinityLink } from './infinityLink.ts';
import { isOfInfinity, troubleOfInfinity } from './infinityTrouble.ts';
import { confirmPilots } from './pilots.ts';
import { changedSince, movedRooms, type ProvenRoom, proveRooms } from './prove.ts';

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

/**
 * While waiting, the list of contacts is asked for after this long, then after twice as long, up to the most. It is of all
 * endpoints of the platform, which may be ten thousand, and contact takes minutes.
 */
const FIRST_MS = 2_000;
const MOST_MS = 15_000;

/**
 * @returns what is still owed
 * @throws OtjError what keeps everything from it, such as INFINITY_UNREACHABLE; SYNC_STOPPED when the same trouble of Infinity
 *   came back for several rooms, with what was not tried still owed
 */
export async function sync(site: Site, options: SyncOptions): Promise<Owed[]> {
  const { signal, waitMs, delivered, waiting } = options;
  site.takeLock();
  const link = new InfinityLink(site, signal);
  try {
    const owes = site.outbox.owed().length > 0;
    if (!owes && (!site.settings.infinity || movedRooms(site).length === 0)) return [];
    await link.open();
    const held = await deliverAll();
    if (signal.aborted) throw new OtjError('CANCELLED');
    // An account that may not write may still be able to read what Infinity has reached.
    if (held && held.code !== 'INFINITY_FORBIDDEN') throw stopped(held);
    await awaitContacts();
    if (!signal.aborted) await prove();
    if (held) throw stopped(held);
    return site.outbox.owed();
  } finally {
    await link.close();
  }

  /**
   * Several rooms at once; those that are taken off first, because another may need the licence. A room owes one of both.
   * @returns the trouble that came back too often, or null
   */
  async function deliverAll(): Promise<OtjError | null> {
    const all = site.outbox.owed();
    let last: OtjError | null = null;
    let isHeld = false;
    const batch = new Batch(IN_FLIGHT, signal, new BatchControl(), troubleOfInfinity());
    const inTurn = (owed: Owed) => ({
      async work() {
        const trouble = await deliver(owed);
        if (trouble && !isOfInfinity(trouble)) return null;
        last = trouble ?? last;
        batch.ended(trouble);
        return null;
      },
      async skip(reason: OtjError) {
        isHeld ||= reason.code === 'BATCH_PAUSED';
      },
    });
    for (const kind of ['entry-removal', 'entry'])
      await batch.run(all.filter((owed) => owed.kind === kind).map(inTurn));
    return isHeld ? last : null;
  }

  function stopped(trouble: OtjError): OtjError {
    const left = site.outbox.owed().filter(({ kind }) => kind !== 'contact').length;
    return new OtjError('SYNC_STOPPED', [`${trouble.code}; ${left} writes are owed`, trouble.words].join('; '));
  }

  async function awaitContacts(): Promise<void> {
    const until = performance.now() + waitMs;
    for (let pause = FIRST_MS; ; pause = Math.min(MOST_MS, pause * 2)) {
      const left = await checkContacts();
      const rest = until - performance.now();
      if (left === 0 || signal.aborted || rest <= 0) return;
      waiting(left);
      await sleep(Math.min(pause, rest), undefined, { signal }).catch(() => undefined);
    }
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

  /** @returns why it could not be; null = done */
  async function deliver({ roomId, kind }: Owed): Promise<OtjError | null> {
    const room = roomOf(roomId);
    let adopted: AdoptedEntry | null = null;
    try {
      if (kind === 'entry-removal') await deliverRemoval(site, link, room);
      else {
        ({ adopted } = await deliverEntry(site, link, { room }));
        // The device was moved before Infinity knew it: whether Infinity gets there is still to be proven.
        if (room.state === 'awaiting sync') site.outbox.owe(roomId, 'contact');
      }
      delivered({ room, kind, problem: null, conflict: null, adopted });
      return null;
    } catch (thrown) {
      const conflict = thrown instanceof EntryChanged ? thrown.conflict : null;
      const error = asOtjError(thrown);
      delivered({ room, kind, problem: error.toProblem(), conflict, adopted });
      return error;
    }
  }

  /** @returns how many rooms Infinity has not reached yet */
  async function checkContacts(): Promise<number> {
    const owed = site.outbox.owed().filter(({ kind }) => kind === 'contact');
    const silent = unheard();
    if (owed.length === 0 && silent.length === 0) return 0;
    const { client } = await link.open();
    const rows = await listContacts(client);
    const ahead = client.clockAhead();
    for (const room of silent) {
      const { lastContact, node, meetings } = pickContact(rows, room, ahead);
      if (lastContact && lastContact >= changedSince(site, room))
        site.db.transaction(() => {
          site.outbox.saveContact(room.id, { at: lastContact, node, meetings });
          confirmPilots(site, room, { at: lastContact, meetings });
        });
    }
    let left = 0;
    for (const { roomId } of owed) {
      const room = roomOf(roomId);
      const { lastContact, node, meetings } = pickContact(rows, room, ahead);
      if (!lastContact || lastContact < changedSince(site, room)) {
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
