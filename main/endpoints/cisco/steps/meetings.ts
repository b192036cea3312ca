/** The meetings of the old service and those of Infinity. */
import type { Seen, StepActions } from '../../driver.ts';
import { type Bookings, readBookings } from '../facts/bookings.ts';
import { isInCloud } from '../facts/outside.ts';
import { bookingsAtCutover, cutoverBookings, savedMeetings } from '../plan/backup.ts';
import { STEP } from '../plan/ids.ts';
import { macrosToTake } from '../plan/take.ts';
import { holds, lacks } from './seen.ts';
import type { Visit } from './visit.ts';

/**
 * Saves the list as the old macro left it: whatever is on it now, this macro brought, and every later change is
 * another's. To be called when the runtime has restarted without it.
 */
export async function noteCutover({ xapi, support }: Visit): Promise<void> {
  await support.addBackup(cutoverBookings(await readBookings(xapi)));
}

/**
 * A list of meetings that came after the old service was cut off. The codec's own time of the last change tells it;
 * where that is missing, a list that shares no meeting id with those saved before does, or any after the list was
 * cleared behind the cutover.
 */
export function meetingArrives(visit: Visit): StepActions {
  const { xapi, target, support } = visit;
  /** Where no list was saved at the cutover, the first look: any later change of the list cannot be the old macro's. */
  let first: string | null | undefined;
  return {
    // To a cloud codec Infinity comes through Webex, which a person may still have to enable in the OTJ profile: nothing is
    // gained by waiting here, and Infinity's own word tells it.
    wait: { everyMs: target.proofEveryMs, forMs: isInCloud(visit.facts.outside) ? 0 : target.proofMs },
    async inspect() {
      const { ids, lastUpdated } = await readBookings(xapi);
      const words = `Bookings List: ${ids.length} meetings, last updated ${lastUpdated ?? 'not told'}`;
      const cleared = visit.wish.clearBookings && support.wasDone(STEP.clearBookings);
      const old = oldMeetings(visit);
      const strangers = ids.length > 0 && (cleared || !ids.some((id) => old.has(id)));
      if (strangers) return holds(words);
      const base = bookingsAtCutover(support.baseline);
      first = first === undefined ? lastUpdated : first;
      const before = base ? base.lastUpdated : first;
      return { holds: lastUpdated !== null && lastUpdated !== before, words };
    },
  };
}

/**
 * Once, right behind the restart: what Infinity has brought since must stay, also where it gives meetings the same ids
 * as the old service did. And not before Infinity can bring its own: until then old meetings are better than none.
 */
export function clearMeetings(visit: Visit): StepActions {
  const { support, xapi, facts } = visit;
  let seen: Bookings | null = null;
  return {
    async inspect(): Promise<Seen> {
      if (support.wasDone(STEP.clearBookings)) return holds('cleared after the old macro went');
      if (isInCloud(facts.outside)) return holds('the old meetings stay until Infinity brings its own through Webex');
      if (support.isEntryOwed())
        return holds('the old meetings stay until Infinity brings its own: it does not know of this room yet');
      seen = await readBookings(xapi);
      const { ids, lastUpdated } = seen;
      const base = bookingsAtCutover(support.baseline);
      const renewed = base !== null && lastUpdated !== null && lastUpdated !== base.lastUpdated;
      const old = oldMeetings(visit);
      const left = renewed ? 0 : ids.filter((id) => old.has(id)).length;
      const words = `Bookings List: ${ids.length} meetings, ${left} of them from before`;
      return left === 0 ? holds(words) : lacks(words);
    },
    async apply() {
      const before = seen ?? (await readBookings(xapi));
      await visit.change('Bookings Clear', {});
      const after = await readBookings(xapi);
      // The clearing is a change as well, and none of Infinity's. A list that has meetings again was brought since: it is
      // told from one that was never cleared by the time of its last change.
      await support.addBackup(cutoverBookings(after.ids.length === 0 ? after : before));
    },
  };
}

/** Ids of meetings that the old service brought. */
function oldMeetings({ facts, wish, support }: Visit): ReadonlySet<string> {
  const { baseline } = support;
  const saved = savedMeetings(baseline);
  const cutOff = bookingsAtCutover(baseline) !== null || support.wasDone(STEP.runtime);
  // Until it is cut off the old macro brings meetings; a backup may be days older than these.
  const oldRuns = !cutOff && macrosToTake(facts, wish, baseline).length > 0;
  return new Set([...(saved ?? []), ...(oldRuns || !saved ? facts.bookings.ids : [])]);
}
