/** What the team's list in SharePoint has of each room, what is still owed to it, and what it told of others' work. */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../contract/errors.ts';
import {
  type ResultColumn,
  type ResultConflict,
  type ResultFields,
  type ResultFile,
  type ResultTake,
  resultConflictSchema,
} from '../contract/microsoft/results.ts';
import { problemSchema } from '../contract/rooms.ts';
import type { Database, Row } from './database.ts';

export interface ResultItem {
  roomId: number;
  /** null = none is known; one may be there all the same. */
  itemId: string | null;
  etag: string | null;
  /** Our columns as they were when it had this etag. */
  seen: ResultFields | null;
  /** Our columns as last agreed: what differs from it since was changed by somebody. */
  base: ResultFields | null;
  /** The values that we had for them then. */
  written: ResultFields | null;
  /** Sent, and the answer is not known. */
  sending: { fields: ResultFields; at: string } | null;
  conflict: ResultConflict | null;
  problem: Problem | null;
  keptOut: boolean;
  /** Key of the lease that was taken by this very file, and not by one that it is a copy of. */
  lease: string | null;
  /** The same, also where this file is a copy of that one, or lay elsewhere then. */
  leaseAnywhere: string | null;
  deliveredAt: string | null;
}

export interface OwedResult {
  roomId: number;
  since: string;
  /** Counts up with each change: a debt is struck off only if nothing has changed since it was read. */
  change: number;
}

/** An item as it was read. */
export interface ReadItem {
  itemId: string;
  etag: string | null;
  seen: ResultFields;
}

/** What the next merge starts from. */
export interface Agreed {
  base: ResultFields;
  written: ResultFields;
}

/** An item as the list told of it. */
export interface TeamSeen {
  key: string;
  item: string;
  roomId: number | null;
  seen: ResultFields;
}

const PLACE_LENGTH = 16;

/** One spelling for each file. Some drives of Windows do not know their own paths, and nobody has to be able to ask for one. */
function realOf(path: string): string {
  for (const real of [realpathSync.native, realpathSync])
    try {
      return real(path);
    } catch {
      // The next one may know it.
    }
  const whole = resolve(path);
  return process.platform === 'win32' ? whole.toLowerCase() : whole;
}

export class Results {
  /**
   * Where the site file lies, as a hash: two copies on one computer know the same keys of leases, and no two files have the same place at
   * a time. A file that was moved does not know the lease that it had taken before.
   */
  readonly place: string;
  private readonly db: Database;

  constructor(db: Database, path: string) {
    this.db = db;
    this.place = createHash('sha256').update(realOf(path)).digest('hex').slice(0, PLACE_LENGTH);
  }

  /** Another list: nothing is known of it, and all rooms are owed. */
  beginList(): void {
    this.db.transaction(() => {
      this.endList();
      this.oweAll();
    });
  }

  /**
   * These columns of ours go to other ones of the list from now on, or to none: what is known of them is forgotten. Items, leases
   * and decisions to leave a room out stay. All rooms are looked at again.
   */
  changeColumns(columns: readonly ResultColumn[]): void {
    const without = (fields: ResultFields | null | undefined) => {
      if (!fields) return null;
      const left = Object.entries(fields).filter(([column]) => !columns.includes(column as ResultColumn));
      return JSON.stringify(Object.fromEntries(left));
    };
    this.db.transaction(() => {
      for (const { roomId, base, written, sending } of this.all())
        this.put(roomId, {
          ...{ base: without(base), written: without(written), sending: without(sending?.fields) },
          ...{ etag: null, seen: null, conflict: null, problem: null },
        });
      this.oweAll();
    });
  }

  private oweAll(): void {
    this.db.run(
      `INSERT INTO result_owed (room_id, since, change) SELECT id, $at, 1 FROM room WHERE true
       ON CONFLICT (room_id) DO UPDATE SET change = change + 1`,
      { at: now() },
    );
  }

  /** No list any more: nothing is owed to it. */
  endList(): void {
    this.db.transaction(() => {
      for (const table of ['result_item', 'result_file', 'team_room', 'result_owed'])
        this.db.run(`DELETE FROM ${table}`);
    });
  }

  owed(): OwedResult[] {
    return this.db.all('SELECT * FROM result_owed ORDER BY since, room_id').map((row) => ({
      roomId: Number(row.room_id),
      since: String(row.since),
      change: Number(row.change),
    }));
  }

  owedCount(): number {
    return Number(this.db.one('SELECT count(*) AS owed FROM result_owed')?.owed);
  }

  /** Rooms that are owed and of which no item is known, those that were left out not counted. */
  unknownCount(): number {
    const row = this.db.one(
      `SELECT count(*) AS unknown FROM result_owed o LEFT JOIN result_item i USING (room_id)
       WHERE i.item_id IS NULL AND coalesce(i.kept_out, 0) = 0`,
    );
    return Number(row?.unknown);
  }

