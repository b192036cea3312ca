/** Numbers, times, languages, keys and what the palette finds: the pure parts under the window. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../main/contract/errors.ts';
import { shownKeys } from '../../renderer/design/keys.ts';
import { supportText } from '../../renderer/design/support.ts';
import { folded, found } from '../../renderer/frame/found.ts';
import {
  bytes,
  compareNames,
  count,
  duration,
  listOf,
  moment,
  percent,
  wholeDuration,
  writeAs,
} from '../../renderer/i18n/format.ts';
import { languageOf, localeOf } from '../../renderer/i18n/languages.ts';

afterEach(() => writeAs('en-GB'));

/** Spaces that never part a number from its unit, as usual ones. */
function plain(text: string): string {
  return text.replace(/\s/gu, ' ');
}

describe('numbers and times', () => {
  it('give durations with their units', () => {
    const said = [0, 400, 9_949, 10_000, 38_200, 59_600, 125_000, 3_599_700, 11_520_000].map((ms) =>
      plain(duration(ms)),
    );
    expect(said).toEqual([
      '0.0 s',
      '0.4 s',
      '9.9 s',
      '10 s',
      '38 s',
      '1 min 0 s',
      '2 min 5 s',
      '1 h 0 min',
      '3 h 12 min',
    ]);
    expect(plain(wholeDuration(400))).toBe('0 s');
    expect(plain(wholeDuration(-5_000))).toBe('0 s');
  });

  it('give sizes', () => {
    expect([0, 999, 1_000, 14_200, 2_345_678].map((size) => plain(bytes(size)))).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '14 kB',
      '2.3 MB',
    ]);
  });

  it('follow the language', () => {
    expect(count(10_000)).toBe('10,000');
    writeAs('de-DE');
    expect(count(10_000)).toBe('10.000');
    expect(plain(duration(400))).toBe('0,4 s');
    expect(plain(percent(0.9))).toBe('90 %');
    expect(listOf(['Fjord', 'Skog'])).toBe('Fjord und Skog');
  });

  it('leave the day out on the day itself', () => {
    const at = new Date(2026, 10, 23, 14, 2, 11);
    expect(moment(at.toISOString(), at.getTime() + 60_000)).toBe('14:02:11');
    expect(moment(at.toISOString(), at.getTime() + 86_400_000)).toBe('23 Nov 2026, 14:02:11');
  });

  it('put 2 before 10', () => {
    expect(['Room 10', 'room 2', 'Élan 1'].sort(compareNames)).toEqual(['Élan 1', 'room 2', 'Room 10']);
  });
});

describe('languages', () => {
  it('are the chosen one, or the best of this computer', () => {
    expect(languageOf('de', ['nb-NO'])).toBe('de');
    expect(languageOf('system', ['fr-FR', 'de-AT', 'en-US'])).toBe('de');
    expect(languageOf('system', ['nn-NO'])).toBe('nb');
    expect(languageOf('system', ['no'])).toBe('nb');
    expect(languageOf('system', ['fr'])).toBe('en');
    expect(languageOf('system', [])).toBe('en');
  });

  it('write numbers in the manner of the region where it fits', () => {
    expect(localeOf('de', ['en-US', 'de-CH'])).toBe('de-CH');
    expect(localeOf('en', ['de-DE'])).toBe('en-GB');
  });
});

describe('the palette', () => {
  const sought = [
    { text: folded('Skog\n10.20.3.57\nFOC2533A'), of: 'Skog' },
    { text: folded('Stor Malmö\n10.20.3.58\n'), of: 'Stor Malmö' },
    { text: folded('Malmö 2\n10.20.3.59\nskogen@site.example'), of: 'Malmö 2' },
  ];

  it('finds by any part, accents and case aside', () => {
    expect(found(sought, 'MALMO', 9).hits).toEqual(['Malmö 2', 'Stor Malmö']);
    expect(found(sought, 'foc2533', 9).hits).toEqual(['Skog']);
    expect(found(sought, '3.5 malmö', 9).hits).toEqual(['Stor Malmö', 'Malmö 2']);
    expect(found(sought, 'nothing', 9)).toEqual({ hits: [], more: 0 });
  });

  it('puts names before other finds and says how many it leaves out', () => {
    expect(found(sought, 'skog', 1)).toEqual({ hits: ['Skog'], more: 1 });
  });
});

describe('keys', () => {
  it('are shown as they are written on them', () => {
    expect(shownKeys('g r')).toEqual(['G', 'R']);
    expect(shownKeys('[Shift]+?')).toEqual(['?']);
    expect(shownKeys('Shift+ArrowDown')).toEqual(['⇧', '↓']);
  });
});

describe('what is copied for support', () => {
  it('holds code, words, effects and version', () => {
    const problem: Problem = {
      code: 'NOT_CONFIRMED',
      class: 'odd',
      happened: '',
      todo: '',
      words: 'mode is Off',
      effects: [{ step: 'account', what: 'Make account', outcome: 'done' }],
    };
    expect(supportText(problem, 'It differs.', null)).toBe(
      'OTJ Migrator ? (?, ?)\nNOT_CONFIRMED: It differs.\nwords: mode is Off\ndone: Make account [account]\n',
    );
  });
});
