/** The Service's macros as they are met: edited, copied, made smaller, bundled; and macros that only look like them. */
import fc from 'fast-check';
import { build, minifySync, transformWithOxc } from 'vite';
import { describe, expect, it } from 'vitest';
import { judgeMacros, type Macro } from '../../main/endpoints/cisco/otj/judge.ts';
import { meetingControls, neighbours, otjMacroPair } from '../lab/cisco/macros.ts';

const macro = (name: string, content: string, active = true): Macro => ({ name, content, active });
const verdicts = (...macros: Macro[]) => judgeMacros(macros).map(({ verdict }) => verdict);
const judged = (...macros: Macro[]) => judgeMacros(macros)[0] ?? { verdict: null, score: 0, reasons: [], marks: [] };

const [SETTINGS, MAIN] = otjMacroPair({ tenant: 'fjord', token: 'abc' });
if (!SETTINGS || !MAIN) throw new Error('no pair');

/** The same work in another hand: classes, one file, the command as a text. */
const IN_CLASSES = `
const xapi = require('xapi');

const CONFIG = { system: 'c0ffee', service: { host: 'https://fjord.otj.pexip.io' }, interval: 300 };

class Client {
  constructor(options) {
    this.base = options.base;
  }
  get url() {
    return this.base + '/api/systems/' + CONFIG.system;
  }
  async meetings() {
    const reply = await xapi.command('HttpClient Get', { Url: this.url, ResultBody: 'PlainText' });
    return JSON.parse(reply.Body).meetings.map((meeting) => ({ Id: meeting.id, Title: meeting.subject }));
  }
}

class Sync {
  constructor(client) {
    this.client = client;
  }
  async run() {
    const list = await this.client.meetings();
    return xapi.command('Bookings Put', {}, JSON.stringify({ Bookings: list }));
  }
}

const sync = new Sync(new Client({ base: CONFIG.service.host }));
setInterval(() => sync.run().catch((error) => console.error(error)), CONFIG.interval * 1000);
`;

