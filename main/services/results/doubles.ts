/**
 * Items of one room made twice. A list whose key column refuses doubles never has them; in another one, two colleagues may make the
 * item of a room in the same moment: the one with the lower id stays, and whoever made the other takes it back. Where that cannot be
 * seen or done, both stay: whoever made it keeps it as sent and not known, looks by its key again, and tells (RESULTS_DOUBLE).
 */
import { OtjError } from '../../contract/errors.ts';
import type { ListItem, ResultsList } from '../../microsoft/results/list.ts';

/** An item that was just made. */
export interface Made {
  key: string;
  item: ListItem;
}

/** `back`: it was taken back. `unsure`: there may be another one beside it. */
type Fate = 'stays' | 'back' | 'unsure';

/** Throws what Graph throws: nothing is known of any then. */
export async function giveWay<T extends Made>(
  list: ResultsList,
  made: readonly T[],
  signal: AbortSignal,
): Promise<ReadonlyMap<T, Fate>> {
  const fates = new Map<T, Fate>();
  if (made.length === 0) return fates;
  const found = await list.lookUp([...new Set(made.map(({ key }) => key))], signal);
  const late = made.flatMap((one) => {
    const all = found.get(one.key);
    fates.set(one, Array.isArray(all) ? 'stays' : 'unsure');
    if (!Array.isArray(all) || !all.some(({ id }) => Number(id) < Number(one.item.id))) return [];
    // as it was made, so that what somebody has written into it since is not lost
    const etag = one.item.etag ?? all.find(({ id }) => id === one.item.id)?.etag ?? null;
    return [{ one, item: { id: one.item.id, etag } }];
  });
  if (late.length === 0) return fates;
  const answers = await list.graph.batch<unknown>(
    late.map(({ item }) => list.remove(item)),
    signal,
  );
  for (const [at, { one }] of late.entries()) fates.set(one, answers[at] instanceof OtjError ? 'unsure' : 'back');
  return fates;
}
