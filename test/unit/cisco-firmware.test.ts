/** Which software is which, and what the table says of it. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import table from '../../assets/cisco-firmware.json' with { type: 'json' };
import { SETTINGS } from '../../main/endpoints/cisco/facts/settings.ts';
import {
  defaultOf,
  firmwareOf,
  firmwareTableSchema,
  mayHaveMacros,
  mayUse,
  needsOf,
  offers,
  whyLacking,
} from '../../main/endpoints/cisco/firmware.ts';
import { fitted } from '../../main/endpoints/cisco/fitted.ts';
import { errorOf } from '../support/codeOf.ts';
import { codecOf } from '../support/treeCodec.ts';

const GET = 'Command Macros Macro Get';

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
    expect(offers(firmwareOf(software), GET)).toBe(false);
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
    expect(offers(firmware, GET)).toBe(true);
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
    expect(offers(firmwareOf(software), GET)).toBe(has);
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
    expect(needsOf('Command UserManagement User Add')).toBe(
      'Command UserManagement User Add: role Admin, software from 8.0.0 on',
    );
    expect(needsOf('Command Bookings List')).toContain('role Admin or User');
  });

  it.each([
    ['ce8.3.7.0', GET, 'not in software 8.3.7.0 (known from 9.2.1 on)'],
    ['ce9.1.6.0', GET, 'not in software 9.1.6.0 (known from 9.2.1 on)'],
    ['ce9.2.0.0', GET, null],
    ['ce9.2.1.0', GET, null],
    ['ce9.15.17.4', 'Configuration Macros QuickJSEngine', 'not in software 9.15.17.4 (known from 11.14.2 on)'],
    ['ce9.15.17.4', 'Configuration Macros Mode', null],
    ['ce8.3.7.0', 'Command Macros Macro Save Transpile', 'not in software 8.3.7.0 (known from 9.15.17 on)'],
    ['something else', GET, null],
    ['ce8.3.7.0', 'Command No Such Thing', null],
  ])('%s lacks %s for a reason or not: %s', (software, path, why) => {
    expect(whyLacking(firmwareOf(software), path)).toBe(why);
  });

  it('knows who may do what, and holds nobody up where it does not', () => {
    expect(mayUse(['User'], 'Command Macros Macro Remove')).toBe(false);
    expect(mayUse(['User', 'Admin'], 'Command Macros Macro Remove')).toBe(true);
    expect(mayUse(['User'], 'Command Bookings List')).toBe(true);
    expect(mayUse([], 'Command No Such Thing')).toBe(true);
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

  it('names all that is sent to a codec', () => {
    const { xapi } = firmwareTableSchema.parse(table);
    const known = xapi.flatMap(({ paths }) => paths);
    const sent = globSync('main/endpoints/cisco/**/*.ts')
      // What a recording asks must be refused in part, and what a person types is theirs.
      .filter((file) => !file.includes('/record/') && !/(line|readOnlyCommands|otj.\w+)\.ts$/.test(file))
      .flatMap((file) => pathsIn(readFileSync(file, 'utf8')));
    expect(sent).toContain('Command UserManagement User Unblock');
    expect(sent).toContain('Status Network 1 Ethernet MacAddress');
    const settings = SETTINGS.map((path) => `Configuration ${path}`);
    const isKnown = (path: string) => known.some((one) => path === one || path.startsWith(`${one} `));
    expect([...sent, ...settings].filter((path) => !isKnown(path))).toEqual([]);
  });
});

/** Paths in calls of the xAPI, as the driver's sources write them. */
function pathsIn(source: string): string[] {
  const commands = [...source.matchAll(/(?:\.command|visit\.change)\(\s*([^;]*?)[,)]/g)].flatMap(([, text = '']) =>
    [...text.matchAll(/'([A-Z][A-Za-z ]+ [A-Za-z]+)'/g)].map(([, path]) => `Command ${path}`),
  );
  const readings = [...source.matchAll(/\.get\('(Status|Configuration)', '([A-Za-z0-9 ]+)'/g)];
  return [...commands, ...readings.map(([, tree, path]) => `${tree} ${path}`)];
}

describe('software of a version that lacks something', () => {
  it('is not sent that, with the reason, and is sent what nobody knows of it', async () => {
    const codec = codecOf({ commands: { 'Bookings List': { status: 'OK' } } });
    const old = fitted(codec, firmwareOf('ce8.3.7.0a1b2c3d4e5'));
    const refused = await errorOf(() => old.command('Macros Runtime Status'));
    expect(refused).toMatchObject({ code: 'REFUSED' });
    expect(refused?.words).toBe('Macros Runtime Status: not in software 8.3.7 (known from 9.15.17 on); not sent');
    expect((await errorOf(() => old.get('Configuration', 'Macros Mode')))?.code).toBe('REFUSED');
    expect((await errorOf(() => old.set('Macros Mode', 'On')))?.code).toBe('REFUSED');
    expect(codec.asked).toEqual([]);
    expect(await old.command('Bookings List')).toEqual({ status: 'OK' });
    expect(codec.asked).toEqual(['Bookings List']);
  });
});
