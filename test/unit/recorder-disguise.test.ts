/** What takes private things out of recordings, piece by piece: whatever comes in, its form stays and its words go. */
import { parse } from 'acorn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeMacros } from '../../main/endpoints/cisco/otj/judge.ts';
import { codecDialect } from '../../main/endpoints/cisco/record/dialect.ts';
import { disguiseProgram } from '../../main/endpoints/cisco/record/program.ts';
import { rewriteShell } from '../../main/endpoints/cisco/record/shellText.ts';
import { CODEC_WORDS } from '../../main/endpoints/cisco/record/words.ts';
import { disguise as disguiseAny } from '../../main/endpoints/record/disguise/disguise.ts';
import { rewriteXml } from '../../main/endpoints/record/disguise/leaves.ts';
import { Originals } from '../../main/endpoints/record/disguise/originals.ts';
import { StandIns } from '../../main/endpoints/record/disguise/standIns.ts';
import { Vocabulary } from '../../main/endpoints/record/disguise/words.ts';
import type { ShellExchange } from '../../main/endpoints/record/recording.ts';
import { neighbours, otjMacroPair } from '../lab/cisco/macros.ts';

const same = {
  leaf: (value: string) => value,
  name: () => undefined,
  line: (text: string) => text,
  request: (text: string) => text,
};
type Parts = Parameters<typeof disguiseAny>;
const disguise = (exchanges: Parts[1], known: Parts[2], beside?: Parts[3]) =>
  disguiseAny(codecDialect, exchanges, known, beside);
const standIns = (macs: readonly string[] = []) => new StandIns(new Vocabulary(CODEC_WORDS), macs);
const shell = (said: string, sent = '', read = 'x'): ShellExchange => ({
  over: 'ssh',
  read,
  at: 0,
  took: 0,
  sent,
  said,
  pieces: 1,
});
const known = (text: string, kind = 'name') => ({ text, kind });

/** Texts that are much like what codecs say, and texts that are not. */
const pieces = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.json({ maxDepth: 3 }).map((json) => `{"a": ${json}}\n`),
  fc.constantFrom(
    '{',
    '}\n',
    '"',
    '\\',
    '\n{',
    '<a b="',
    '<![CDATA[',
    ']]>',
    '</a>',
    '<a>',
    '&amp;',
    '&#x0;',
    '<!--',
    '-->',
    '<?',
  ),
);
const answers = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''));

describe('texts within answers', () => {
  it('stay byte for byte where nothing is replaced, whatever they are', () => {
    fc.assert(
      fc.property(answers, (text) => rewriteShell(text, same) === text),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(answers, (text) => rewriteXml(text, same) === text),
      { numRuns: 3_000 },
    );
  });

  it('are each found at their place, and written as JSON wants it', () => {
    const seen: [string, string][] = [];
    const json =
      '{\n "CommandResponse": {"XResult":{"status":"OK","A":[{"id":"1","B":{"Value":"b\\u00e9"}},{"C":"c"}]}}\n ,"ResultId": "7"\n}\n';
    const leaf = (value: string, path: string) => {
      seen.push([path, value]);
      return path === 'XResult/A/B' ? 'q"\\\n' : value;
    };
    const rewritten = rewriteShell(json, { ...same, leaf });
    expect(seen).toEqual([
      ['XResult/status', 'OK'],
      ['XResult/A/id', '1'],
      ['XResult/A/B', 'bé'],
      ['XResult/A/C', 'c'],
      ['ResultId', '7'],
    ]);
    expect(rewritten).toBe(json.replace('"b\\u00e9"', '"q\\"\\\\\\n"'));
  });

  it('are each found at their place, and written as XML wants it', () => {
    const seen: [string, string][] = [];
    const xml =
      '<?xml version="1.0"?>\n<Command><XResult status="OK"><A item="1"><B>b&amp;&#233;</B><C/></A><D><![CDATA[d<e]]></D></XResult></Command>\n';
    const leaf = (value: string, path: string) => {
      seen.push([path, value]);
      return path === 'XResult/A/B' ? '<&>\r' : value;
    };
    const rewritten = rewriteXml(xml, { ...same, leaf });
    expect(seen).toEqual([
      ['XResult/status', 'OK'],
      ['XResult/A/item', '1'],
      ['XResult/A/B', 'b&é'],
      ['XResult/D', 'd<e'],
    ]);
    expect(rewritten).toBe(xml.replace('b&amp;&#233;', '&lt;&amp;&gt;&#13;'));
  });
});

