import { copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../../main/site/database.ts';
import { Results } from '../../main/site/results.ts';
import { MIGRATIONS } from '../../main/site/schema.ts';
import { codeOf } from '../support/codeOf.ts';
import { tempFolder } from '../support/siteFile.ts';

function file(name = 'a.otjsite'): string {
  return join(tempFolder(), name);
}

function made(path = file()): { path: string; db: Database } {
  const db = Database.create(path);
  onTestFinished(() => db.close());
  return { path, db };
}

function set(db: Database, key: string, value: string | null): void {
  db.run('INSERT INTO setting (key, value) VALUES ($key, $value)', { key, value });
}

/** What a second reader of the file sees: only what is committed. */
function committed(path: string): unknown[] {
  const other = new DatabaseSync(path, { readOnly: true });
  try {
    return other
      .prepare('SELECT key FROM setting ORDER BY key')
      .all()
      .map(({ key }) => key);
  } finally {
    other.close();
  }
}

describe('creating a site file', () => {
  it('refuses a name that exists and leaves the file as it is', async () => {
    const path = file();
    writeFileSync(path, 'precious');
    expect(await codeOf(() => Database.create(path))).toBe('SITE_EXISTS');
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('tells DISK when the folder is not there', async () => {
    expect(await codeOf(() => Database.create(join(tempFolder(), 'no', 'a.otjsite')))).toBe('DISK');
  });

  it('makes file and log readable by the owner only', () => {
    const { path, db } = made();
    set(db, 'a', '1');
    for (const one of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(one).mode & 0o777).toBe(0o600);
  });

  it('writes through to the disk at every commit', () => {
    const { db } = made();
    expect([db.one('PRAGMA synchronous'), db.one('PRAGMA journal_mode')]).toEqual([
      { synchronous: 2 },
      { journal_mode: 'wal' },
    ]);
  });

  it('opens again with what was written, and folds the log in when closed', () => {
    const { path, db } = made();
    set(db, 'a', '1');
    db.close();
    const copy = file('copy.otjsite');
    copyFileSync(path, copy);
    const again = Database.open(copy);
    onTestFinished(() => again.close());
    expect(again.all('SELECT key, value FROM setting')).toEqual([{ key: 'a', value: '1' }]);
  });
});

describe('opening what is no site file', () => {
  it('tells a missing file', async () => {
    expect(await codeOf(() => Database.open(file()))).toBe('SITE_MISSING');
  });

  it('tells a folder', async () => {
    const path = file();
    mkdirSync(path);
    expect(await codeOf(() => Database.open(path))).toBe('SITE_NOT_OURS');
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['text', Buffer.from('room,mailbox\nFjord,fjord@example.com\n')],
    ['bytes', Buffer.from(Array.from({ length: 8192 }, (_, at) => (at * 7919) % 251))],
    ['a head and then nothing', Buffer.from('SQLite format 3\0')],
    ['a head and then bytes', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8000, 0xa5)])],
  ])('tells %s', async (_name, bytes) => {
    const path = file();
    writeFileSync(path, bytes);
    expect(await codeOf(() => Database.open(path))).toBe('SITE_NOT_OURS');
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it("tells another program's database and changes nothing of it", async () => {
    const path = file('theirs.db');
    const theirs = new DatabaseSync(path);
    theirs.exec('CREATE TABLE holiday (day TEXT); INSERT INTO holiday VALUES (1)');
    theirs.close();
    const before = readFileSync(path);
    const mode = statSync(path).mode;
    expect(await codeOf(() => Database.open(path))).toBe('SITE_NOT_OURS');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(statSync(path).mode).toBe(mode);
  });

  it.each([0.1, 0.5, 0.9])('tells a site file cut off at %d of its length', async (part) => {
    const { path, db } = made();
    db.close();
    truncateSync(path, Math.floor(statSync(path).size * part));
    expect(await codeOf(() => Database.open(path))).toBe('SITE_NOT_OURS');
  });

  it('tells a site file of a newer version and changes nothing of it', async () => {
    const { path, db } = made();
    db.close();
    const newer = new DatabaseSync(path);
    newer.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    newer.close();
    expect(await codeOf(() => Database.open(path))).toBe('SITE_NEWER');
    // Nothing of ours holds the file open or has changed it.
    const again = new DatabaseSync(path, { timeout: 0 });
    onTestFinished(() => again.close());
    expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length + 1 });
    again.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; ROLLBACK');
  });

  it('follows a link', () => {
    const { path, db } = made();
    set(db, 'a', '1');
    db.close();
    const link = file('link.otjsite');
    symlinkSync(path, link);
    const again = Database.open(link);
    onTestFinished(() => again.close());
    expect(again.one('SELECT value FROM setting')).toEqual({ value: '1' });
  });
});

