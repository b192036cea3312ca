/** Prepare, in the office: one Infinity entry per room, before anybody drives to the building. */
import pLimit from 'p-limit';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import type { InfinitySetup } from '../infinity/setup.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { deliverEntry, InfinityLink } from './infinity.ts';

export interface PreparedRoom {
  room: Room;
  entryId: number | null;
  problem: Problem | null;
}

export interface PrepareResult {
  setup: InfinitySetup;
  rooms: PreparedRoom[];
}

/** Pexip's own tool keeps at most five requests in flight. */
const AT_ONCE = 5;

/**
 * Throws what keeps all rooms from it (INFINITY_UNREACHABLE, INFINITY_LOGIN, INFINITY_SETUP, LICENCES); what keeps one
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
    assertLicences(setup, rooms.filter(({ id }) => !site.outbox.entry(id)).length);
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
      const { entryId } = await deliverEntry(site, link, room, endpoint);
      return { room, entryId, problem: null };
    } catch (thrown) {
      return { room, entryId: null, problem: asOtjError(thrown).toProblem() };
    }
  }
}

/** Whether Infinity itself refuses entries beyond its licences is not documented, so we do. */
function assertLicences({ licences }: InfinitySetup, needed: number): void {
  if (!licences) return;
  const free = licences.total - licences.used;
  if (free < needed) throw new OtjError('LICENCES', `${needed} needed, ${Math.max(0, free)} of ${licences.total} free`);
}
