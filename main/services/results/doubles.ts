/**
 * Items of one room made twice. A list whose key column refuses doubles never has them; in another one, two colleagues may make the
 * item of a room in the same moment: the one with the lower id stays, and whoever made the other takes it back. Where that cannot be
 * seen or done, both stay and are told later (RESULTS_DOUBLE).
 */
import { OtjError } from '../../contract/errors.ts';
import type { ListItem, ResultsList } from '../../microsoft/results/list.ts';

/** An item that was just made. */
export interface Made {
  key: string;
  item: ListItem;
}

/** @returns those whose item was taken back. Throws what Graph throws */
export async function giveWay<T extends Made>(
  list: ResultsList,
  made: readonly T[],
  signal: AbortSignal,
): Promise<ReadonlySet<T>> {
  if (made.length === 0) return new Set();
  const found = await list.lookUp([...new Set(made.map(({ key }) => key))], signal);
  const late = made.flatMap((one) => {
    const all = found.get(one.key);
    if (!Array.isArray(all) || !all.some(({ id }) => Number(id) < Number(one.item.id))) return [];
    // as it was made, so that what somebody has written into it since is not lost
    const etag = one.item.etag ?? all.find(({ id }) => id === one.item.id)?.etag ?? null;
    return [{ one, item: { id: one.item.id, etag } }];
  });
  if (late.length === 0) return new Set();
  const answers = await list.graph.batch<unknown>(
    late.map(({ item }) => list.remove(item)),
    signal,
  );
  return new Set(late.flatMap(({ one }, at) => (answers[at] instanceof OtjError ? [] : [one])));
}