describe('stand-ins', () => {
  it('are the same for the same word in any case, of the same length in bytes, and never the word itself', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcxyzABCXYZ0189éøÅ会'), minLength: 4, maxLength: 20 });
    fc.assert(
      fc.property(word, (text) => {
        const stand = standIns();
        const [one, two] = [stand.ofText(text, 'name'), stand.ofText(`${text} ${text.toLowerCase()}`, 'name')];
        const kept = new Vocabulary(CODEC_WORDS).isFixed(text);
        expect(Buffer.byteLength(one)).toBe(Buffer.byteLength(text));
        expect(two).toBe(`${one} ${one.toLowerCase()}`);
        expect(one === text).toBe(kept);
      }),
    );
  });

  it('are different for different words', () => {
    const stand = standIns();
    const words = Array.from({ length: 2_000 }, (_, at) => `room${at.toString(36)}x`);
    expect(new Set(words.map((word) => stand.ofText(word, 'name'))).size).toBe(words.length);
  });

  it('keep the form of addresses, and keep what is nobody’s', () => {
    const stand = standIns(['00:50:60:0A:1B:2C']);
    const text = stand.ofText(
      '10.1.2.3 00:50:60:0A:1B:2C 0050600a1b2c fe80::1:2 2001:db9::7 10.1.2.3 255.255.0.0 127.0.0.1',
      'text',
    );
    expect(text).toMatch(
      /^(192\.0\.2\.\d+) (00:50:60(?::[0-9A-F]{2}){3}) (005060[0-9a-f]{6}) fe80::\w+ 2001:db8::\w+ \1 255\.255\.0\.0 127\.0\.0\.1$/,
    );
    const [, mac = '', bare] = text.split(' ');
    expect(bare).toBe(mac.replaceAll(':', '').toLowerCase());
  });

  it('of one recording tell nothing about those of another', () => {
    expect(standIns().ofText('Skagerrak', 'name')).not.toBe(standIns().ofText('Skagerrak', 'name'));
  });
});

