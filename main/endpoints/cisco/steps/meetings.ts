/** The meetings of the old service and those of Infinity. */
import type { StepActions } from '../../driver.ts';
import { readBookings } from '../facts/bookings.ts';
import { isInCloud } from '../facts/outside.ts';
import { savedMeetings } from '../plan/backup.ts';
import { STEP } from '../plan/ids.ts';
import { macrosToTake } from '../plan/take.ts';
import { holds, lacks } from './seen.ts';
import type { Visit } from './visit.ts';

/**
 * A list of meetings that came after the old service was cut off. The codec's own time of the last change tells it;
 * where that is missing, a list that shares no meeting id with the one saved before does, or any after the list was
 * cleared behind the cutover.
 */
export function meetingArrives(visit: Visit): StepActions {
  const { xapi, target } = visit;
  const old = oldMeetings(visit);
  let atCutover: string | null | undefined;
  return {
    // Before a person has made its entry one of type WEBEX, nothing can come to a cloud codec.
    wait: { everyMs: target.proofEveryMs, forMs: isInCloud(visit.facts.outside) ? 0 : target.proofMs },
    async inspect() {
      const { ids, lastUpdated } = await readBookings(xapi);
      const words = `Bookings List: ${ids.length} meetings, last updated ${lastUpdated ?? 'not told'}`;
      const cleared = visit.wish.clearBookings && visit.support.wasDone(STEP.clearBookings);
      const strangers = ids.length > 0 && (cleared || !ids.some((id) => old.has(id)));
      if (strangers) return holds(words);
      // First look after the runtime restart: any later change of the list cannot be the old macro's.
      if (atCutover === undefined) atCutover = lastUpdated;
      return { holds: lastUpdated !== null && lastUpdated !== atCutover, words };
    },
  };
}

/**
 * Once, right behind the restart: what Infinity has brought since must stay, also where it gives meetings the same ids
 * as the old service did.
 */
export function clearMeetings(visit: Visit): StepActions {
  const old = oldMeetings(visit);
  return {
    async inspect() {
      if (visit.support.wasDone(STEP.clearBookings)) return holds('cleared after the old macro went');
      const { ids } = await readBookings(visit.xapi);
      const left = ids.filter((id) => old.has(id)).length;
      const words = `Bookings List: ${ids.length} meetings, ${left} of them from before`;
      return left === 0 ? holds(words) : lacks(words);
    },
    apply: () => visit.change('Bookings Clear', {}),
  };
}

/** Ids of meetings that the old service brought. */
function oldMeetings({ facts, wish, support }: Visit): ReadonlySet<string> {
  // Until the runtime is restarted without it, the old macro brings meetings; a baseline may be days older than these.
  const oldRuns = macrosToTake(facts, wish, support.baseline).length > 0 && !support.wasDone(STEP.runtime);
  const saved = savedMeetings(support.baseline);
  return new Set([...(saved ?? []), ...(oldRuns || !saved ? facts.bookings.ids : [])]);
}
