/** What the team's list says of a room, in the few words that a row of the table has place for. */
import { hostname } from 'node:os';
import { type ResultFields, resultFieldsSchema } from '../../contract/microsoft/results.ts';
import type { RoomState } from '../../contract/plan.ts';
import type { TeamFlag } from '../../contract/rooms.ts';
import { isLive, judge, leaseIn } from '../../microsoft/results/lease.ts';
import type { Site } from '../../site/site.ts';

/** Where it is kept how far the server's clock is ahead of ours, and when the list was read. */
export const TEAM = 'results.team';

/** This computer, as colleagues see it. */
export function laptop(): string {
  return hostname() || 'unknown';
}

/** The time of the server as far as it is known. */
export function teamNow(site: Site): Date {
  const kept = site.kept(TEAM) as { aheadMs: number } | null;
  return new Date(Date.now() + (kept?.aheadMs ?? 0));
}

const UNTOUCHED: ReadonlySet<string> = new Set<RoomState>(['not started', 'ready']);

/**
 * @param seen what the list told, JSON; null = nothing
 * @param lease the key of our own lease
 * @returns null when there is nothing that concerns who would begin the room
 */
export function teamFlag(
  seen: string | null,
  { lease: key, state, now }: { lease: string | null; state: RoomState; now: Date },
): TeamFlag | null {
  const fields: ResultFields = seen === null ? {} : (resultFieldsSchema.safeParse(JSON.parse(seen)).data ?? {});
  const lease = leaseIn(fields);
  if (lease && isLive(lease, now) && judge(lease, { key, laptop: laptop() }, now) === 'taken') {
    const { holder, laptop: where, since, until } = lease;
    return { kind: 'taken', by: holder, laptop: where, since, until };
  }
  const there = typeof fields.state === 'string' ? fields.state : '';
  if (!UNTOUCHED.has(state) || there === '' || UNTOUCHED.has(there) || there === 'undone') return null;
  return { kind: 'elsewhere', by: String(fields.technician ?? ''), state: there };
}
