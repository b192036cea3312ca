/**
 * Reads entries back for many rooms with one request. What a write has done counts only once it was read, and a Management
 * Node takes so many requests in a minute: two for each entry would halve the rooms that can be prepared in it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { OtjError } from '../contract/errors.ts';
import type { InfinityClient } from './client.ts';
import { objectPath, RESOURCE } from './paths.ts';
import { type Entry, EntrySchema } from './resources.ts';

/** Ids in one request: the address stays below a thousand characters. */
const MOST = 100;
/** Longest that an entry waits for others, milliseconds. */
const PATIENCE_MS = 500;
/** So few are quicker read one by one, all at the same time. */
const FEW = 3;
/** So many go on together, and the next after a while, milliseconds: while a hundred did, no reply would be heard. */
const TOGETHER = 20;
const BETWEEN_MS = 20;

interface Waiting {
  id: number;
  resolve(entry: Entry | null): void;
  reject(thrown: unknown): void;
}

export class ReadBack {
  private readonly client: InfinityClient;
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | null = null;
  /** Rooms that are being written; when all of them wait here, nobody is to come. */
  private underWay = 0;
  /** Whether this node picks by id; it is not documented by Pexip, so it is found out. */
  private picks = true;

  constructor(client: InfinityClient) {
    this.client = client;
  }

  /** Counts a room in while it is worked on, so that the last one does not wait for others. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.underWay++;
    try {
      return await work();
    } finally {
      this.underWay--;
      this.look();
    }
  }

  /** For a wait within `during` for the end of other rooms: these may wait here, and are not to wait for this one. */
  async aside<T>(wait: () => Promise<T>): Promise<T> {
    this.underWay--;
    this.look();
    try {
      return await wait();
    } finally {
      this.underWay++;
    }
  }

  /** The entry as it is after this moment; null when there is none. Throws as {@link InfinityClient} does. */
  read(id: number): Promise<Entry | null> {
    const { promise, resolve, reject } = Promise.withResolvers<Entry | null>();
    this.waiting.push({ id, resolve, reject });
    this.timer ??= setTimeout(() => this.flush(), PATIENCE_MS);
    this.look();
    return promise;
  }

  private look(): void {
    if (this.waiting.length > 0 && this.waiting.length >= Math.min(MOST, this.underWay)) this.flush();
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const batch = this.waiting.splice(0, MOST);
    if (this.waiting.length > 0) this.timer = setTimeout(() => this.flush(), PATIENCE_MS);
    void this.answer(batch);
  }

  private async answer(batch: readonly Waiting[]): Promise<void> {
    try {
      const found = await this.several(batch.map(({ id }) => id));
      for (const [at, { id, resolve, reject }] of batch.entries()) {
        if (at > 0 && at % TOGETHER === 0) await pause(BETWEEN_MS);
        const entry = found.get(id);
        // not among them is no proof of absence: the node may not pick by id, or have shortened its list
        if (entry) resolve(entry);
        else void this.one(id).then(resolve, reject);
      }
    } catch (thrown) {
      for (const { reject } of batch) reject(thrown);
    }
  }

  private async several(ids: readonly number[]): Promise<ReadonlyMap<number, Entry>> {
    if (!this.picks || ids.length <= FEW) return new Map();
    try {
      const entries = await this.client.pick(RESOURCE.endpoints, ids, EntrySchema);
      const found = new Map(entries.filter(({ id }) => ids.includes(id)).map((entry) => [entry.id, entry]));
      this.picks = found.size > 0;
      return found;
    } catch (thrown) {
      const refused =
        thrown instanceof OtjError && (thrown.code === 'INFINITY_REFUSED' || thrown.code === 'INFINITY_ODD');
      if (!refused) throw thrown;
      this.picks = false;
      return new Map();
    }
  }

  private one(id: number): Promise<Entry | null> {
    return this.client.get(objectPath(`${RESOURCE.endpoints}${id}/`), EntrySchema);
  }
}
