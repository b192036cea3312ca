/** What is to be sent for a room, by what was read of its item and what is agreed. */
import { OtjError } from '../../contract/errors.ts';
import type { ResultConflict, ResultFields } from '../../contract/microsoft/results.ts';
import type { GraphRequest } from '../../microsoft/graph/graph.ts';
import { LIMITS } from '../../microsoft/results/columns.ts';
import { isLive, leaseFields, leaseIn } from '../../microsoft/results/lease.ts';
import type { ListItem, ResultsList } from '../../microsoft/results/list.ts';
import { adopted, goneConflict, type Merged, merge } from '../../microsoft/results/merge.ts';
import type { Agreed } from '../../site/results.ts';
import type { Site } from '../../site/site.ts';
import { isLeaseFromAnywhere, isLeaseOf } from './agreed.ts';
import { isBegun } from './roomResult.ts';
import { blank, type Visit } from './visit.ts';

export interface Send {
  visit: Visit;
  merged: Merged;
  request: GraphRequest;
  fields: ResultFields;
}

export type Decision =
  | { send: Send }
  /** Nothing is to be written, but for what a person has to decide. */
  | { same: Pick<Send, 'visit' | 'merged'>; there: ListItem }
  | { fails: OtjError; conflict: ResultConflict | null };

export function decide(site: Site, list: ResultsList, visit: Visit): Decision {
  const { item, there, ours, room, trouble } = visit;
  if (!visit.looked && (!there || trouble)) return fails(trouble ?? new OtjError('RESULTS_UNSURE'));
  if (visit.doubles > 1) return fails(new OtjError('RESULTS_DOUBLE', `${visit.doubles} items`));
  if (!there) {
    if (item?.itemId) return fails(new OtjError('RESULTS_GONE'), goneConflict(item.base ?? {}, ours));
    // Sent a moment ago, and the list may show it only later; a list that refuses doubles itself is simply asked.
    if (item?.sending && !list.unique && isFresh(item.sending.at)) return fails(new OtjError('RESULTS_UNSURE'));
    // Refused, and not there: it was refused for its own sake.
    if (trouble?.code === 'RESULTS_REFUSED') return fails(trouble);
    const merged: Merged = { write: ours, conflict: null, theirs: [] };
    return { send: { visit, merged, fields: ours, request: list.create(ours) } };
  }
  const known = item?.itemId ? item : taken(site, visit, there);
  const { written, base } = known;
  const merged = merge({ ours, written, base, theirs: there.fields, sent: item?.sending?.fields ?? null });
  visit.item = { ...blank(room.id), ...item, itemId: there.id, base, written };
  // Left behind by work that was cut off: nobody works on rooms of this file while it is published.
  const left = isLeaseOf(item, there.fields) || isLeftElsewhere(list, visit, there) ? leaseFields(null) : {};
  const fields = { ...merged.write, ...left };
  if (Object.keys(fields).length === 0) return { same: { visit, merged }, there };
  if (there.etag === null) return fails(new OtjError('M365_ODD', 'the list tells no etag'));
  return { send: { visit, merged, fields, request: list.update(there, fields) } };
}

/** Of a file that was moved after its work was cut off. While it lasts, it may be of one that ours is a copy of, and that is at work. */
function isLeftElsewhere(list: ResultsList, { item }: Visit, there: ListItem): boolean {
  const lease = leaseIn(there.fields);
  return lease !== null && !isLive(lease, list.graph.now()) && isLeaseFromAnywhere(item, there.fields);
}

function fails(error: OtjError, conflict: ResultConflict | null = null): Decision {
  return { fails: error, conflict };
}

/** An item that this site file does not know: its own, of which the answer was lost, or somebody else's. */
function taken(site: Site, { item, room, ours }: Visit, there: ListItem): Agreed {
  if (item?.sending) return { written: item.sending.fields, base: item.sending.fields };
  return adopted(ours, there.fields, isBegun(site, room)) as Agreed;
}

/** Whether a list may not show yet what was sent then. */
export function isFresh(sentAt: string): boolean {
  return Date.now() - Date.parse(sentAt) < LIMITS.settleSeconds.value * 1000;
}
