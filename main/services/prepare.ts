/** Prepare, in the office: one Infinity entry per room, before anybody drives to the building. */
import pLimit from 'p-limit';
import { asOtjError, type OtjError, type Problem } from '../contract/errors.ts';
import type { TakeOver } from '../contract/infinity.ts';
import type { InfinitySetup } from '../infinity/setup.ts';
import { IN_FLIGHT } from '../infinity/wire.ts';
import { BatchControl } from '../migration/batch.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { type AdoptedEntry, deliverEntry } from './infinity.ts';
import { InfinityLink } from './infinityLink.ts';
import { troubleOfInfinity } from './infinityTrouble.ts';

export interface PreparedRoom {
  room: Room;
  entryId: number | null;
  /** An entry that was there before us and is this room's now. */
  adopted: AdoptedEntry | null;
  problem: Problem | null;
}

export interface PrepareResult {
  setup: InfinitySetup;
  rooms: PreparedRoom[];
}

const unprepared = { entryId: null, adopted: null };

/**
 * Rooms under way. The client keeps at most five requests in flight; but many rooms are read back with one request and
 * kept on disk with one flush, and while some wait for that, others are written.
 */
const AT_ONCE = 150;

/** Of these so many are written, or about to be: while some are on their way, the next are put on record. */
const WRITING = 2 * IN_FLIGHT;

export interface PrepareOptions {
  rooms: readonly Room[];
  signal: AbortSignal;
  /**
   * Entries that were there before us and may be changed, as a person has seen them. Any other one is left alone, also one
   * that has appeared since, and one that has other values by then. Absent = none.
   */
  agreed?: readonly TakeOver[];
  /** Requests to Infinity in 60 seconds; absent = as many as it takes with something left for others. */
  perMinute?: number;
  /** How a person holds the batch; absent = nobody does. */
  control?: BatchControl;
  /** Told when a room's turn has come, before anything is done for it. */
  began?(room: Room): void;
  done(room: PreparedRoom): void;
}

/**
 * Throws what keeps all rooms from it (INFINITY_UNREACHABLE, INFINITY_LOGIN, INFINITY_SETUP); what keeps one
 * room from it is that room's problem. Where the same trouble of Infinity comes back, no further write begins: those rooms
 * have BATCH_PAUSED and are as if they had not been begun. What is on its way is brought to its end.
 */
export async function prepare(site: Site, options: PrepareOptions): Promise<PrepareResult> {
  const { rooms, signal, agreed = [], perMinute, control = new BatchControl(), done } = options;
  const seen = new Map(agreed.map((one) => [one.roomId, one]));
  site.takeLock();
  const repeats = troubleOfInfinity();
  const writes = pLimit(WRITING);
  let last: OtjError | null = null;
  const link = new InfinityLink(site, signal, perMinute);
  try {
    const { setup } = await link.open();
    const results: PreparedRoom[] = [];
    const turns = rooms.entries();
    // So many go on beside each other, each with the next room: nothing is made for a room before its turn.
    const lines = Array.from({ length: AT_ONCE }, async () => {
      for (const [at, room] of turns) {
        const stop = (await control.mayBegin(signal)) ?? repeats.held;
        const result = stop ? { ...unprepared, room, problem: stop.toProblem() } : await one(room);
        results[at] = result;
        done(result);
      }
    });
    await Promise.all(lines);
    return { setup, rooms: results };
  } finally {
    await link.close();
  }

  async function one(room: Room): Promise<PreparedRoom> {
    const ended = control.begin();
    options.began?.(room);
    let isWritten = false;
    const inTurn = <T>(write: () => Promise<T>) =>
      writes(async () => {
        if (repeats.held) throw repeats.held;
        const written = await write();
        isWritten = true;
        return written;
      });
    try {
      const { entryId, adopted } = await deliverEntry(site, link, { room, agreed: seen.get(room.id) ?? null, inTurn });
      repeats.ended(null);
      return { room, entryId, adopted, problem: null };
    } catch (thrown) {
      const error = asOtjError(thrown);
      // A hundred rooms are read back with one request: its failure is one.
      if (!isWritten || error !== last) repeats.ended(error);
      last = error;
      return { ...unprepared, room, problem: error.toProblem() };
    } finally {
      ended();
    }
  }
}
