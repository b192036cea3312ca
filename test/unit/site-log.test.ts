/** What a commit has written is brought to disk beside other work. */
import { closeSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../../main/site/database.ts';
import { WriteAheadLog } from '../../main/site/writeAheadLog.ts';
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