/** As a compiler for engines of the year 2009 leaves it. */
const ES5 = `"use strict";
var _xapi = _interopRequireDefault(require("xapi"));
var settings = _interopRequireWildcard(require("./calendar-settings"));
function _getRequireWildcardCache(e) { return e; }
function _interopRequireWildcard(obj) { return obj && obj.__esModule ? obj : { default: obj }; }
function _interopRequireDefault(obj) { return obj && obj.__esModule ? obj : { default: obj }; }
function update() {
  return _xapi.default.Command.HttpClient.Get({
    Url: "https://".concat(settings.host, "/v1/meetings/").concat(settings.token)
  }).then(function (response) {
    var _JSON$parse = JSON.parse(response.Body), bookings = _JSON$parse.bookings;
    return _xapi.default.Command.Bookings.Put({}, JSON.stringify({ Bookings: bookings }));
  });
}
setInterval(update, settings.pollMs);
`;
const ES5_SETTINGS = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.token = exports.pollMs = exports.host = void 0;
var host = exports.host = 'fjord.otj.pexip.io';
var token = exports.token = 'abc';
var pollMs = exports.pollMs = 5000;
`;

function minified({ name, content, active }: Macro, newName = name): Macro {
  const { code, errors } = minifySync(`${name}.js`, content, { module: true });
  if (errors.length > 0) throw new Error(String(errors[0]));
  return { name: newName, content: code, active };
}

/** One file of several, as bundlers make it. */
async function bundled(minify: boolean, ...macros: Macro[]): Promise<string> {
  const sources = new Map(macros.map(({ name, content }) => [`./${name}`, content]));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'macros',
        enforce: 'pre',
        resolveId: (id) => (sources.has(id) ? `\0${id}` : null),
        load: (id) => sources.get(id.slice(1)) ?? null,
      },
    ],
    build: {
      write: false,
      minify: minify ? 'oxc' : false,
      rolldownOptions: { input: `./${macros.at(-1)?.name}`, external: ['xapi'] },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const chunk = output && 'output' in output ? output.output[0] : null;
  if (!chunk) throw new Error('nothing was built');
  return chunk.code;
}

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

/** A calendar macro of the customer's own: it calls out and writes meetings, as OTJ does. */
const OWN = `import xapi from 'xapi';
async function refresh() {
  const { Body } = await xapi.Command.HttpClient.Get({ Url: 'https://calendar.example.com/room/7' });
  await xapi.Command.Bookings.Put({}, Body);
}
setInterval(refresh, 60000);
`;

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

describe('whatever is thrown at it', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          ...`otj.pexip.io|cisco-macros.pexip.io|api-gateway.pexip.io|Bookings.Put|"|'|\`|$\{|}|{|(|)|=>|;|//|/*|*/|\n|import|export|from|"./a"|const a=|a|+|.|,|[|]|xapi.Command.HttpClient.Get|One-Touch Join`.split(
            '|',
          ),
        ),
        { maxLength: 40 },
      )
      .map((words) => words.join(' ')),
  );
  const names = fc.oneof(
    fc.constantFrom('a', 'b', 'otj-macro', 'otj-macro-settings', 'Otj', '__proto__', 'constructor'),
    fc.string(),
  );
  const any = fc.record({ name: names, content: texts, active: fc.boolean() });

  it('judges it, the same each time and in any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(any, { selector: ({ name }) => name.toLowerCase(), maxLength: 6 }),
        fc.nat(),
        (macros, turn) => {
          const first = judgeMacros(macros);
          expect(first.map(({ name }) => name)).toEqual(macros.map(({ name }) => name));
          expect(judgeMacros(macros)).toEqual(first);
          const at = macros.length > 0 ? turn % macros.length : 0;
          const turned = judgeMacros([...macros.slice(at), ...macros.slice(0, at)]);
          expect(new Map(turned.map((one) => [one.name, one]))).toEqual(new Map(first.map((one) => [one.name, one])));
          for (const [index, { marks }] of first.entries())
            for (const { from, to } of marks) {
              expect(from).toBeLessThan(to);
              expect(to).toBeLessThanOrEqual(macros[index]?.content.length ?? 0);
            }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('takes no neighbour, in any order, under any name, whatever is said in its comments', () => {
    const comment = fc.constantFrom(
      'otj.pexip.io',
      'cisco-macros.pexip.io',
      'One-Touch Join',
      'Bookings.Put',
      "'otj.pexip.io'",
    );
    const others = [...neighbours, macro('own', OWN)];
    const picked = fc
      .shuffledSubarray(others)
      .chain((some) =>
        fc.tuple(
          ...some.map((one) =>
            fc
              .record({ name: names, words: fc.array(comment, { maxLength: 3 }) })
              .map(({ name, words }) => macro(name, `/* ${words.join('\n')} */\n${one.content}`)),
          ),
        ),
      );
    fc.assert(
      fc.property(picked, fc.boolean(), (macros: Macro[], withPair) => {
        const unlike = macros.filter(({ name }) => ![SETTINGS.name, MAIN.name].includes(name));
        const all = withPair ? [...unlike, SETTINGS, MAIN] : unlike;
        const taken = judgeMacros(all).filter(({ verdict }) => verdict === 'otj');
        expect(taken.map(({ name }) => name)).toEqual(withPair ? [SETTINGS.name, MAIN.name] : []);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes no copy from whose code the link or the work was cut out', () => {
    const cuts = fc.record({ from: fc.nat(IN_CLASSES.length), length: fc.nat(400), name: names, put: texts });
    fc.assert(
      fc.property(cuts, ({ from, length, name, put }) => {
        const content = IN_CLASSES.slice(0, from) + put + IN_CLASSES.slice(from + length);
        const { verdict, reasons } = judged(macro(name, content));
        if (verdict !== 'otj') return;
        // Whatever is left has the host and the command in its code.
        expect(content.toLowerCase()).toMatch(/pexip\.io/);
        expect(reasons.some((reason) => reason.startsWith('calls'))).toBe(true);
        expect(content).toContain('HttpClient');
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['deep brackets', '('.repeat(200_000)],
    ['deep lists', `const a = ${'['.repeat(50_000)}'otj.pexip.io'${']'.repeat(50_000)};`],
    ['a long sum', `const a = ${"'otj.' + ".repeat(50_000)}'pexip.io';`],
    ['a long chain', `a${'.Put'.repeat(200_000)}();`],
    ['a long template', `const a = \`${`\${b}otj`.repeat(100_000)}\`;`],
    ['a long list of hosts', `const a = [${"'otj.pexip.io',".repeat(60_000)}];\nconsole.log(a);`],
    [
      'many names for one thing',
      `const a0 = 'otj.pexip.io';\n${Array.from({ length: 20_000 }, (_, at) => `const a${at + 1} = a${at};`).join('\n')}`,
    ],
    ['a join of very many', `const a = [${"'o',".repeat(200_000)}].join('');`],
    [
      'a call with very many parts, of settings',
      `import { host } from './${SETTINGS.name}';\nconst HttpClient = 1;\nrun([${"'o',".repeat(200_000)}].join(''), host);\nxapi.command([${"'o',".repeat(50_000)}].join(''), host);`,
    ],
    ['half of a text', 'otj.pexip.io '.repeat(80_000)],
  ])('comes to an end with 1 MB of %s', (_what, content) => {
    expect(judged(macro('m', content)).verdict).not.toBe('otj');
    expect(verdicts(SETTINGS, MAIN, macro('m', content))[1]).toBe('otj');
  });

  const TANGLED = 'could not be followed: too large or too tangled';
  const sums = Array.from({ length: 9 }, (_, at) => `const a${at + 1} = a${at}${` + a${at}`.repeat(5)};`).join('\n');
  const LARGE = `${IN_CLASSES}\n${'//\n'.repeat(700_000)}`;

  it.each([
    ['blanks', `const a = 'otj.pexip.io';${' '.repeat(1_000_000)}x`],
    ['a text that grows', `let a = 'https://otj.pexip.io';${" a = a + 'x';".repeat(20_000)}`],
    ['a name that is declared over and over', `var a = 'otj.pexip.io';${"var a = a + 'x';".repeat(5_000)}`],
  ])('follows a long run of %s to its end', (_what, content) => {
    const { verdict, reasons } = judged(macro('m', content));
    expect(verdict).toBe('uncertain');
    expect(reasons).not.toContain(TANGLED);
  });

  it.each([
    ['sums of sums', `// otj.pexip.io\nconst a0 = '';\n${sums}\na9 + a9;`],
    ['deep blocks', `// otj.pexip.io\n${'{'.repeat(1_000)}${'x;'.repeat(50_000)}${'}'.repeat(1_000)}`],
    ['very many names', `// otj.pexip.io\n${Array.from({ length: 80_000 }, (_, at) => `let n${at};`).join('')}`],
    ['a huge text, though it is the macro', LARGE],
  ])('gives up on %s, and asks', (_what, content) => {
    const { verdict, reasons } = judged(macro('otj-macro', content));
    expect(verdict).toBe('uncertain');
    expect(reasons).toContain(TANGLED);
  });

  it('leaves the settings to a person that a macro imports on which it gave up', () => {
    const large = macro('lights', `import { host } from './${SETTINGS.name}';\n${'//\n'.repeat(700_000)}`);
    expect(verdicts(SETTINGS, MAIN)).toEqual(['otj', 'otj']);
    expect(verdicts(large, SETTINGS, MAIN).slice(1)).toEqual(['uncertain', 'otj']);
  });

  it('asks where it gives up on what a macro does with the link of another', () => {
    const hosts = Array.from({ length: 2_000 }, (_, at) => `export const a${at} = 'https://otj.pexip.io';`);
    const host = macro('host', hosts.join('\n'));
    const user = macro(
      'user',
      `import * as all from './host';\nxapi.Command.HttpClient;\n${'show(all);'.repeat(5_000)}`,
    );
    const { verdict, reasons } = judged(user, host);
    expect(verdict).toBe('uncertain');
    expect(reasons).toEqual([TANGLED]);
  });
});
