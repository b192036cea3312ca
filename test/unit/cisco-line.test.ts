/** One xAPI line as a person types it: what is understood, what may change something, and what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { parseLine, type XapiLine } from '../../main/endpoints/cisco/line.ts';
import { commandLine, configurationLine } from '../../main/endpoints/cisco/xapi.ts';
import { plainReply } from '../../main/services/xapiReply.ts';
import { errorOf } from '../support/codeOf.ts';

/** The column and the reason that a line is refused with. */
async function refusal(text: string, body: string | null = null): Promise<string> {
  const error = await errorOf(() => parseLine(text, body));
  return error?.code === 'XAPI_LINE' ? (error.words ?? '') : `not refused as a line: ${error?.code}`;
}

describe('reading', () => {
  it('takes a path, with numbers of lists in either spelling', () => {
    const status = { kind: 'get', tree: 'Status', mayChange: false };
    expect(parseLine('xStatus SystemUnit Uptime')).toMatchObject({ ...status, path: 'SystemUnit Uptime' });
    expect(parseLine('xStatus Network[1] IPv4')).toMatchObject({ ...status, path: 'Network 1 IPv4' });
    expect(parseLine('  xstatus Network 1 IPv4 ')).toMatchObject({ ...status, path: 'Network 1 IPv4' });
    expect(parseLine('XCONFIGURATION macros')).toMatchObject({ kind: 'get', tree: 'Configuration', path: 'Macros' });
    expect(parseLine('xConfiguration Video Output Connector 1 HDCPForce1_4').path).toBe(
      'Video Output Connector 1 HDCPForce1_4',
    );
  });

  it.each([
    ['xCommand Macros Macro Get Name: "x" Content: True', false],
    ['xCommand userinterface extensions export', false],
    ['xCommand Bookings List Days: 1', false],
    ['xCommand HttpClient Get Url: "https://example.com"', true],
    ['xCommand Macros Macro Remove Name: x', true],
    ['xCommand Macros Macro GetAll', true],
    ['xCommand Something New List', true],
    ['xConfiguration Macros Mode: On', true],
  ])('%s: may change something is %s', (text, mayChange) => {
    expect(parseLine(text).mayChange).toBe(mayChange);
  });
});

describe('parameters', () => {
  const params = (text: string) => {
    const line = parseLine(text);
    return line.kind === 'command' ? line.params : {};
  };

  it('keeps texts as they are, and numbers and booleans as what they are', () => {
    expect(params('xCommand Dial Number: "a | \\"b\\" \\\\c"')).toEqual({ Number: 'a | "b" \\c' });
    expect(params('xCommand A B: 7 C: -3 D: 007 E: 1e3 F: TRUE G: "7" H: https://x/y?z=1')).toEqual({
      B: 7,
      C: -3,
      D: '007',
      E: '1e3',
      F: true,
      G: '7',
      H: 'https://x/y?z=1',
    });
    expect(params('xCommand A Name: "" Option.1:"ø"')).toEqual({ Name: '', 'Option.1': 'ø' });
  });

  it('makes a list of what is repeated, and no property of an object out of a name', () => {
    const { Role, constructor: built } = params('xCommand A Role: Admin Name: x Role: "User"');
    expect([Role, built]).toEqual([['Admin', 'User'], Object]);
    expect(params('xCommand A constructor: 1')).toEqual({ Constructor: 1 });
  });

  it('takes a setting, and only one', async () => {
    expect(parseLine('xConfiguration NetworkServices NTP Server[2] Address: "ntp.example"')).toMatchObject({
      kind: 'set',
      path: 'NetworkServices NTP Server 2 Address',
      value: 'ntp.example',
    });
    expect(await refusal('xConfiguration A B: 1 C: 2')).toBe('column 23: one setting in one line');
  });

  it('takes a text beside the line, for commands', async () => {
    const line = parseLine('xCommand Macros Macro Save Name: x', 'one\n.\ntwo');
    expect(line).toMatchObject({ kind: 'command', body: 'one\n.\ntwo', mayChange: true });
    expect(line.shown).toBe('xCommand Macros Macro Save Name: x (and a text of 9 bytes)');
    expect(parseLine('xCommand Macros Macro Get', '').mayChange).toBe(true);
    expect(await refusal('xStatus SystemUnit', 'text')).toContain('xCommand only');
  });
});

describe('secrets', () => {
  it.each([
    ['xCommand Webex Registration Start ActivationCode: "4711-5678"', 1],
    ['xCommand HttpClient Get Url: "https://x" Header: "Authorization: Bearer geheim"', 1],
    ['xCommand UserManagement User Add Username: a Passphrase: "geheim 1" YourPassphrase: geheim2', 2],
    ['xConfiguration SIP Authentication Password: geheim1', 1],
    ['xConfiguration NetworkServices NTP Server 1 Key: geheim1', 1],
    ['xCommand Conference Call AuthenticationResponse Pin: 4711geheim', 1],
    ['xCommand UserManagement User Add PassphraseChangeRequired: True', 0],
    ['xConfiguration NetworkServices NTP Server 1 KeyId: 7', 0],
  ])('%s', (text, secrets) => {
    const line = parseLine(text);
    expect(line.secrets).toHaveLength(secrets);
    expect(line.shown).not.toMatch(/geheim|4711/);
  });

  it('are in no refusal either', async () => {
    for (const slip of ['"geheim', 'geheim | x', 'geheim geheim', '"geheim"x', '"\\geheim"', 'geheim\nbye'])
      expect(await refusal(`xCommand A Passphrase: ${slip}`)).toMatch(/^column \d+: (?!.*geheim)/);
  });

  it('are masked in replies by their name, and by what is known', () => {
    const reply = {
      User: [{ id: '1', Username: { Value: 'admin' }, Passphrase: { Value: 'x1' }, PassphraseExpired: 'False' }],
      Content: { Value: 'const a = "known"', valueSpaceRef: '/x' },
    };
    const redact = (text: string) => text.replaceAll('known', '•••');
    expect(plainReply(reply, 'UserManagement User List', redact)).toEqual({
      User: [{ id: '1', Username: 'admin', Passphrase: '•••', PassphraseExpired: 'False' }],
      Content: 'const a = "•••"',
    });
    expect(plainReply({ Value: 'x1' }, 'SIP Authentication Password', redact)).toBe('•••');
    expect(plainReply(undefined, 'Nothing', redact)).toBeNull();
  });
});

