/** The SQLite file under a site: opening, migrations, durable group commits. The only module that knows node:sqlite. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { OtjError } from '../contract/errors.ts';
import { MIGRATIONS } from './schema.ts';
import { WriteAheadLog } from './writeAheadLog.ts';

/** "OTJS" in SQLite's own field for the kind of file. */
const APPLICATION_ID = 0x4f544a53;

const OPTIONS = { timeout: 5000, enableForeignKeyConstraints: true };

export type Row = Record<string, SQLInputValue>;

/** How long the writes of one commit may hold up requests and replies, milliseconds. */
const SLICE_MS = 4;

interface Waiting {
  write: () => void;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Writes of one commit, and what was wrong: with all of it, or with some. */
interface Batch {
  writes: readonly Waiting[];
  failed: { thrown: unknown } | null;
  refused: ReadonlyMap<number, unknown>;
}

export class Database {
  private readonly db: DatabaseSync;
  private readonly log: WriteAheadLog;
  private readonly statements = new Map<string, StatementSync>();
  private readonly waiting: Waiting[] = [];
  private isFlushing = false;
  /** Something of the log may never have reached the disk: what is written behind that could not be read after a power cut. */
  private isLogDoubtful = false;

  private constructor(path: string) {
    this.db = new DatabaseSync(path, OPTIONS);
    this.log = new WriteAheadLog(path);
  }

  /** Makes a new file, readable by its owner only. Throws SITE_EXISTS, DISK. */
  static create(path: string): Database {
    if (existsSync(path)) throw new OtjError('SITE_EXISTS', path);
    try {
      writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
    } catch (thrown) {
      throw new OtjError('DISK', (thrown as Error).message, { cause: thrown });
    }
    const database = new Database(path);
    database.makeDurable(path);
    database.db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.migrate();
    return database;
  }

  /** Opens an existing file; one that is not ours is left as it is. Throws SITE_MISSING, SITE_NOT_OURS, SITE_NEWER, DISK. */
  static open(path: string): Database {
    if (!existsSync(path)) throw new OtjError('SITE_MISSING', path);
    let database: Database | undefined;
    try {
      database = new Database(path);
      const id = database.one('PRAGMA application_id')?.application_id;
      if (id !== APPLICATION_ID) throw new OtjError('SITE_NOT_OURS', path);
      database.makeDurable(path);
      database.migrate();
      return database;
    } catch (thrown) {
      database?.close();
      throw thrown instanceof OtjError ? thrown : new OtjError('SITE_NOT_OURS', path, { cause: thrown });
    }
  }

  private makeDurable(path: string): void {
    // FULL: an intent must be on disk before its effect, also when the laptop loses power.
    // Secure: what is deleted is overwritten, for the file may be handed over.
    guardDisk(() => this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;'));
    for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);
  }

