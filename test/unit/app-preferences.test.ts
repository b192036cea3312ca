import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../main/contract/app.ts';
import {
  changePreferences,
  forgetSite,
  readRemembered,
  recentSites,
  rememberSite,
} from '../../main/services/preferences.ts';
import { codeOf } from '../support/codeOf.ts';
import { tempFolder } from '../support/siteFile.ts';

describe('preferences', () => {
  it('are the defaults until one is changed, and are there the next time', () => {
    const folder = join(tempFolder(), 'a', 'b');
    expect(readRemembered(folder)).toEqual({ preferences: DEFAULT_PREFERENCES, recent: [], importMaps: [] });
    expect(changePreferences(folder, { theme: 'dark' })).toEqual({ ...DEFAULT_PREFERENCES, theme: 'dark' });
    changePreferences(folder, { hintsRead: ['rooms'] });
    expect(readRemembered(folder).preferences).toEqual({
      ...DEFAULT_PREFERENCES,
      theme: 'dark',
      hintsRead: ['rooms'],
    });
    expect(readdirSync(folder)).toEqual(['preferences.json']);
    expect(statSync(join(folder, 'preferences.json')).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'not json', '[]', '{"preferences":{"theme":"pink"},"recent":7}', '\u0000'])(
    'of a broken file (%j) are the defaults, and it can be written again',
    (broken) => {
      const folder = tempFolder();
      writeFileSync(join(folder, 'preferences.json'), broken);
      expect(readRemembered(folder)).toEqual({ preferences: DEFAULT_PREFERENCES, recent: [], importMaps: [] });
      changePreferences(folder, { language: 'nb' });
      expect(readRemembered(folder).preferences.language).toBe('nb');
    },
  );

  it('that cannot be written say so', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    expect(await codeOf(() => changePreferences(join(file, 'below'), { theme: 'light' }))).toBe('DISK');
  });
});

describe('recent sites', () => {
  it('are told newest first, once each, with whether they are there', async () => {
    const folder = tempFolder();
    const here = join(folder, 'here.otjsite');
    writeFileSync(here, '');
    rememberSite(folder, { path: here, name: 'Here' });
    rememberSite(folder, { path: '/nowhere/gone.otjsite', name: 'Gone', practice: true });
    rememberSite(folder, { path: here, name: 'Renamed' });
    rememberSite(folder, { path: '/nowhere/gone.otjsite', name: 'Gone' });
    expect(await recentSites(readRemembered(folder))).toMatchObject([
      { name: 'Gone', there: false, practice: true },
      { name: 'Renamed', there: true, practice: false },
    ]);
    forgetSite(folder, '/nowhere/gone.otjsite');
    expect(readRemembered(folder).recent.map(({ name }) => name)).toEqual(['Renamed']);
  });

  it('are not kept without end', () => {
    const folder = tempFolder();
    for (let at = 0; at < 40; at++) rememberSite(folder, { path: `/${at}`, name: String(at) });
    expect(readRemembered(folder).recent).toHaveLength(12);
    expect(readRemembered(folder).recent[0]?.name).toBe('39');
  });
});
