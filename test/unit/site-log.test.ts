/** What a commit has written is brought to disk beside other work. */
import { closeSync, copyFileSync, openSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../../main/site/database.ts';
import { WriteAheadLog } from '../../main/site/writeAheadLog.ts';
import { codeOf } from '../support/codeOf.ts';
import { tempFolder } from '../support/siteFile.ts';

const set = (db: Database, key: string) => db.run("INSERT INTO setting (key, value) VALUES ($key, 'x')", { key });

function file(): { path: string; log: WriteAheadLog } {
  const path = join(tempFolder(), 'a.otjsite');
  writeFileSync(path, '');
  const log = new WriteAheadLog(path);
  onTestFinished(() => log.close());
  return { path, log };
}

describe('the write-ahead log', () => {
  it('is not open before it is there, nor after it was closed', async () => {
    const { path, log } = file();
    expect(log.open()).toBe(false);
    await expect(log.sync()).rejects.toThrow();
    writeFileSync(`${path}-wal`, 'x');
    expect(log.open()).toBe(true);
    await log.sync();
    log.close();
    expect(log.open()).toBe(false);
  });

  it('lets its file go only when the disk is done with it', async () => {
    const { path, log } = file();
    writeFileSync(`${path}-wal`, 'x');
    log.open();
    const sync = log.sync();
    log.close();
    // Had it been let go, this would get its number, and be what is brought to disk.
    const other = openSync(path, 'r');
    onTestFinished(() => closeSync(other));
    await sync;
    await expect(log.sync()).rejects.toThrow();
  });

  it('tells what the system says when it cannot be brought to disk', async () => {
    const { path, log } = file();
    // which no disk is behind
    symlinkSync('/dev/null', `${path}-wal`);
    expect(log.open()).toBe(true);
    await expect(log.sync()).rejects.toThrow('EINVAL');
  });
});

describe('a site file whose writes share a commit', () => {
  it('has single writes wait for the disk as before', async () => {
    const path = join(tempFolder(), 'a.otjsite');
    const db = Database.create(path);
    onTestFinished(() => db.close());
    for (const key of ['a', 'b']) await db.durably(() => set(db, key));
    await expect(db.durably(() => set(db, 'a'))).rejects.toThrow();
    expect(db.one('PRAGMA synchronous')).toEqual({ synchronous: 2 });
  });

  it('can be closed while the disk is at work, and what was written is there', async () => {
    const path = join(tempFolder(), 'a.otjsite');
    const db = Database.create(path);
    for (const key of ['a', 'b']) await db.durably(() => set(db, key));
    const writes = ['c', 'd'].map((key) => db.durably(() => set(db, key)));
    // so that it is committed and on its way
    await expect.poll(() => db.all('SELECT key FROM setting')).toHaveLength(4);
    db.close();
    await Promise.all(writes);
    const again = Database.open(path);
    onTestFinished(() => again.close());
    expect(again.all('SELECT key FROM setting')).toHaveLength(4);
  });
});

describe('a site file whose log could not be brought to disk once', () => {
  /** The log's place is one that no disk is behind, until it has failed: SQLite has its own file open. */
  async function failedOnce(): Promise<{ path: string; db: Database }> {
    const path = join(tempFolder(), 'a.otjsite');
    const db = Database.create(path);
    onTestFinished(() => db.close());
    const log = `${path}-wal`;
    renameSync(log, `${path}-aside`);
    symlinkSync('/dev/null', log);
    expect(await codeOf(() => db.durably(() => set(db, 'a')))).toBe('DISK');
    rmSync(log);
    renameSync(`${path}-aside`, log);
    return { path, db };
  }

  /** What stands in the file itself, without its log. */
  function inFile(path: string): unknown[] {
    const copy = join(tempFolder(), 'copy.otjsite');
    copyFileSync(path, copy);
    const alone = new DatabaseSync(copy);
    try {
      return alone
        .prepare('SELECT key FROM setting ORDER BY key')
        .all()
        .map(({ key }) => key);
    } finally {
      alone.close();
    }
  }

  it.each<[string, (db: Database) => unknown]>([
    ['a shared commit', (db) => db.durably(() => set(db, 'b'))],
    ['a transaction', (db) => db.transaction(() => set(db, 'b'))],
    ['a single write', (db) => set(db, 'b')],
  ])('has all of that log in the file before %s goes on', async (_what, write) => {
    const { path, db } = await failedOnce();
    await write(db);
    // The failed one stands in the file, and the log begins anew behind it.
    expect(inFile(path)).toEqual(['a']);
    await db.durably(() => set(db, 'c'));
    expect(inFile(path)).toEqual(['a']);
    expect(db.all('SELECT key FROM setting')).toHaveLength(3);
  });

  it('writes nothing while that cannot be', async () => {
    const { path, db } = await failedOnce();
    db.one('PRAGMA busy_timeout = 0');
    const reader = new DatabaseSync(path, { readOnly: true });
    onTestFinished(() => reader.close());
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM setting').get();
    const size = statSync(`${path}-wal`).size;
    expect(await codeOf(() => db.durably(() => set(db, 'b')))).toBe('DISK');
    expect(await codeOf(() => db.transaction(() => set(db, 'b')))).toBe('DISK');
    expect(statSync(`${path}-wal`).size).toBe(size);
    reader.exec('COMMIT');
    await db.durably(() => set(db, 'b'));
    expect(db.all('SELECT key FROM setting')).toHaveLength(2);
  });
});

it('nobody waits for ever for a commit that could not begin', async () => {
  const db = Database.create(join(tempFolder(), 'a.otjsite'));
  onTestFinished(() => db.close());
  // SQLite refuses to change how it brings things to disk within a transaction.
  db.run('BEGIN');
  await expect(Promise.all(['a', 'b'].map((key) => db.durably(() => set(db, key))))).rejects.toThrow('transaction');
  db.run('ROLLBACK');
  await db.durably(() => set(db, 'c'));
  expect(db.all('SELECT key FROM setting')).toEqual([{ key: 'c' }]);
});