describe('refusals', () => {
  it.each([
    ['', 'column 1: it begins with none of'],
    ['bye', 'column 1: it begins with none of'],
    ['xFeedback register /Status', 'column 1: it begins with none of'],
    ['systemtools passwd', 'column 1: it begins with none of'],
    ['xPreferences outputmode xml', 'column 1: it begins with none of'],
    ['xCommand', 'column 9: xCommand needs a path'],
    ['xStatus ', 'column 8: xStatus needs a path'],
    ['xStatus Audio Volume: 5', 'column 15: a status cannot be set'],
    ['xStatus Network[*]', 'column 16: a [ cannot stand here'],
    ['xStatus /SystemUnit', 'column 9: a / cannot stand here'],
    ['xStatus 1 Network', 'column 9: '],
    ['xCommand Audio 1 Mute', 'column 16: commands have no numbers'],
    ['xCommand Foo | resultId="1"', 'column 14: a | cannot stand here'],
    ['xCommand Foo Name: x | resultId="1"', 'column 22: a | cannot stand here'],
    ['xCommand Foo Name: my macro', 'column 23: a parameter with a colon is expected'],
    ['xCommand Foo Name:', 'column 19: a value is missing'],
    ['xCommand Foo Name: Role: Admin', 'column 20: a value is missing'],
    ['xCommand Foo Name: "x', 'column 20: the quotes'],
    ['xCommand Foo Name: "a\\nb"', 'column 20: the quotes'],
    ['xCommand Foo Name: "a"b', 'column 23: a space is missing'],
    ['xCommand Foo\nbye', 'column 13: a line break'],
    ['xCommand Foo Name: "a\rb"', 'column 22: a line break'],
    ['xCommand Foo Name: "a\u2028b"', 'column 22: a line break'],
    ['xCommand Foo\tName: a', 'column 13: a line break, tab'],
    ['xCommand Foo Name: "\ud800"', 'a character is cut in half'],
    [`xCommand Foo Name: "${'x'.repeat(20_000)}"`, 'longer than 16384 characters'],
  ])('%j', async (text, words) => {
    expect(await refusal(text)).toContain(words);
  });

  it.each([
    'Macros Macro Save Name: otj',
    'bookings put',
    'UserInterface Extensions Panel Save PanelId: a',
    'SystemUnit WelcomeBanner Set',
    'Security Certificates CSR Link',
  ])('keep a command back whose text is missing, for the codec would wait for it: %s', async (command) => {
    expect(await refusal(`xCommand ${command}`)).toContain('takes a text');
    expect(parseLine(`xCommand ${command}`, '').kind).toBe('command');
  });

  it('are all there is: any text is a line or refused as one', () => {
    const pieces = fc.constantFrom(
      'xCommand ',
      'xStatus ',
      'xConfiguration ',
      'A',
      ' ',
      ':',
      '"',
      '\\',
      '[1]',
      '|',
      '7',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (typed) => {
        try {
          const { path, mayChange, kind } = parseLine(typed);
          return path.length > 0 && (kind === 'get') <= !mayChange;
        } catch (thrown) {
          return thrown instanceof OtjError && thrown.code === 'XAPI_LINE';
        }
      }),
      { numRuns: 20_000 },
    );
  });
});

/** What a codec gets to read over SSH, without the id of the reply. */
function sentLine(line: XapiLine): string {
  if (line.kind === 'get') return line.shown;
  const text =
    line.kind === 'set' ? configurationLine(line.path, line.value, '1') : commandLine(line.path, line.params, '1');
  return text.replace(/ \| resultId="1"$/, '');
}

describe('what is sent', () => {
  it('means the same when it is read again, whatever the values are', () => {
    const word = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,8}$/);
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)),
      fc.integer(),
      fc.boolean(),
    );
    const list = fc.array(value, { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.dictionary(word, fc.oneof(value, list), { maxKeys: 4, noNullPrototype: true }),
        (path, params) => {
          const line = parseLine(commandLine(path.join(' '), params, '1').replace(/ \| resultId="1"$/, ''));
          expect(line).toMatchObject({ kind: 'command', path: path.join(' '), params });
          expect(parseLine(sentLine(line))).toEqual(line);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('holds one command only', () => {
    const line = parseLine('xCommand Dial Number: "x | xCommand Boot"');
    expect(sentLine(line)).toBe('xCommand Dial Number: "x | xCommand Boot"');
    expect(sentLine(parseLine('xconfiguration audio ultrasound MaxVolume: 70'))).toBe(
      'xConfiguration Audio Ultrasound MaxVolume: 70',
    );
  });
});