  /** A publish is to look at this room again. */
  owe(roomId: number): void {
    this.db.run(
      `INSERT INTO result_owed (room_id, since, change) VALUES ($roomId, $at, 1)
       ON CONFLICT (room_id) DO UPDATE SET change = change + 1`,
      { roomId, at: now() },
    );
  }

  /** The list has the news; what changed meanwhile stays owed. */
  settle({ roomId, change }: OwedResult): void {
    this.db.run('DELETE FROM result_owed WHERE room_id = $roomId AND change = $change', { roomId, change });
  }

  all(): ResultItem[] {
    return this.db.all('SELECT * FROM result_item').map((row) => this.toItem(row));
  }

  of(roomId: number): ResultItem | null {
    const row = this.db.one('SELECT * FROM result_item WHERE room_id = $roomId', { roomId });
    return row ? this.toItem(row) : null;
  }

  publishedCount(): { published: number; at: string | null } {
    const row = this.db.one(
      'SELECT count(*) AS published, max(delivered_at) AS at FROM result_item WHERE item_id IS NOT NULL',
    );
    return { published: Number(row?.published), at: (row?.at ?? null) as string | null };
  }

  /** Before it goes out: a crash, a lost answer or a 504 may leave an item behind that nobody knows of. */
  noteSending(roomId: number, fields: ResultFields): void {
    this.put(roomId, { sending: JSON.stringify(fields), sending_at: now() });
  }

  /** It was refused, so there is nothing to be looked for. */
  forgetSending(roomId: number): void {
    this.put(roomId, { sending: null, sending_at: null });
  }

  /** The item was read back after our write, or taken over as it is. */
  delivered(roomId: number, { itemId, etag, seen }: ReadItem, { base, written }: Agreed): void {
    this.put(roomId, {
      item_id: itemId,
      etag,
      seen: JSON.stringify(seen),
      base: JSON.stringify(base),
      written: JSON.stringify(written),
      sending: null,
      sending_at: null,
      conflict: null,
      problem: null,
      kept_out: 0,
      attempts: 0,
      tried_at: now(),
      delivered_at: now(),
    });
  }

  /** The item was looked at, or only its lease was written; what is agreed stays. */
  noteSeen(roomId: number, { itemId, etag, seen }: ReadItem): void {
    this.put(roomId, { item_id: itemId, etag, seen: JSON.stringify(seen) });
  }

  failed(roomId: number, problem: Problem, conflict: ResultConflict | null = null): void {
    this.put(roomId, {
      problem: JSON.stringify(problem),
      conflict: conflict && JSON.stringify(conflict),
      tried_at: now(),
    });
    this.db.run('UPDATE result_item SET attempts = attempts + 1 WHERE room_id = $roomId', { roomId });
  }

  /** Its item is left deleted: there is nothing to be said of the room until somebody wants it back. */
  keepOut(roomId: number): void {
    this.put(roomId, {
      ...{ item_id: null, etag: null, seen: null, base: null, written: null, sending: null },
      ...{ sending_at: null, conflict: null, problem: null, kept_out: 1 },
    });
  }

  /** The item is gone and is to be made anew. */
  forgetItem(roomId: number): void {
    this.put(roomId, {
      ...{ item_id: null, etag: null, seen: null, base: null, written: null, sending: null },
      ...{ sending_at: null, conflict: null, problem: null, kept_out: 0 },
    });
  }

  /**
   * A person has decided about a conflict; the next publish acts by it. Their value is no news from then on: it stays until
   * there is news here, or is written over with ours.
   * @returns whether a decision was waiting
   */
  decide(roomId: number, take: ResultTake): boolean {
    const item = this.of(roomId);
    if (!item?.conflict) return false;
    const { conflict } = item;
    this.db.transaction(() => {
      this.owe(roomId);
      if (conflict.gone) return take === 'list' ? this.keepOut(roomId) : this.forgetItem(roomId);
      const base = { ...item.base };
      const written = { ...item.written };
      for (const { column, theirs, ours } of conflict.fields) {
        base[column] = theirs;
        if (take === 'list') written[column] = ours;
        else delete written[column];
      }
      this.put(roomId, {
        base: JSON.stringify(base),
        written: JSON.stringify(written),
        conflict: null,
        problem: null,
      });
    });
    return true;
  }

  noteLease(roomId: number, key: string | null): void {
    this.put(roomId, { lease: key, lease_place: key && this.place });
  }

  /** Rooms on which this site file has taken a lease and not given it back. */
  leases(): { roomId: number; key: string }[] {
    return this.db
      .all(
        'SELECT room_id, lease FROM result_item WHERE lease IS NOT NULL AND coalesce(lease_place, $place) = $place',
        {
          place: this.place,
        },
      )
      .map((row) => ({ roomId: Number(row.room_id), key: String(row.lease) }));
  }

