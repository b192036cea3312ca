/** Reads the items of the rooms that a publish has to look at: by their id, by their key, or the whole list where that is less. */
import { OtjError } from '../../contract/errors.ts';
import type { ListItem, ResultsList } from '../../microsoft/results/list.ts';
import type { Visit } from './visit.ts';

/** With more unknown rooms than these, the whole list is read rather than each looked up. */
const MOST_LOOKED_UP = 20;

export class Finder {
  private readonly signal: AbortSignal;
  /** The whole list, where it is read anyway; used once: later looks have to see what came in between. */
  private all: Promise<Map<string, ListItem[]>> | null = null;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** Reads ahead what so many rooms will need whose item is not known, before anything else is known of the list. */
  begin(list: ResultsList, unknown: number): void {
    if (unknown <= MOST_LOOKED_UP) return;
    this.all = allOf(list, this.signal);
    // columns that are not there any more are told of first
    this.all.catch(() => undefined);
  }

  /** What cannot be read is noted with its visit. Throws what keeps everything from it. */
  async look(list: ResultsList, visits: readonly Visit[]): Promise<void> {
    const known = visits.filter(({ item }) => item?.itemId);
    const unknown = visits.filter(({ item }) => !item?.itemId);
    const byId = await list.readSome(
      known.flatMap(({ item }) => item?.itemId ?? []),
      this.signal,
    );
    for (const visit of known) note(visit, byId.get(visit.item?.itemId ?? '') ?? []);
    if (unknown.length === 0) return;
    const found = await this.byKey(list, unknown);
    for (const visit of unknown) note(visit, found.get(visit.key) ?? []);
  }

  private async byKey(
    list: ResultsList,
    unknown: readonly Visit[],
  ): Promise<ReadonlyMap<string, ListItem[] | OtjError>> {
    if (unknown.length <= MOST_LOOKED_UP)
      return list.lookUp(
        unknown.map(({ key }) => key),
        this.signal,
      );
    const { all } = this;
    this.all = null;
    return all ?? allOf(list, this.signal);
  }
}

function note(visit: Visit, found: readonly ListItem[] | OtjError): void {
  visit.look = false;
  if (found instanceof OtjError) {
    visit.trouble = found;
    visit.looked = false;
    return;
  }
  visit.looked = true;
  visit.there = found[0] ?? null;
  visit.doubles = found.length;
}

async function allOf(list: ResultsList, signal: AbortSignal): Promise<Map<string, ListItem[]>> {
  const all = new Map<string, ListItem[]>();
  for await (const item of list.readAll(signal)) {
    const key = String(item.fields.jobKey);
    const there = all.get(key);
    if (there) there.push(item);
    else all.set(key, [item]);
  }
  return all;
}
