/** Which software is which, and what the table says of it. */
import { describe, expect, it } from 'vitest';
import table from '../../assets/cisco-firmware.json' with { type: 'json' };
import { SETTINGS } from '../../main/endpoints/cisco/facts/settings.ts';
import {
  defaultOf,
  firmwareOf,
  firmwareTableSchema,
  mayHaveMacros,
  needsOf,
  offers,
} from '../../main/endpoints/cisco/firmware.ts';

describe('the generation of a version', () => {
  it.each([
    ['ce8.3.7.0a1b2c3d4e5', 'CE 8'],
    ['ce9.2.1.2a3b4c5d6e7', 'CE 9'],
    ['ce9.15.17.4.1a2b3c4d5e6', 'CE 9'],
    ['ce10.19.4.2.2a3b4c5d6e7', 'RoomOS 10'],
    ['ce11.27.2.0.3a4b5c6d7e8', 'RoomOS 11'],
    ['ce26.7.1.12.67c6e508983', 'RoomOS 26'],
    ['RoomOS 11.14.4.0 0123456789a', 'RoomOS 11'],
  ])('%s is %s', (software, name) => {
    expect(firmwareOf(software)).toMatchObject({ name, known: true, refused: null });
  });

  it.each(['TC7.3.3.c84180a', 'tc6.0.0', 'ce7.1.0', 'ce0.0.0'])('%s is refused, with the reason', (software) => {
    expect(firmwareOf(software).refused).toMatch(/\w{3}/);
    expect(offers(firmwareOf(software), 'macros')).toBe(false);
  });

  it.each([
    ['ce27.1.0.0123456789a', 'RoomOS 26?'],
    ['ce999.0.0', 'RoomOS 26?'],
    ['ce12.1.0', 'RoomOS 11?'],
    ['', 'RoomOS 26?'],
    ['something else', 'RoomOS 26?'],
    ['ce', 'RoomOS 26?'],
    [`ce${'9'.repeat(50)}.1`, 'RoomOS 26?'],
  ])('%s is taken for the nearest, and told as not known', (software, name) => {
    const firmware = firmwareOf(software);
    expect(firmware).toMatchObject({ name, known: false, refused: null });
    expect(offers(firmware, 'macros')).toBe(true);
  });
});

describe('what a version has', () => {
  it.each([
    ['ce8.3.7.0', false],
    ['ce9.0.1.0', false],
    ['ce9.2.0.0', false],
    ['ce9.2.1.0', true],
    ['ce9.10.0.0', true],
    ['ce11.0.0.0', true],
  ])('%s has macros: %s', (software, has) => {
    expect(offers(firmwareOf(software), 'macros')).toBe(has);
  });

  it.each([
    ['ce10.19.4.2', 'Macros EvaluateTranspiled', null],
    ['ce11.14.4.0', 'Macros EvaluateTranspiled', 'True'],
    ['ce26.1.1', 'Macros EvaluateTranspiled', 'False'],
    ['ce11.17.2.2', 'NetworkServices HTTPS Server MinimumTLSVersion', 'TLSv1.1'],
    ['ce11.24.4.1', 'NetworkServices HTTPS Server MinimumTLSVersion', 'TLSv1.2'],
    ['ce9.15.17.4', 'NetworkServices Websocket', 'Off'],
    ['ce10.19.4.2', 'NetworkServices Websocket', 'FollowHTTPService'],
    ['ce11.27.2.0', 'No Such Setting', null],
  ])('%s comes with %s %s', (software, path, value) => {
    expect(defaultOf(firmwareOf(software), path)).toBe(value);
  });

  it('tells what a feature needs', () => {
    expect(needsOf('users')).toBe('Command UserManagement User: role Admin, software from 8.0.0 on');
  });

  it('knows a product that never had macros', () => {
    expect(mayHaveMacros('Cisco TelePresence SX10')).toBe(false);
    expect(mayHaveMacros('Cisco TelePresence SX80')).toBe(true);
    expect(mayHaveMacros('')).toBe(true);
  });
});

describe('the table', () => {
  it('is whole: every entry has its source, versions are in order, and settings that are read have a default', () => {
    const { generations, defaults } = firmwareTableSchema.parse(table);
    expect(generations.map(({ major }) => major)).toEqual(
      generations.map(({ major }) => major).toSorted((a, b) => a - b),
    );
    const newest = firmwareOf('ce26.4.1');
    expect(SETTINGS.filter((path) => defaultOf(newest, path) === null)).toEqual([]);
    for (const path of new Set(defaults.map((one) => one.path))) {
      const since = defaults.filter((one) => one.path === path).map((one) => one.since.split('.').map(Number));
      expect(since).toEqual(since.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0)));
    }
  });
});
