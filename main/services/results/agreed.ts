/** What stands in the list and is agreed, and what in it is ours. Pure. */
import type { ResultFields } from '../../contract/microsoft/results.ts';
import { sameValue } from '../../microsoft/results/fields.ts';
import { isOwn, leaseIn } from '../../microsoft/results/lease.ts';
import type { Merged } from '../../microsoft/results/merge.ts';
import type { Agreed, ResultItem } from '../../site/results.ts';
import { laptop } from './flag.ts';

/** What people have changed is not agreed on: it stays as it was agreed before, so that it is still known as theirs. */
export function agreedOn(seen: ResultFields, ours: ResultFields, { conflict, theirs }: Merged, before: Agreed): Agreed {
  const base = { ...seen };
  const written = { ...ours };
  for (const column of theirs) base[column] = before.base[column] ?? null;
  for (const { column } of conflict?.fields ?? []) {
    base[column] = before.base[column] ?? null;
    if (before.written[column] === undefined || sameValue(column, before.written[column], ours[column]))
      delete written[column];
    else written[column] = before.written[column];
  }
  return { base, written };
}

/** Whether the lease in the list was taken by this very site file on this computer. */
export function isLeaseOf(item: ResultItem | null, there: ResultFields): boolean {
  const lease = leaseIn(there);
  return lease !== null && isOwn(lease, { key: item?.lease ?? null, laptop: laptop() });
}

/** The same, also by this file while it lay elsewhere, or by one on this computer that it is a copy of. */
export function isLeaseFromAnywhere(item: ResultItem | null, there: ResultFields): boolean {
  return isLeaseOf(item && { ...item, lease: item.leaseAnywhere }, there);
}