  private migrate(): void {
    const version = Number(this.one('PRAGMA user_version')?.user_version ?? 0);
    if (version > MIGRATIONS.length) throw new OtjError('SITE_NEWER');
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < version) continue;
      this.transaction(() => {
        this.db.exec(sql);
        this.db.exec(`PRAGMA user_version = ${index + 1}`);
      });
    }
  }

  run(sql: string, params: Row = {}): { id: number; changes: number } {
    if (!this.db.isTransaction) this.sureOfLog();
    const { lastInsertRowid, changes } = guardDisk(() => this.prepare(sql).run(params));
    return { id: Number(lastInsertRowid), changes: Number(changes) };
  }

  one(sql: string, params: Row = {}): Record<string, unknown> | undefined {
    return guardDisk(() => this.prepare(sql).get(params));
  }

  all(sql: string, params: Row = {}): Record<string, unknown>[] {
    return guardDisk(() => this.prepare(sql).all(params));
  }

  /** All or nothing, on disk when it returns. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T {
    if (this.db.isTransaction) return work();
    this.sureOfLog();
    guardDisk(() => this.db.exec('BEGIN IMMEDIATE'));
    try {
      const result = work();
      guardDisk(() => this.db.exec('COMMIT'));
      return result;
    } catch (thrown) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw thrown;
    }
  }

  /**
   * Durable when the promise resolves. Writes asked for in the same turn of the event loop share one commit, and so do all
   * that come while the disk is busy with the one before, so that sixty-four rooms at once cost one flush to disk and not
   * sixty-four. Only what would hold up everything else for long is spread over several commits, in the same order.
   */
  durably(write: () => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiting.push({ write, resolve, reject });
    if (!this.isFlushing) void this.flushAll();
    return promise;
  }

  private async flushAll(): Promise<void> {
    this.isFlushing = true;
    try {
      while (this.waiting.length > 0) {
        // Not before the replies that are there by now were heard, and what they let go out has gone.
        await turn();
        await turn();
        // Closing the file has written all that waited.
        if (this.waiting.length > 0) await this.flush();
      }
    } finally {
      this.isFlushing = false;
    }
  }

  /**
   * The commit leaves its pages with the system, so that they outlive this process, and whoever waits is told when they are on
   * disk: meanwhile everything else goes on, however slow the disk is.
   */
  private async flush(): Promise<void> {
    if (!this.log.open()) {
      tell(this.commit());
      return;
    }
    const batch = this.commitUnsynced();
    try {
      if (!batch.failed) await this.log.sync();
      tell(batch);
    } catch (thrown) {
      // A system tells of pages that it could not write once, and may then take them for written.
      this.isLogDoubtful = true;
      const failed = { thrown: new OtjError('DISK', (thrown as Error).message, { cause: thrown }) };
      tell({ ...batch, failed });
    }
  }

  private commitUnsynced(): Batch {
    let batch: Batch | null = null;
    try {
      this.synchronous('NORMAL');
      batch = this.commit();
      this.synchronous('FULL');
      return batch;
    } catch (thrown) {
      this.isLogDoubtful = true;
      // Nobody is left waiting.
      return { writes: batch?.writes ?? this.waiting.splice(0), failed: { thrown }, refused: new Map() };
    }
  }

  /** One that cannot be set is of a file that was closed, and the commit says so. */
  private synchronous(how: 'NORMAL' | 'FULL'): void {
    if (this.db.isOpen) guardDisk(() => this.db.exec(`PRAGMA synchronous = ${how}`));
  }

  /** After a log that could not be brought to disk, nothing is written before all of it stands in the file. Throws DISK, SITE_BUSY. */
  private sureOfLog(): void {
    if (!this.isLogDoubtful) return;
    this.synchronous('FULL');
    if (!this.fold()) throw new OtjError('DISK', 'an earlier write has not reached the disk yet');
    this.isLogDoubtful = false;
  }

  /** Commits what waits, as far as it comes in a slice of time. */
  private commit(): Batch {
    const refused = new Map<number, unknown>();
    const until = performance.now() + SLICE_MS;
    let done = 0;
    let failed: { thrown: unknown } | null = null;
    try {
      this.transaction(() => {
        for (const { write } of this.waiting) {
          const at = done++;
          this.apart(write, (thrown) => refused.set(at, thrown));
          if (performance.now() > until) break;
        }
      });
    } catch (thrown) {
      failed = { thrown };
    }
    // A disk that takes nothing takes nothing of what still waits.
    return { writes: this.waiting.splice(0, failed ? this.waiting.length : done), failed, refused };
  }

  /** One room's write that fails takes nothing of itself along, and nothing of the others'. */
  private apart(write: () => void, refused: (thrown: unknown) => void): void {
    this.prepare('SAVEPOINT write').run();
    try {
      write();
    } catch (thrown) {
      if (thrown instanceof OtjError) throw thrown;
      this.prepare('ROLLBACK TO write').run();
      refused(thrown);
    }
    this.prepare('RELEASE write').run();
  }

  /**
   * Folds the write-ahead log into the file and empties it: of what was deleted, no older page is left beside it.
   * @returns false when somebody else still reads from the log, so that it is there as before. Throws DISK, SITE_BUSY.
   */
  fold(): boolean {
    return this.one('PRAGMA wal_checkpoint(TRUNCATE)')?.busy === 0;
  }

  /** Folds the write-ahead log into the file, so that one file can be copied. */
  close(): void {
    if (!this.db.isOpen) return;
    while (this.waiting.length > 0) tell(this.commit());
    this.statements.clear();
    this.log.close();
    this.db.close();
  }

  private prepare(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.db.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

function tell({ writes, failed, refused }: Batch): void {
  for (const [at, { resolve, reject }] of writes.entries()) {
    if (failed) reject(failed.thrown);
    else if (refused.has(at)) reject(refused.get(at));
    else resolve();
  }
}

/** SQLite's full-disk, read-only and I/O errors as ours; anything else is a fault of the program. */
function guardDisk<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const code = (thrown as { errcode?: number }).errcode ?? 0;
    const primary = code & 0xff;
    if (primary === 13 || primary === 10 || primary === 8)
      throw new OtjError('DISK', (thrown as Error).message, { cause: thrown });
    if (primary === 5 || primary === 6) throw new OtjError('SITE_BUSY', undefined, { cause: thrown });
    if (primary === 26 || primary === 11) throw new OtjError('SITE_NOT_OURS', undefined, { cause: thrown });
    throw thrown;
  }
}