describe('programs', () => {
  const words = () => {
    const stand = standIns();
    const originals = new Originals([known('Skagerrak')], new Vocabulary(CODEC_WORDS));
    return {
      text: (text: string) => stand.ofText(text, 'macro text'),
      known: (code: string) => originals.replaceIn(code, (original, kind) => stand.ofText(original, kind)),
    };
  };

  it('lose their texts and comments, and stay the same program', () => {
    const program = [
      "import xapi from 'xapi';",
      '// Kari made this for Skagerrak',
      'const skagerrakRoom = { key: "tok_123abc\\n\\u00f8\\x41", pin: 12345678, re: /[a-z]{3}/ };',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a program's
      'const url = `https://kari.example/${skagerrakRoom.key}/x`;',
      "if (url.length > 3) xapi.Command.HttpClient.Get({ Url: url, Header: ['X: kari'] });",
    ].join('\n');
    const disguised = disguiseProgram(program, words());
    for (const word of ['Kari', 'Skagerrak', 'tok_123abc', '12345678'])
      expect(disguised.toLowerCase()).not.toContain(word.toLowerCase());
    const options = { ecmaVersion: 'latest', sourceType: 'module' } as const;
    expect(shapeOf(parse(disguised, options))).toEqual(shapeOf(parse(program, options)));
    expect(disguised).toContain("from 'xapi'");
    expect(disguised).toContain('HttpClient.Get({ Url: url');
  });

  it('lose what stands in regular expressions, raw templates and short numbers, too', () => {
    const program = [
      'const ours = /^(?<who>.+)@(?:mail\\.)?contoso\\.com$/i;',
      'const unit = String.raw`\\unit contoso ${ours}`;',
      'const PIN = 4711, big = 4_712n, part = 4713.5;',
      'const sets = [/[contoso]{2,5}[a-z0-9_\\-.]+\\d\\u0041/gu, /(a)\\1|\\k/, /\\/contoso\\/[/]/, /[\\w\\-]contoso/v];',
    ].join('\n');
    const disguised = disguiseProgram(program, words());
    for (const word of ['contoso', 'mail', 'unit contoso', '4711', '4_712', '4713'])
      expect(disguised).not.toContain(word);
    const options = { ecmaVersion: 'latest', sourceType: 'module' } as const;
    expect(shapeOf(parse(disguised, options))).toEqual(shapeOf(parse(program, options)));
    for (const sign of ['(?<who>.+)@(?:', '{2,5}', 'a-z0-9', '\\u0041', '\\1|\\k', '\\.', '/gu', 'String.raw`\\u'])
      expect(disguised).toContain(sign);
  });

  it('that cannot be read lose all their words', () => {
    expect(disguiseProgram('const x = `Kari {', words())).not.toMatch(/kari/i);
  });

  it('are judged as before', () => {
    const macros = [...neighbours, ...otjMacroPair({ tenant: 'kari', token: 'token-4711' })];
    const say = words();
    const hidden = macros.map(({ name, content, active }) => ({
      name: say.text(name),
      content: disguiseProgram(content, say),
      active,
    }));
    const judge = (all: typeof macros) => judgeMacros(all).map(({ verdict, score }) => ({ verdict, score }));
    expect(judge(hidden)).toEqual(judge(macros));
    expect(judge(macros).map(({ verdict }) => verdict)).toContain('otj');
  });
});

/** Kinds of nodes, without names and texts. */
function shapeOf(node: unknown): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) =>
      ['start', 'end', 'raw', 'value', 'name', 'cooked', 'pattern', 'bigint'].includes(key) && typeof value !== 'object'
        ? undefined
        : value,
    ),
  );
}

