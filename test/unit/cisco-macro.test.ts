import { Parser } from 'acorn';
import { describe, expect, it, vi } from 'vitest';
import { judgeMacros, type Macro } from '../../main/endpoints/cisco/otj/judge.ts';
import { meetingControls, neighbours, otjMacroPair } from '../lab/cisco/macros.ts';

const [SETTINGS, MAIN] = otjMacroPair({ tenant: 'fjord', token: 'abc' });
if (!SETTINGS || !MAIN) throw new Error('no pair');

const macro = (name: string, content: string): Macro => ({ name, content, active: true });
const verdicts = (...macros: Macro[]) => judgeMacros(macros).map(({ verdict }) => verdict);
const calls = (url: string) =>
  macro(
    'x',
    `import xapi from 'xapi';
const Url = '${url}';
const { Body } = await xapi.Command.HttpClient.Get({ Url });
xapi.Command.Bookings.Put({}, Body);`,
  );

describe('the macros of the Service', () => {
  it('are known by name and content, with reasons', () => {
    const judgements = judgeMacros([MAIN, SETTINGS]);
    expect(judgements.map(({ name, verdict }) => [name, verdict])).toEqual([
      [MAIN.name, 'otj'],
      [SETTINGS.name, 'otj'],
    ]);
    for (const { reasons, score } of judgements) {
      expect(reasons.length).toBeGreaterThan(1);
      expect(score).toBeGreaterThanOrEqual(100);
    }
  });

  it('are known under other names', () => {
    const main = macro('calendar-sync', MAIN.content.replaceAll('otj-macro-settings', 'calendar-settings'));
    const settings = macro('calendar-settings', SETTINGS.content);
    expect(verdicts(settings, main)).toEqual(['otj', 'otj']);
  });

  it('are known without comments and line breaks, and with either quote', () => {
    const small = MAIN.content.replace(/^\s*\/\/.*$/gm, '').replace(/\s+/g, ' ');
    expect(verdicts(macro('m', small))).toEqual(['otj']);
    expect(verdicts(macro('m', small.replaceAll("'", '"')))).toEqual(['otj']);
  });

  it('are left to a person when they are no program any more', () => {
    expect(verdicts(macro('m', MAIN.content.toUpperCase()))).toEqual(['uncertain']);
    expect(verdicts(macro('otj-macro', `${MAIN.content}\n}`))).toEqual(['uncertain']);
  });

  it('are known on a full codec, in any order, and nothing beside them is', () => {
    for (const macros of [
      [...neighbours, MAIN, SETTINGS],
      [SETTINGS, ...neighbours, MAIN],
    ])
      for (const { name, verdict } of judgeMacros(macros))
        expect([name, verdict]).toEqual([name, [MAIN.name, SETTINGS.name].includes(name) ? 'otj' : 'other']);
  });

  it('takes a settings macro along only when no other macro uses it', () => {
    const settings = macro('shared', 'export const x = 1;');
    const main = macro('otj', `import * as s from './shared';\n${MAIN.content}`);
    expect(verdicts(settings, main)).toEqual(['otj', 'otj']);
    const user = macro('lights', `import { x } from "./shared.js";`);
    expect(verdicts(settings, main, user)).toEqual(['other', 'otj', 'other']);
    expect(verdicts(macro('alone', settings.content), main)).toEqual(['other', 'otj']);
  });
});

describe('macros of others', () => {
  it('never takes Meeting Controls', () => {
    expect(verdicts(meetingControls)).toEqual(['other']);
    const chatty = `${meetingControls.content}\n// stands beside One-Touch Join of Pexip; Bookings.Put is its affair`;
    expect(verdicts(macro('otj-macro', chatty), macro('pexip-otj-controls', chatty))).toEqual(['other', 'other']);
  });

  it('leaves a macro with the name only to a person', () => {
    expect(verdicts(macro('otj-macro', 'console.log(1)'), macro('OTJ-Macro', ''))).toEqual(['uncertain', 'uncertain']);
    expect(verdicts(macro('otj', ''), macro('hotjoin', ''), macro('not-otjoin', ''))).toEqual([
      'other',
      'other',
      'other',
    ]);
  });

  it('leaves one that only names the host to a person', () => {
    const mention = "// Replaces Pexip's macro, which called otj.pexip.io";
    expect(verdicts(macro('lights', mention), macro('x', 'cisco-macros.pexip.io'))).toEqual(['uncertain', 'uncertain']);
  });

  it('leaves weak signs together to a person', () => {
    expect(verdicts(macro('x', '// One-Touch Join\nxapi.Command.Bookings.Put({}, list)'))).toEqual(['uncertain']);
    expect(verdicts(macro('x', '// Pexip'), macro('y', 'Bookings.Put'))).toEqual(['other', 'other']);
  });

  it.each([
    'https://otj.pexip.io/v1',
    'https://fjord.otj.pexip.io',
    'https://a.b.otj.pexip.io:443/x?y',
    'https://cisco-macros.pexip.io/otj/latest.json',
    'OTJ.Pexip.IO',
    'wss://fjord.otj.pexip.io.',
  ])('takes %s for the Service', (url) => {
    expect(verdicts(calls(url))).toEqual(['otj']);
  });

  it.each([
    'https://otj.pexip.io.evil.com/v1',
    'https://xotj.pexip.io',
    'https://not-otj.pexip.io',
    'https://otj.pexip.iox',
    'https://otj.pexip.io-x.com',
    'https://otj-pexip.io',
    'https://otjxpexip.io',
    'https://otj.pexip.com',
    'https://pexip.io/otj',
    'https://cisco-macros.pexip.io.example.com',
    'https://my-cisco-macros.pexip.io',
  ])('does not take %s for the Service', (url) => {
    expect(verdicts(calls(url))).toEqual(['other']);
  });

  it('looks on after a look-alike', () => {
    expect(
      verdicts(calls('https://xotj.pexip.io/?a=https://otj.pexip.io.evil.com&b=https://fjord.otj.pexip.io/v1')),
    ).toEqual(['otj']);
  });

  it('asks where the service is only named in a sentence of the code', () => {
    const content = "console.log('replaces otj.pexip.io, One-Touch Join');\nxapi.Command.Bookings.Put({}, ours);";
    expect(judgeMacros([{ name: 'lights', content, active: true }])).toMatchObject([{ verdict: 'uncertain' }]);
  });

  it('answers for every macro, also for none, an empty one and a huge one', () => {
    expect(judgeMacros([])).toEqual([]);
    expect(verdicts(macro('', ''), macro('big', 'otj.pexip.iox '.repeat(20_000)))).toEqual(['other', 'other']);
  });
});

describe('a text that was judged before', () => {
  it('is judged the same and not read as a program again, among whatever others', () => {
    const lights = {
      name: 'lights',
      active: true,
      content: "import xapi from 'xapi';\n// only in this test\nxapi.Command.Standby.Halfwake();",
    };
    const pair = otjMacroPair({ tenant: 'fjord', token: 'only-in-this-test' });
    const alone = judgeMacros([lights]);
    const parse = vi.spyOn(Parser.prototype, 'parse');
    expect(judgeMacros([lights])).toEqual(alone);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    const among = judgeMacros([...pair, lights]);
    expect(among).toEqual(judgeMacros([...pair, lights]));
    expect(among.at(-1)).toEqual(alone[0]);
    expect(among.slice(0, 2).map(({ verdict }) => verdict)).toEqual(['otj', 'otj']);
  });
});