describe('durably', () => {
  it('resolves after the commit, and one commit serves a whole turn', async () => {
    const { path, db } = made();
    const ends: string[] = [];
    const first = db.durably(() => set(db, 'a', '1')).then(() => ends.push('a'));
    const second = db.durably(() => set(db, 'b', '2')).then(() => ends.push('b'));
    expect(committed(path)).toEqual([]);
    await first;
    // Both are there for a second reader as soon as the first resolves.
    expect(committed(path)).toEqual(['a', 'b']);
    await second;
    expect(ends).toEqual(['a', 'b']);
  });

  it('commits writes of later turns by themselves', async () => {
    const { path, db } = made();
    await db.durably(() => set(db, 'a', '1'));
    expect(committed(path)).toEqual(['a']);
    await db.durably(() => set(db, 'b', '2'));
    expect(committed(path)).toEqual(['a', 'b']);
  });

  it('rejects a failing write, and nothing of its batch stays half', async () => {
    const { path, db } = made();
    const results = await Promise.allSettled([
      db.durably(() => set(db, 'a', '1')),
      db.durably(() => {
        set(db, 'b', '2');
        throw new Error('broken');
      }),
      db.durably(() => set(db, 'c', '3')),
    ]);
    // Whoever was told that it is on disk is right, and whoever was told that it is not is right as well.
    const told = results.flatMap(({ status }, at) => (status === 'fulfilled' ? [['a', 'b', 'c'][at]] : []));
    expect(committed(path)).toEqual(told);
    expect(told).not.toContain('b');
    // The next batch is not hurt.
    await db.durably(() => set(db, 'd', '4'));
    expect(committed(path)).toContain('d');
  });

  it('writes what still waits when the file is closed', async () => {
    const { path, db } = made();
    const write = db.durably(() => set(db, 'a', '1'));
    db.close();
    await write;
    expect(committed(path)).toEqual(['a']);
  });

  it('rejects after the file was closed', async () => {
    const { db } = made();
    db.close();
    await expect(db.durably(() => set(db, 'a', '1'))).rejects.toThrow();
  });
});

describe('transaction', () => {
  it('undoes everything when a nested part fails', () => {
    const { path, db } = made();
    expect(() =>
      db.transaction(() => {
        set(db, 'a', '1');
        db.transaction(() => set(db, 'b', null));
      }),
    ).toThrow();
    expect(committed(path)).toEqual([]);
    db.transaction(() => set(db, 'c', '3'));
    expect(committed(path)).toEqual(['c']);
  });

  it('keeps rows of rooms that are not there out', () => {
    const { db } = made();
    expect(() => db.run("INSERT INTO plan (room_id, steps, made_at) VALUES (7, '[]', '')")).toThrow();
  });
});

it('of before items and places were kept apart keeps what the team has told and the leases that it had taken', () => {
  const path = file();
  const before = MIGRATIONS.slice(
    0,
    MIGRATIONS.findIndex((sql) => sql.includes('team_room_before')),
  );
  const old = new DatabaseSync(path);
  for (const sql of before) old.exec(sql);
  old.exec(`PRAGMA application_id = ${0x4f544a53}; PRAGMA user_version = ${before.length}`);
  old.exec('PRAGMA foreign_keys = OFF');
  old.prepare('INSERT INTO team_room (key, room_id, seen) VALUES (?, ?, ?)').run('fjord', 1, '{"leaseHolder":"Ola"}');
  old.prepare('INSERT INTO result_item (room_id, item_id, lease) VALUES (?, ?, ?)').run(1, '7', 'ours');
  old.close();
  const db = Database.open(path);
  onTestFinished(() => db.close());
  const results = new Results(db, path);
  expect(results.team()).toEqual([{ key: 'fjord', item: '', roomId: 1, seen: { leaseHolder: 'Ola' } }]);
  expect(results.of(1)).toMatchObject({ itemId: '7', lease: 'ours' });
  expect(results.leases()).toEqual([{ roomId: 1, key: 'ours' }]);
  // What one item tells takes the place of what was told before it was known which.
  results.saveTeamItem({ key: 'fjord', item: '7', roomId: 1, seen: {} });
  expect(results.team()).toEqual([{ key: 'fjord', item: '7', roomId: 1, seen: {} }]);
});

it('at a place that nobody can ask for has one all the same, and another than other files', () => {
  const { path, db } = made();
  const place = (of: string) => new Results(db, of).place;
  const gone = join(tempFolder(), 'gone', 'a.otjsite');
  expect(place(gone)).toBe(place(gone));
  expect(new Set([path, gone, `${gone}2`].map(place)).size).toBe(3);
});