  files(): ResultFile[] {
    return this.db.all('SELECT * FROM result_file ORDER BY path').map((row) => ({
      path: String(row.path),
      url: row.url as string | null,
      bytes: Number(row.bytes),
      at: String(row.at),
      problem: problemIn(row.problem),
    }));
  }

  /** Of what was delivered last; null = never, or it failed since. */
  fileDigest(path: string): string | null {
    return (this.db.one('SELECT digest FROM result_file WHERE path = $path', { path })?.digest ?? null) as
      | string
      | null;
  }

  saveFile({ path, digest, url, bytes, problem }: Omit<ResultFile, 'at'> & { digest: string | null }): void {
    this.db.run(
      `INSERT INTO result_file (path, digest, url, bytes, at, problem) VALUES ($path, $digest, $url, $bytes, $at, $problem)
       ON CONFLICT (path) DO UPDATE SET digest = excluded.digest, url = coalesce(excluded.url, url),
         bytes = excluded.bytes, at = excluded.at, problem = excluded.problem`,
      { path, digest, url, bytes, at: now(), problem: problem && JSON.stringify(problem) },
    );
  }

  /** Files that could not go up are owed no longer, but for those of these paths. */
  forgetFailedFiles(but: readonly string[]): void {
    this.db.run(
      'DELETE FROM result_file WHERE problem IS NOT NULL AND path NOT IN (SELECT value FROM json_each($but))',
      { but: JSON.stringify(but) },
    );
  }

  /** What the list told of all its items, in the place of what it told before. */
  saveTeam(items: readonly TeamSeen[]): void {
    this.db.transaction(() => {
      this.db.run('DELETE FROM team_room');
      for (const item of items) this.putTeamItem(item);
    });
  }

  /** All that the list has with this key, in the place of what it told before. */
  saveTeamRoom(key: string, items: readonly TeamSeen[]): void {
    this.db.transaction(() => {
      this.db.run('DELETE FROM team_room WHERE key = $key', { key });
      for (const item of items) this.putTeamItem(item);
    });
  }

  /** One item; what others of the same room told stays. */
  saveTeamItem(item: TeamSeen): void {
    this.db.transaction(() => {
      this.db.run(`DELETE FROM team_room WHERE key = $key AND item = ''`, { key: item.key });
      this.putTeamItem(item);
    });
  }

  private putTeamItem({ key, item, roomId, seen }: TeamSeen): void {
    this.db.run(
      `INSERT INTO team_room (key, item, room_id, seen) VALUES ($key, $item, $roomId, $seen)
       ON CONFLICT (key, item) DO UPDATE SET room_id = excluded.room_id, seen = excluded.seen`,
      { key, item, roomId, seen: JSON.stringify(seen) },
    );
  }

  team(): TeamSeen[] {
    return this.db.all('SELECT * FROM team_room ORDER BY CAST(item AS INTEGER), rowid').map((row) => ({
      key: String(row.key),
      item: String(row.item),
      roomId: row.room_id as number | null,
      seen: fieldsIn(row.seen) ?? {},
    }));
  }

  private toItem(row: Record<string, unknown>): ResultItem {
    const sending = fieldsIn(row.sending);
    return {
      roomId: Number(row.room_id),
      itemId: row.item_id as string | null,
      etag: row.etag as string | null,
      seen: fieldsIn(row.seen),
      base: fieldsIn(row.base),
      written: fieldsIn(row.written),
      sending: sending && { fields: sending, at: String(row.sending_at) },
      conflict: row.conflict ? resultConflictSchema.parse(JSON.parse(String(row.conflict))) : null,
      problem: problemIn(row.problem),
      keptOut: row.kept_out === 1,
      lease: (row.lease_place ?? this.place) === this.place ? (row.lease as string | null) : null,
      leaseAnywhere: row.lease as string | null,
      deliveredAt: row.delivered_at as string | null,
    };
  }

  private put(roomId: number, values: Row): void {
    const names = Object.keys(values);
    this.db.run(
      `INSERT INTO result_item (room_id, ${names.join(', ')}) VALUES ($roomId, ${names.map((name) => `$${name}`).join(', ')})
       ON CONFLICT (room_id) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      { roomId, ...values },
    );
  }
}

function fieldsIn(stored: unknown): ResultFields | null {
  return stored ? (JSON.parse(String(stored)) as ResultFields) : null;
}

const storedProblemSchema = z.string().transform((text) => problemSchema.safeParse(JSON.parse(text)).data ?? null);

function problemIn(stored: unknown): Problem | null {
  return storedProblemSchema.safeParse(stored).data ?? null;
}

function now(): string {
  return new Date().toISOString();
}
