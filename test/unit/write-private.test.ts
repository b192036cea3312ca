/** Files for a person: what was there before stays whole until the new one is. */
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportRooms } from '../../main/services/exportRooms.ts';
import { codeOf } from '../support/codeOf.ts';
import { addRoom, tempFolder, tempSite } from '../support/siteFile.ts';

it('never opens the file that an export takes the place of', async () => {
  const site = await tempSite();
  addRoom(site);
  const folder = tempFolder();
  const [path, kept] = [join(folder, 'rooms.csv'), join(folder, 'kept.csv')];
  writeFileSync(path, 'the only copy', { mode: 0o644 });
  // The same file under a second name: it would be cut there as well.
  linkSync(path, kept);
  expect(await codeOf(() => exportRooms(site, path))).toBe('SITE_EXISTS');
  expect(readFileSync(path, 'utf8')).toBe('the only copy');
  await exportRooms(site, path, true);
  expect(readFileSync(kept, 'utf8')).toBe('the only copy');
  expect(readFileSync(path, 'utf8')).toContain('fjord@example.com');
  expect(readdirSync(folder).sort()).toEqual(['kept.csv', 'rooms.csv']);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('leaves nothing behind when it cannot be put in its place', async () => {
  const site = await tempSite();
  const folder = tempFolder();
  mkdirSync(join(folder, 'rooms.csv', 'inside'), { recursive: true });
  expect(await codeOf(() => exportRooms(site, join(folder, 'rooms.csv'), true))).toBe('DISK');
  expect(await codeOf(() => exportRooms(site, join(folder, 'nowhere', 'rooms.csv')))).toBe('DISK');
  expect(readdirSync(folder)).toEqual(['rooms.csv']);
});
