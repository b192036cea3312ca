/** All OTJ endpoints of Infinity, found by what tells a room's: with ten thousand of them no room looks at each. */
import { isDeepStrictEqual } from 'node:util';
import type { PagesTold } from './client.ts';
import { type EntryWish, fold, hostOf } from './entry.ts';
import { type Entry, tellsEntry } from './resources.ts';

/** What is looked for. */
type By = 'mailbox' | 'name' | 'address';
/** Nearly always one has it, and a set for each would take more room than all else. */
type Ids = number | Set<number>;

export class EntryIndex {
  readonly #byId = new Map<number, Entry>();
  readonly #by: Record<By, Map<string, Ids>> = { mailbox: new Map(), name: new Map(), address: new Map() };

  /** Ids put while a listing is read: their page may have been told before they were made. */
  #putMeanwhile: Set<number> | null = null;

  constructor(entries: Iterable<Entry> = []) {
    for (const entry of entries) this.put(entry);
  }

  /**
   * Becomes what a listing tells. What is as it was stays the object that it was: looking at ten thousand again and again
   * leaves nothing behind that the memory fills with.
   */
  async renew(listing: (told: PagesTold<Entry>) => Promise<void>): Promise<void> {
    const seen = new Set<number>();
    const own = new Set<number>();
    this.#putMeanwhile = own;
    try {
      await listing({
        known: (row) => this.#known(row),
        page: (entries, first) => {
          if (first) seen.clear();
          for (const entry of entries) {
            seen.add(entry.id);
            if (!own.has(entry.id) && !isDeepStrictEqual(this.#byId.get(entry.id), entry)) this.#set(entry);
          }
        },
      });
    } finally {
      this.#putMeanwhile = null;
    }
    for (const id of [...this.#byId.keys()]) if (!seen.has(id) && !own.has(id)) this.#drop(id);
  }

  all(): Entry[] {
    return [...this.#byId.values()];
  }

  /** A new entry, or one that is another now. */
  put(entry: Entry): void {
    this.#putMeanwhile?.add(entry.id);
    this.#set(entry);
  }

  #known(row: unknown): Entry | null {
    if (typeof row !== 'object' || row === null) return null;
    const entry = this.#byId.get(Number(Reflect.get(row, 'id')));
    return entry && tellsEntry(row, entry) ? entry : null;
  }

  #drop(id: number): void {
    const old = this.#byId.get(id);
    if (old) for (const [by, key] of keysOf(old)) this.#leave(this.#by[by], key, id);
    this.#byId.delete(id);
  }

  #leave(map: Map<string, Ids>, key: string, id: number): void {
    const ids = map.get(key);
    if (ids === id) map.delete(key);
    else if (ids instanceof Set) ids.delete(id);
  }

  #set(entry: Entry): void {
    const { id } = entry;
    this.#drop(id);
    this.#byId.set(id, entry);
    for (const [by, key] of keysOf(entry)) {
      const map = this.#by[by];
      const ids = map.get(key);
      if (ids === undefined) map.set(key, id);
      else map.set(key, ids instanceof Set ? ids.add(id) : new Set([ids, id]));
    }
  }

  /** Those that `findEntry` could choose or object to; it finds the same among them as among all. */
  near({ mailbox, name, address }: Pick<EntryWish, 'mailbox' | 'name' | 'address'>, knownId: number | null): Entry[] {
    const ids = new Set<number>();
    for (const [by, key] of keysFor(mailbox, name, address)) {
      const some = this.#by[by].get(key) ?? [];
      for (const id of typeof some === 'number' ? [some] : some) ids.add(id);
    }
    if (knownId !== null) ids.add(knownId);
    return [...ids].flatMap((id) => this.#byId.get(id) ?? []);
  }
}

function keysOf({ room_resource_email, name, api_address }: Entry): [By, string][] {
  return keysFor(room_resource_email ?? '', name ?? '', api_address ?? '');
}

function keysFor(mailbox: string, name: string, address: string): [By, string][] {
  return [
    ['mailbox', fold(mailbox)],
    ['name', fold(name)],
    ['address', hostOf(address)],
  ];
}
