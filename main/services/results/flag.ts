/** What the team's list says of a room, in the few words that a row of the table has place for. */
import { hostname } from 'node:os';
import { z } from 'zod';
import { eachOf } from '../../contract/agreed.ts';
import { type ResultFields, resultFieldsSchema } from '../../contract/microsoft/results.ts';
import type { RoomState } from '../../contract/plan.ts';
import type { ItemFlag, TeamFlag } from '../../contract/team.ts';
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

/** @param now of the server, which has just told of the list */
export function noteTime(site: Site, now: Date): void {
  site.keep(TEAM, { at: now.toISOString(), aheadMs: Math.round(now.getTime() - Date.now()) });
}

/** States that tell of no work: what a dry run may leave too, and what an undo leaves. */
const UNTOUCHED: ReadonlySet<string> = new Set<RoomState>(['not started', 'ready', 'undone']);

/** What a dry run leaves, or a run that came to nothing before its first step. */
const UNBEGUN: ReadonlySet<string> = new Set<RoomState>(['not started', 'ready', 'needs attention']);

/**
 * Whether anything was done to a room from this site file.
 * @param hasRun a run of ours stands in its journal; rooms that are done by hand have none
 */
export function isBegunHere({ state, hasRun }: { state: RoomState; hasRun: boolean }): boolean {
  return hasRun || !UNBEGUN.has(state);
}

/** What this site file knows of the room itself. */
interface Here {
  /** The key of our own lease. */
  lease: string | null;
  begun: boolean;
  /** By the server's clock. */
  now: Date;
}

/**
 * @param items of the room: one, or more where the list has it twice
 * @returns null when there is nothing that concerns who would begin the room; who has it in work goes before what was done
 */
export function teamFlag(items: readonly ResultFields[], here: Here): TeamFlag | null {
  const flags = items.flatMap((fields) => itemFlag(fields, here) ?? []);
  const [first, ...beside] = flags.toSorted((a, b) => Number(b.kind === 'taken') - Number(a.kind === 'taken'));
  if (!first) return null;
  if (beside.length === 0) return first;
  const said = new Set([JSON.stringify(first)]);
  const isNew = (flag: ItemFlag) => said.size < said.add(JSON.stringify(flag)).size;
  return { ...first, beside: beside.filter(isNew) };
}

function itemFlag(fields: ResultFields, { lease: key, begun, now }: Here): ItemFlag | null {
  const lease = leaseIn(fields);
  if (lease && isLive(lease, now) && judge(lease, { key, laptop: laptop() }, now) === 'taken') {
    const { holder, laptop: where, since, until } = lease;
    return { kind: 'taken', by: holder, laptop: where, since, until };
  }
  const there = typeof fields.state === 'string' ? fields.state : '';
  if (begun || there === '' || UNTOUCHED.has(there)) return null;
  // Without a name nobody ran it: a dry run found something.
  if (there === ('needs attention' satisfies RoomState) && !fields.technician) return null;
  return { kind: 'elsewhere', by: String(fields.technician ?? ''), state: there };
}

const seenSchema = z.array(resultFieldsSchema.catch({})).catch([]);

/** @param seen what the list told of each item of the room, JSON */
export function storedFlag(seen: string, here: Here): TeamFlag | null {
  return teamFlag(seenSchema.parse(JSON.parse(seen)), here);
}

/** Who, and since when and until when by the server's clock, or how far they came. */
export function flagWords(flag: TeamFlag): string {
  const words = eachOf(flag).map(itemWords).join('; in another item of the list: ');
  return flag.beside?.length === 0 ? `${words}; more than one item of the list says so` : words;
}

function itemWords(flag: ItemFlag): string {
  if (flag.kind === 'elsewhere') return `${flag.state}, by ${flag.by || 'somebody'}`;
  const { by, laptop: where, since, until } = flag;
  return `${by}${where ? ` on ${where}` : ''}${since ? `, since ${since}` : ''}, until ${until.replace(/\.\d+Z$/, 'Z')}`;
}