describe('what is known to be somebody’s', () => {
  it('is found wherever it stands, and by chance only as a whole word', () => {
    const originals = new Originals(
      [known('Fjord'), known('HQ'), known('Skagerrak Nord'), known('10.1.2.3', 'address')],
      new Vocabulary(CODEC_WORDS),
    );
    for (const text of ['x fjordLights', 'at HQ.', 'SKAGERRAK NORD', '10.1.2.3:443'])
      expect(originals.findIn(text)).not.toBeNull();
    for (const text of ['HQX', 'skagerrak', '110.1.2.3', '10.1.2.34']) expect(originals.findIn(text)).toBeNull();
  });

  it('is left alone when it is a word of the device itself, a switch or a short number', () => {
    const said =
      '{"Status": {"SystemUnit":{"ProductId":{"Value":"Cisco Room Kit"},"State":{"System":{"Value":"Initialized"}}}}}\n';
    const { exchanges, left } = disguise(
      [shell(said)],
      ['Room Kit', 'Status', '12', 'A', 'On', 'Kit 4'].map((text) => known(text)),
    );
    expect(exchanges[0]).toEqual(shell(said));
    expect(left).toBeNull();
  });

  it('goes from messages, also a host that only they name', () => {
    const reason = 'Cannot reach tms.nordbank.example for Fjord';
    const said = `{"CommandResponse": {"XResult":{"status":"Error","Reason":{"Value":"${reason}"}}}}\n`;
    const { exchanges } = disguise([shell(said)], [known('Fjord')]);
    expect(JSON.stringify(exchanges)).toMatch(/Cannot reach [a-z]{3}\.[a-z]{8}\.[a-z]{7} for [A-Z][a-z]{4}\\/);
    expect(JSON.stringify(exchanges)).not.toMatch(/nordbank|fjord/i);
  });

  it('goes from requests, whose counts are right afterwards', () => {
    const rest = 'xCommand Macros Macro Save Name: "10.123.234.33" | resultId="1"\nFjørd\n';
    const sent = `{${Buffer.byteLength(rest)}} \n${rest}`;
    const [exchange] = disguise([shell('', sent)], [known('Fjørd')]).exchanges;
    if (exchange?.over !== 'ssh') throw new Error('another transport');
    const [, count, body = ''] = /^\{(\d+)\} \n([\s\S]*)$/.exec(exchange.sent) ?? [];
    expect(Number(count)).toBe(Buffer.byteLength(body));
    expect(body).not.toMatch(/Fjørd|10\.123/);
    expect(count).not.toBe(String(Buffer.byteLength(rest)));
  });

  it('of an owner’s welcome goes, and what clients stumble over stays', () => {
    const banner = 'House rules of Kari:\nOK\n{\n  "rule": 1,\n*r Login successful\n\nOK\n';
    const [exchange] = disguise([shell(banner, '', 'open')], []).exchanges;
    expect(exchange).toMatchObject({
      said: expect.stringMatching(
        /^[A-Z][a-z]{4} [a-z]{5} \w\w [A-Z][a-z]{3}:\nOK\n\{\n {2}"[a-z]{4}": \d,\n\*r Login successful\n\nOK\n$/,
      ),
    });
    expect(JSON.stringify(exchange)).not.toMatch(/kari|house/i);
  });

  it('is found beside the answers as well', () => {
    expect(disguise([], [known('Fjord')], ['TMS of Fjord']).left).toBe('name');
    expect(disguise([], [known('Fjord')], ['TMS']).left).toBeNull();
  });

  it('is looked for among very many names', () => {
    const names = Array.from({ length: 40_000 }, (_, at) => known(`Meeting place ${at.toString(36)} north`));
    const said = `{"Status": {"X":{"Y":{"Value":"${'some text of meeting place 7 '.repeat(2_000)}"}}}}\n`;
    expect(disguise([shell(said)], names).left).toBeNull();
  });
});

describe('texts of people under names that the firmware uses too', () => {
  const said = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const told = (value: unknown) =>
    disguise([shell(said(value))], []).exchanges.map((one) => ('said' in one ? one.said : ''));

  it('are replaced wherever they stand', () => {
    const leaf = (Value: string) => ({ Value });
    const Booking = [
      {
        Id: leaf('a1'),
        Location: leaf('Karl Johans gate 5'),
        Type: leaf('Contoso'),
        Description: leaf('Secret merger with Contoso'),
        State: leaf('Sold by Hansen'),
      },
    ];
    const Diagnostics = { Message: [{ id: '1', Description: leaf('SIP account of Fjellhus is not registered') }] };
    const UserInterface = { Features: { Message: leaf('Call Hansen in Bergen') }, State: leaf('Room of Per Hansen') };
    const text = [
      ...told({ CommandResponse: { BookingsListResult: { status: 'OK', Booking } }, ResultId: '5' }),
      ...told({ Status: { Diagnostics, UserInterface }, ResultId: '6' }),
    ].join('');
    expect(text).not.toMatch(/Karl|Contoso|merger|Hansen|Fjellhus|Bergen/);
  });

  it("leave the codec's own words of a failure and of its states", () => {
    const Panel = [{ id: '1', PanelId: { Value: 'x' }, Location: { Value: 'HomeScreen' }, Type: { Value: 'Panel' } }];
    const text = [
      ...told({ CommandResponse: { MacroGetResult: { status: 'Error', Reason: { Value: 'Unknown command' } } } }),
      ...told({ CommandResponse: { ExtensionsListResult: { status: 'OK', Extensions: { Panel } } } }),
      ...told({ Status: { SystemUnit: { State: { System: { Value: 'Initialized' } } } } }),
    ].join('');
    for (const word of ['Unknown command', 'HomeScreen', '"Panel"', 'Initialized']) expect(text).toContain(word);
  });
});
