import { beforeEach, describe, expect, it } from 'vitest';
import { hashOf } from '../../main/site/backups.ts';
import type { Site } from '../../main/site/site.ts';
import { awkwardText } from '../lab/cisco/macros.ts';
import { codeOf } from '../support/codeOf.ts';
import { tempSite } from '../support/siteFile.ts';

let site: Site;
const SERIAL = 'FOC1';

beforeEach(async () => {
  site = await tempSite();
});

const macro = (content: string, name = 'otj-macro') => ({ kind: 'macro', name, content });
const read = () => site.backups.read(site.vault, SERIAL);

describe('a backup', () => {
  it('comes back byte for byte, with its hash', async () => {
    const items = [macro(awkwardText.content), macro('', 'empty'), { kind: 'state', name: 'codec', content: '{}' }];
    await site.backups.open(site.vault, SERIAL, items);
    expect(read()?.items).toEqual(items);
    expect(site.backups.list(SERIAL)).toMatchObject(
      items.map(({ kind, name, content }) => ({
        kind,
        name,
        sha256: hashOf(content),
        bytes: Buffer.byteLength(content),
      })),
    );
  });

  it('is none before it is taken, and none for another device', async () => {
    expect(read()).toBeNull();
    await site.backups.open(site.vault, SERIAL, []);
    expect(read()).toEqual({ items: [] });
    expect(site.backups.read(site.vault, 'FOC2')).toBeNull();
    expect(await codeOf(() => site.backups.add(site.vault, 'FOC2', macro('x')))).toBe('BACKUP_MISSING');
  });

  it('is taken once and never over an open one', async () => {
    await site.backups.open(site.vault, SERIAL, [macro('first')]);
    expect(await codeOf(() => site.backups.open(site.vault, SERIAL, [macro('second')]))).toBeDefined();
    expect(read()?.items).toEqual([macro('first')]);
  });

  it('saves all its items or none', async () => {
    const bad = { kind: 'macro', name: null as unknown as string, content: 'x' };
    await expect(site.backups.open(site.vault, SERIAL, [macro('x'), bad])).rejects.toThrow();
    expect(read()).toBeNull();
    expect(site.backups.list(SERIAL)).toEqual([]);
  });

  it('is closed by an undo and stays in the file', async () => {
    await site.backups.open(site.vault, SERIAL, [macro('first')]);
    site.backups.close(SERIAL);
    expect(read()).toBeNull();
    await site.backups.open(site.vault, SERIAL, [macro('second')]);
    expect(read()?.items).toEqual([macro('second')]);
    expect(site.backups.list(SERIAL).map(({ sha256 }) => sha256)).toEqual([hashOf('second'), hashOf('first')]);
  });

  it('holds the last text under a name last, also one that was there before', async () => {
    await site.backups.open(site.vault, SERIAL, [macro('A'), macro('other', 'other')]);
    const last = () => read()?.items.findLast(({ name }) => name === 'otj-macro')?.content;
    await site.backups.add(site.vault, SERIAL, macro('A'));
    expect(read()?.items).toHaveLength(2);
    await site.backups.add(site.vault, SERIAL, macro('B'));
    expect(last()).toBe('B');
    await site.backups.add(site.vault, SERIAL, macro('A'));
    expect(last()).toBe('A');
    expect(read()?.items).toHaveLength(3);
  });
});

describe('a damaged backup', () => {
  beforeEach(() =>
    site.backups.open(site.vault, SERIAL, [macro('old text'), macro('x', 'other'), macro('y', 'third')]),
  );

  it.each([
    ['cut', "UPDATE backup SET sealed = substr(sealed, 1, 30) WHERE name = 'otj-macro'"],
    ['another hash', "UPDATE backup SET sha256 = 'ab' WHERE name = 'otj-macro'"],
    ['another name', "UPDATE backup SET name = 'renamed' WHERE name = 'otj-macro'"],
    ['another kind', "UPDATE backup SET kind = 'panel' WHERE name = 'otj-macro'"],
    ["another row's text", "UPDATE backup SET sealed = (SELECT sealed FROM backup WHERE name = 'third')"],
  ])('is told and never used: %s', async (_name, sql) => {
    site.db.run(sql);
    expect(await codeOf(read)).toBe('SECRET_DAMAGED');
  });

  it('of another baseline does not open', async () => {
    site.backups.close(SERIAL);
    await site.backups.open(site.vault, SERIAL, []);
    site.db.run('UPDATE OR IGNORE backup SET baseline_id = (SELECT max(id) FROM baseline)');
    expect(await codeOf(read)).toBe('SECRET_DAMAGED');
  });
});
