/** All OTJ endpoints of Infinity, found by what tells a room's: with ten thousand of them no room looks at each. */
import { isDeepStrictEqual } from 'node:util';
import { type EntryWish, fold, hostOf } from './entry.ts';
import type { Entry } from './resources.ts';

export class EntryIndex {
  readonly #byId = new Map<number, Entry>();
  /** Ids by `mailbox …`, `name …` and `address …`. */
  readonly #by = new Map<string, Set<number>>();

  /** Ids put while a listing is read: their page may have been told before they were made. */
  #putMeanwhile: Set<number> | null = null;

  constructor(entries: Iterable<Entry> = []) {
    for (const entry of entries) this.put(entry);
  }

  /**
   * Becomes what a listing tells. What is as it was stays the object that it was: looking at ten thousand again and again
   * leaves nothing behind that the memory fills with.
   */
  async renew(listing: (page: (entries: readonly Entry[], first: boolean) => void) => Promise<void>): Promise<void> {
    const seen = new Set<number>();
    const own = new Set<number>();
    this.#putMeanwhile = own;
    try {
      await listing((entries, first) => {
        if (first) seen.clear();
        for (const entry of entries) {
          seen.add(entry.id);
          if (!own.has(entry.id) && !isDeepStrictEqual(this.#byId.get(entry.id), entry)) this.#set(entry);
        }
      });
    } finally {
      this.#putMeanwhile = null;
    }
    for (const { id } of this.all()) if (!seen.has(id) && !own.has(id)) this.#drop(id);
  }

  all(): Entry[] {
    return [...this.#byId.values()];
  }

  /** A new entry, or one that is another now. */
  put(entry: Entry): void {
    this.#putMeanwhile?.add(entry.id);
    this.#set(entry);
  }

  #drop(id: number): void {
    const old = this.#byId.get(id);
    if (old) for (const key of keysOf(old)) this.#by.get(key)?.delete(id);
    this.#byId.delete(id);
  }

  #set(entry: Entry): void {
    this.#drop(entry.id);
    this.#byId.set(entry.id, entry);
    for (const key of keysOf(entry)) {
      const ids = this.#by.get(key) ?? new Set();
      this.#by.set(key, ids.add(entry.id));
    }
  }

  /** Those that `findEntry` could choose or object to; it finds the same among them as among all. */
  near(wish: Pick<EntryWish, 'mailbox' | 'name' | 'address'>, knownId: number | null): Entry[] {
    const ids = new Set(
      keysFor(wish.mailbox, wish.name, wish.address).flatMap((key) => [...(this.#by.get(key) ?? [])]),
    );
    if (knownId !== null) ids.add(knownId);
    return [...ids].flatMap((id) => this.#byId.get(id) ?? []);
  }
}

function keysOf({ room_resource_email, name, api_address }: Entry): string[] {
  return keysFor(room_resource_email ?? '', name ?? '', api_address ?? '');
}

function keysFor(mailbox: string, name: string, address: string): string[] {
  return [`mailbox ${fold(mailbox)}`, `name ${fold(name)}`, `address ${hostOf(address)}`];
}
