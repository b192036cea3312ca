/** Prepare, in the office: one Infinity entry per room, before anybody drives to the building. */
import pLimit from 'p-limit';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import type { FieldChange } from '../infinity/entry.ts';
import type { InfinitySetup } from '../infinity/setup.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { deliverEntry, InfinityLink } from './infinity.ts';

export interface PreparedRoom {
  room: Room;
  entryId: number | null;
  /** Fields of an entry that was there before us and now has our values. */
  taken: FieldChange[];
  problem: Problem | null;
}

export interface PrepareResult {
  setup: InfinitySetup;
  rooms: PreparedRoom[];
}

/** Pexip's own tool keeps at most five requests in flight. */
const AT_ONCE = 5;

/**
 * Throws what keeps all rooms from it (INFINITY_UNREACHABLE, INFINITY_LOGIN, INFINITY_SETUP); what keeps one
 * room from it is that room's problem.
 */
export async function prepare(
  site: Site,
  { rooms, signal, done }: { rooms: readonly Room[]; signal: AbortSignal; done(room: PreparedRoom): void },
): Promise<PrepareResult> {
  site.takeLock();
  const link = new InfinityLink(site, signal);
  try {
    const { setup } = await link.open();
    const limit = pLimit(AT_ONCE);
    const results = await Promise.all(
      rooms.map((room) =>
        limit(async (): Promise<PreparedRoom> => {
          const result = await one(room);
          done(result);
          return result;
        }),
      ),
    );
    return { setup, rooms: results };
  } finally {
    await link.close();
  }

  async function one(room: Room): Promise<PreparedRoom> {
    try {
      if (signal.aborted) throw new OtjError('CANCELLED');
      const endpoint = site.rooms.endpointOf(room.id);
      if (!endpoint) throw new OtjError('NO_ADDRESS');
      const { entryId, taken } = await deliverEntry(site, link, room, endpoint);
      return { room, entryId, taken, problem: null };
    } catch (thrown) {
      return { room, entryId: null, taken: [], problem: asOtjError(thrown).toProblem() };
    }
  }
}
