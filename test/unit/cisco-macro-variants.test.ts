/** The Service's macros as they are met: edited, copied, made smaller, bundled; and macros that only look like them. */
import { transformWithOxc } from 'vite';
import { describe, expect, it } from 'vitest';
import { judgeMacros, type Macro } from '../../main/endpoints/cisco/otj/judge.ts';
import { meetingControls, otjMacroPair } from '../lab/cisco/macros.ts';
import {
  bundled,
  ES5,
  ES5_SETTINGS,
  IN_CLASSES,
  judged,
  MAIN,
  macro,
  minified,
  OWN,
  SETTINGS,
  verdicts,
} from '../support/macroVariants.ts';

describe('a copy that somebody made', () => {
  it('is known switched off', () => {
    expect(verdicts({ ...SETTINGS, active: false }, { ...MAIN, active: false })).toEqual(['otj', 'otj']);
  });

  it('is known beside the first one, settings and all', () => {
    const second = macro('otj-macro-2', MAIN.content);
    expect(verdicts(SETTINGS, MAIN, second)).toEqual(['otj', 'otj', 'otj']);
    const spare = macro('copy_of_settings', SETTINGS.content.replaceAll('\n', ' \r\n'));
    expect(verdicts(SETTINGS, spare, MAIN, second)).toEqual(['otj', 'otj', 'otj', 'otj']);
    expect(judgeMacros([SETTINGS, spare, MAIN])[1]?.reasons).toContain('has the same text as the OTJ macro');
  });

  it('is known with the settings of another room', () => {
    const other = otjMacroPair({ tenant: 'hav', token: 'xyz', pollMs: 9 })[0]?.content ?? '';
    expect(verdicts(SETTINGS, MAIN, macro('settings-old', other))).toEqual(['otj', 'otj', 'otj']);
    expect(verdicts(macro('settings-old', other))).toEqual(['uncertain']);
  });

  it.each([
    ['a line more', (text: string) => text.replace('update();', "update();\nconsole.log('edited by Kari');")],
    ['another interval', (text: string) => text.replace('settings.pollMs', '60 * 1000')],
    ['no comments', (text: string) => text.replace(/^\/\/.*$/gm, '')],
    ['no product name', (text: string) => text.replaceAll('One-Touch Join', 'Kalender')],
    ['a shebang and a BOM', (text: string) => `\ufeff${text}`],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('is known edited: %s', (_what, edit) => {
    expect(verdicts(SETTINGS, macro('calendar', edit(MAIN.content)))).toEqual(['otj', 'otj']);
  });

  it('is known in another hand, and as one file', () => {
    expect(judged(macro('kalender', IN_CLASSES)).verdict).toBe('otj');
    expect(verdicts(minified(macro('x', IN_CLASSES)))).toEqual(['otj']);
  });

  it('is known with a function between it and the codec', () => {
    const content = IN_CLASSES.replace(/xapi\.command\(/g, 'run(').replace(
      'class Client',
      'function run(name, ...given) {\n  return xapi.command(name, ...given);\n}\nclass Client',
    );
    expect(verdicts(macro('kalender', content))).toEqual(['otj']);
  });

  it('is known compiled to ES5', () => {
    expect(verdicts(macro('calendar-settings', ES5_SETTINGS), macro('calendar', ES5))).toEqual(['otj', 'otj']);
  });

  it.each(['es2015', 'es2017', 'esnext'])('is known compiled to %s', async (target) => {
    const compiled = async ({ name, content }: Macro) =>
      macro(name, (await transformWithOxc(content, `${name}.js`, { target })).code);
    expect(verdicts(await compiled(SETTINGS), await compiled(MAIN))).toEqual(['otj', 'otj']);
    expect(verdicts(await compiled(macro('x', IN_CLASSES)))).toEqual(['otj']);
  });

  it('is known minified, under the names of the package and under others', () => {
    expect(verdicts(minified(SETTINGS), minified(MAIN))).toEqual(['otj', 'otj']);
    const renamed = macro('a', MAIN.content.replaceAll('otj-macro-settings', 'b'));
    expect(verdicts(minified(renamed), minified(SETTINGS, 'b'))).toEqual(['otj', 'otj']);
  });

  it.each([false, true])('is known with both macros in one, minified: %s', async (minify) => {
    const code = await bundled(minify, SETTINGS, MAIN);
    expect(code).not.toMatch(/(from|import) ?["']\.\//);
    expect(judged(macro('m', code))).toMatchObject({ verdict: 'otj' });
  });

  it('is known with the host in escapes', () => {
    const escaped = IN_CLASSES.replace('otj.pexip.io', '\\x6ftj.p\\u0065xip.\\u{69}o');
    expect(escaped).not.toContain('otj.pexip.io');
    const { verdict, marks } = judged(macro('m', escaped));
    expect(verdict).toBe('otj');
    expect(marks.map(({ from, to }) => escaped.slice(from, to))).toContain(
      "'https://fjord.\\x6ftj.p\\u0065xip.\\u{69}o'",
    );
  });
});

describe('a copy that hides its host', () => {
  const hiding: [string, string][] = [
    ['in two texts', "'https://fjord.otj.' + 'pexip.io'"],
    ['in a template', `\`https://fjord.otj.$\{'pexip'}.io\``],
    ['in a list', "['https://fjord.otj', 'pexip', 'io'].join('.')"],
    ['by concat', "'https://fjord.'.concat('otj.pexip', '.io')"],
    ['in base64', `atob('${Buffer.from('https://fjord.otj.pexip.io').toString('base64')}')`],
  ];
  it.each(hiding)('%s is left to a person', (_how, host) => {
    const content = IN_CLASSES.replace("'https://fjord.otj.pexip.io'", host);
    expect(content).not.toBe(IN_CLASSES);
    expect(judged(macro('m', content))).toMatchObject({ verdict: 'uncertain' });
    expect(judged(macro('m', content)).reasons.join()).toContain('from pieces, or encodes it: otj.pexip.io');
  });

  it('is left to a person when the pieces have names', () => {
    const content = `const domain = 'pexip.io'; const host = 'otj.' + domain;\n${IN_CLASSES.replace("'https://fjord.otj.pexip.io'", "'https://fjord.' + host")}`;
    expect(verdicts(macro('m', content))).toEqual(['uncertain']);
  });
});

describe("a macro of the customer's own", () => {
  it('is nobody else’s business', () => {
    expect(verdicts(macro('calendar', OWN))).toEqual(['other']);
  });

  it.each([
    ['a comment', '// replaces Pexip One-Touch Join: https://fjord.otj.pexip.io, https://cisco-macros.pexip.io'],
    ['the console', "console.log('https://fjord.otj.pexip.io');"],
    ['the console, put together', "console.log('replaces ' + 'https://otj.pexip.io', `cisco-macros.pexip.io`);"],
    ['a name', "const OLD = 'https://fjord.otj.pexip.io';\nconsole.info(OLD);"],
    ['a name that nobody uses', "const OLD = 'otj.pexip.io';"],
    ['an alert', "xapi.Command.UserInterface.Message.Alert.Display({ Text: 'otj.pexip.io' });"],
    [
      'an alert of its own',
      "const tell = (Text) => xapi.Command.UserInterface.Message.Alert.Display({ Text });\ntell('otj.pexip.io');",
    ],
    ['an alert by text', "xapi.command('UserInterface Message TextLine Display', { Text: 'otj.pexip.io' });"],
    ['a list', "const HOSTS = ['otj.pexip.io', 'cisco-macros.pexip.io'];\nHOSTS.forEach((host) => console.log(host));"],
    [
      'an object',
      "const CFG = { old: 'otj.pexip.io', mine: 'x' };\nconsole.log(CFG.old);\nxapi.Command.HttpClient.Get({ Url: CFG.mine });",
    ],
    ['a comparison', "refresh.url = 'x';\nif (refresh.url === 'https://otj.pexip.io') refresh();"],
    ['a test', "if (String(refresh).includes('otj.pexip.io')) refresh();"],
    ['an error', "function fail() { throw new Error('otj.pexip.io'); }\nif (!xapi) fail();"],
    ['a method that shows', "const ui = { tell(text) { console.log(text); } };\nui.tell('otj.pexip.io');"],
    [
      'a class that shows',
      "class Teller { constructor(text) { this.text = text; } tell() { console.log(this.text); } }\nnew Teller('otj.pexip.io').tell();",
    ],
    ['an error of another kind', "function fail() { throw new TypeError('otj.pexip.io'); }\nif (!xapi) fail();"],
    [
      'a search',
      "const OLD = 'otj.pexip.io';\nxapi.Command.HttpClient.Get({ Url: 'https://example.com/' + OLD.indexOf('o') });",
    ],
    [
      'a part that it does not take',
      "const CFG = { old: 'otj.pexip.io', mine: 'x' };\nconst { mine } = CFG;\nxapi.Command.HttpClient.Get({ Url: mine });",
    ],
    [
      'a comparison within a call',
      "const OLD = 'otj.pexip.io';\nxapi.Command.HttpClient.Get({ Url: 'x', AllowInsecureHTTPS: OLD === String(refresh) });",
    ],
    [
      'a message to others',
      "xapi.Command.HttpClient.Post({ Url: 'https://example.com' }, 'moved away from otj.pexip.io');",
    ],
    ['a body for others', "xapi.command('HttpClient Post', { Url: 'https://example.com' }, 'otj.pexip.io');"],
    [
      'another body for others',
      "xapi.Command.HttpClient.Post({ Url: 'https://example.com' }, JSON.stringify({ old: 'otj.pexip.io' }));",
    ],
    ['a meeting', "xapi.Command.Bookings.Put({}, JSON.stringify({ Bookings: [{ Number: 'x@otj.pexip.io' }] }));"],
    ['a rule of who may be called', "xapi.Command.HttpClient.Allow.Hostname.Add({ Expression: 'otj.pexip.io' });"],
    ['a sentence for another macro', "import { notify } from './notify';\nnotify('moved away from otj.pexip.io');"],
    ['an export', "export const OLD = 'otj.pexip.io';"],
  ])('is never certain for naming the hosts in %s', (_where, line) => {
    const content = OWN + line;
    for (const one of [macro('calendar', content), minified(macro('calendar', content))])
      expect([one.content, verdicts(one)]).not.toEqual([one.content, ['otj']]);
    expect(verdicts(macro('calendar', content))).toEqual(['uncertain']);
  });

  it('is not taken for watching over the Service', () => {
    const watch = `import xapi from 'xapi';
for (const host of ['otj.pexip.io', 'cisco-macros.pexip.io'])
  xapi.Command.HttpClient.Get({ Url: 'https://' + host }).catch(() => console.warn('Pexip One-Touch Join is away'));`;
    expect(verdicts(macro('otj-watch', watch), SETTINGS, MAIN)).toEqual(['uncertain', 'otj', 'otj']);
  });

  it('keeps the settings that it imports, and so do the others', () => {
    const lights = macro('lights', "import { pollMs } from './otj-macro-settings';\nconsole.log(pollMs);");
    expect(verdicts(lights, SETTINGS, MAIN)).toEqual(['uncertain', 'uncertain', 'otj']);
    const [, settings] = judgeMacros([lights, SETTINGS, MAIN]);
    expect(settings?.reasons).toContain("is imported by a macro that is not OTJ's");
    const shared = macro('shared', SETTINGS.content);
    const main = macro('m', MAIN.content.replace('otj-macro-settings', 'shared'));
    const reader = macro('lights', lights.content.replace('otj-macro-settings', 'shared'));
    expect(verdicts(reader, shared, main)).toEqual(['other', 'uncertain', 'otj']);
  });

  it('is not taken for taking only its own part of shared settings', () => {
    const shared = macro('hosts', "export const HOSTS = { otj: 'https://otj.pexip.io', own: 'https://example.com' };");
    const own = (part: string) =>
      macro(
        'calendar',
        OWN.replace("'https://calendar.example.com/room/7'", part).replace(
          'import',
          "import { HOSTS } from './hosts';\nimport",
        ),
      );
    expect(verdicts(own('HOSTS.own'), shared)).toEqual(['other', 'uncertain']);
    expect(verdicts(own('HOSTS.otj'), shared)).toEqual(['otj', 'otj']);
    const flat = macro(
      'hosts',
      "export const otj = 'https://otj.pexip.io';\nexport const HOSTS = 'https://example.com';",
    );
    expect(verdicts(own('HOSTS'), flat)).toEqual(['other', 'uncertain']);
  });

  it('is not taken with the OTJ macro when that imports it', () => {
    const main = macro(MAIN.name, `import './lights';\n${MAIN.content}`);
    const lights = macro('lights', "import xapi from 'xapi';\nxapi.Event.Bookings.on(() => console.log(1));");
    expect(verdicts(lights, SETTINGS, main)).toEqual(['uncertain', 'otj', 'otj']);
  });
});

describe('Meeting Controls', () => {
  it.each([
    ['as it is', meetingControls.content, 'other'],
    [
      'with the host in escapes',
      meetingControls.content.replace('api-gateway', '\\x61pi-gateway').replace('https://api', 'https://\\u0061pi'),
      'other',
    ],
    ['with a word on OTJ', `${meetingControls.content}\n// not One-Touch Join, see otj.pexip.io`, 'other'],
    [
      'with a call of OTJ in it',
      `${meetingControls.content}\n${IN_CLASSES.replace("const xapi = require('xapi');", '')}`,
      'uncertain',
    ],
  ])('is never taken %s', (_how, content, verdict) => {
    expect(verdicts(macro('otj-macro', content))).toEqual([verdict]);
    expect(verdicts(SETTINGS, MAIN, macro('m', content))).toEqual(['otj', 'otj', verdict]);
  });

  it('is never taken minified', () => {
    expect(verdicts(minified(meetingControls, 'otj-macro'))).toEqual(['other']);
  });
});

describe('the places of the signs', () => {
  it('are where they are said to be', () => {
    const { marks } = judged(SETTINGS);
    const told = marks.map(({ from, to, reason }) => [SETTINGS.content.slice(from, to).toLowerCase(), reason]);
    expect(told).toContainEqual(['otj.pexip.io', expect.stringContaining('calls the One-Touch Join service')]);
    expect(told).toContainEqual(['one-touch join', expect.stringContaining('speaks of')]);
  });

  it('are right behind letters that change their length in lower case', () => {
    const content = `// İİİ\n${IN_CLASSES}`;
    const { marks } = judged(macro('m', content));
    expect(marks.map(({ from, to }) => content.slice(from, to))).toContain('otj.pexip.io');
  });
});
