/**
 * Whatever a Poly device sends: the readers of command line, JSON and XML never throw, never hang, keep no more than their
 * limits, and find what is there however it is cut.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { CliLines, MAX_LINE_CHARS } from '../../main/endpoints/poly/cli/lines.ts';
import { readingsOf } from '../../main/endpoints/poly/cli/localTime.ts';
import { judgeLine, parseWhoami } from '../../main/endpoints/poly/cli/replies.ts';
import { CliSession } from '../../main/endpoints/poly/cli/session.ts';
import { parseEnvelope, readCalls, readInfo, readValues } from '../../main/endpoints/poly/trio/replies.ts';
import { parseExport } from '../../main/endpoints/poly/videoos/export.ts';
import * as replies from '../../main/endpoints/poly/videoos/replies.ts';
import { authorization, challengesIn, pickChallenge } from '../../main/endpoints/transports/httpLogin.ts';
import { TelnetFilter } from '../../main/endpoints/transports/telnet.ts';
import { codeOf } from '../support/codeOf.ts';
import { memoryInUse } from '../support/memory.ts';

const RUNS = { numRuns: 2_000 };
const MB = 1024 * 1024;

const cuts = fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 6 });

function pieces<T extends { length: number }>(
  whole: T,
  at: readonly number[],
  cut: (from: number, to: number) => T,
): T[] {
  const ends = at.map((part) => Math.floor((part * whole.length) / 1000)).toSorted((a, b) => a - b);
  return [...ends, whole.length].map((end, index) => cut(ends[index - 1] ?? 0, end));
}

const said = fc.array(
  fc.constantFrom(
    'calendarserver',
    ' ',
    '"',
    'get',
    'error:',
    '\r\n',
    '\r\r\n',
    '\r',
    '\n',
    '\0',
    'x',
    'cs: ',
    'é',
    '🎥',
  ),
  { maxLength: 30 },
);

describe('the command line', () => {
  it('is cut into the same lines however it arrives', () => {
    fc.assert(
      fc.property(said, cuts, (words, at) => {
        const text = `${words.join('')}\r\n`;
        const whole = new CliLines().push(text);
        const lines = new CliLines();
        expect(
          pieces(text, at, (from, to) => text.slice(from, to)).flatMap((piece) => lines.push(piece) ?? []),
        ).toEqual(whole);
        for (const line of whole ?? []) expect(line).not.toMatch(/^\s|\s$|[\r\n\0]|^$/);
      }),
      RUNS,
    );
  });

  it('is judged without a throw, whatever it says', () => {
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      said.map((words) => words.join('')),
    );
    fc.assert(
      fc.property(garbage, garbage, (line, command) => {
        expect(['echo', 'answer', 'error', 'other']).toContain(judgeLine(line, command).kind);
        parseWhoami([line, command]);
        readingsOf(line, 0);
      }),
      RUNS,
    );
  });

  it('finds every value that a device answers, quoted or not, echoed or not, among notifications', () => {
    const value = fc
      .stringMatching(/^[A-Za-z0-9@._-][A-Za-z0-9@._ -]{0,30}[A-Za-z0-9]$/)
      .filter((one) => one !== 'get');
    fc.assert(
      fc.property(value, fc.boolean(), fc.boolean(), fc.constantFrom('\r\n', '\r\r\n'), (told, quoted, echo, end) => {
        const command = 'calendaruser get';
        const text = [
          'notification:a:b',
          ...(echo ? [command] : []),
          'Control event: x',
          `calendaruser ${quoted ? `"${told}"` : told}`,
          '',
        ].join(end);
        const answers = (new CliLines().push(text) ?? []).map((line) => judgeLine(line, command));
        expect(answers.filter(({ kind }) => kind === 'answer')).toEqual([{ kind: 'answer', value: told }]);
      }),
      RUNS,
    );
  });

  it.each([
    ['one line', 'x'.repeat(MB)],
    ['short lines', 'x\r\n'.repeat(MB / 3)],
    ['lines that look like answers', 'calendaruserx y\r\n'.repeat(MB / 17)],
    ['line ends', '\r\n'.repeat(MB / 2)],
    ['bytes that are nothing', '\0\ufffd\u001b'.repeat(MB / 3)],
  ])('50 MB of %s end in a coded error, with little kept', async (_, megabyte) => {
    let closed = false;
    const shell = {
      weakness: null,
      clean: (words: string) => words,
      write: () => undefined,
      onText: () => undefined,
      onClose: () => undefined,
      close() {
        closed = true;
      },
    };
    const session = new CliSession(shell, 500);
    const asked = codeOf(() => session.ask('calendaruser get'));
    await Promise.resolve();
    const before = memoryInUse();
    for (let at = 0; at < 50; at++) session.receive(megabyte);
    expect(memoryInUse() - before).toBeLessThan(40 * MB);
    expect(['REPLY_TOO_LARGE', 'TIMEOUT']).toContain(await asked);
    expect(closed).toBe(true);
  });

  it('gives a line no more than its limit, in whatever pieces', () => {
    const lines = new CliLines();
    let given: string[] | null = [];
    for (let at = 0; at <= MAX_LINE_CHARS && given; at += 7) given = lines.push('seven77');
    expect(given).toBeNull();
  });

  it('comes out of telnet as the same text however it is cut', () => {
    const byte = fc.oneof(fc.constantFrom(255, 250, 240, 251, 252, 253, 254, 13, 10), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), cuts, (list, at) => {
        const bytes = Buffer.from(list);
        const whole = new TelnetFilter().push(bytes);
        const filter = new TelnetFilter();
        const parts = pieces(bytes, at, (from, to) => bytes.subarray(from, to)).map((piece) => filter.push(piece));
        expect(Buffer.concat(parts.map(({ data }) => data))).toEqual(whole.data);
        expect(Buffer.concat(parts.map(({ reply }) => reply))).toEqual(whole.reply);
      }),
      RUNS,
    );
  });
});

describe('JSON', () => {
  const names = fc.constantFrom(
    'vars',
    'name',
    'value',
    'result',
    'Status',
    'data',
    'MACAddress',
    'UpTime',
    'state',
    '__proto__',
  );
  const json = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.json({ maxDepth: 4 }),
    fc
      .dictionary(names, fc.oneof(fc.jsonValue(), fc.array(fc.dictionary(names, fc.jsonValue()))))
      .map((one) => JSON.stringify(one)),
  );
  const readers = [
    replies.parseSystem,
    replies.parseCodecMac,
    replies.parseDeviceMode,
    replies.parseConfig,
    replies.parseStatusRows,
    replies.parseCalendarService,
    replies.parseMeetings,
    parseEnvelope,
  ] as const;

  it('of any shape gives a value or a reason', () => {
    fc.assert(
      fc.property(json, (text) => {
        for (const read of readers) {
          const parsed = read(text);
          if (!parsed.ok) expect(parsed.why.length).toBeLessThan(300);
        }
        replies.judgeLogin(200, text);
        const envelope = parseEnvelope(text);
        const data = envelope.ok ? envelope.value.data : text;
        readInfo(data);
        readCalls(data);
        readValues(data);
      }),
      RUNS,
    );
  });

  it('of 50 MB gives a value or a reason', () => {
    const many = '{"name":"a","value":"b","result":"NOERROR"},'.repeat((50 * MB) / 44).slice(0, -1);
    expect(replies.parseConfig(`{"vars":[${many}]}`)).toMatchObject({ value: { vars: { size: 1 } } });
    const other = '{"name":"a","value":"c","result":"NOERROR"}';
    expect(replies.parseConfig(`{"vars":[${many},${other}]}`)).toEqual({ ok: false, why: 'config: a name twice' });
    expect(replies.parseConfig('['.repeat(5 * MB)).ok).toBe(false);
    expect(parseEnvelope(`{"Status":"2000","data":"${'x'.repeat(50 * MB)}"}`).ok).toBe(true);
  });

  it('never keeps what a Trio tells of a password', () => {
    const read = readValues({ 'exchange.auth.password': { Value: 'Geheim', Source: 'web' } });
    expect(JSON.stringify(read.ok && [...read.value])).not.toContain('Geheim');
  });
});

describe('XML', () => {
  const xml = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          '<PHONE_CONFIG>',
          '<ALL a="b"',
          '/>',
          '</PHONE_CONFIG>',
          '<!DOCTYPE x',
          '<!ENTITY',
          '&lt;',
          '"',
          '>',
          ' x="',
          ']]>',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  );

  it('of any shape gives settings or a reason', () => {
    fc.assert(
      fc.property(xml, (text) => {
        const parsed = parseExport(text);
        if (!parsed.ok) expect(parsed.why).toMatch(/^export: /);
      }),
      RUNS,
    );
  });

  it('of 50 MB is refused by its size', () => {
    expect(parseExport(`<PHONE_CONFIG><ALL ${'a="b" '.repeat((50 * MB) / 6)}/></PHONE_CONFIG>`)).toEqual({
      ok: false,
      why: 'export: too large',
    });
  });
});

describe('a login that a server asks for', () => {
  const header = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc
      .array(
        fc.constantFrom(
          'Digest ',
          'Basic ',
          'realm="x"',
          'nonce="n"',
          'qop="auth"',
          'qop=auth-int',
          ', ',
          'algorithm=SHA-256',
          'algorithm=MD5-sess',
          'opaque="\r\n"',
          '"',
          '\\"',
          'Negotiate',
        ),
        { maxLength: 10 },
      )
      .map((parts) => parts.join('')),
  );

  it('is answered in one line, or not at all', () => {
    fc.assert(
      fc.property(header, (text) => {
        const challenge = pickChallenge(challengesIn(text));
        if (!challenge) return;
        const asked = { method: 'GET', path: '/api', username: 'Polycom', password: 'p' };
        expect(authorization(challenge, asked, 1)).not.toMatch(/[\r\n]/);
      }),
      RUNS,
    );
  });

  it('is hashed as RFC 7616 shows it', () => {
    const asked = { method: 'GET', path: '/dir/index.html', username: 'Mufasa', password: 'Circle of Life' };
    const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    const answer = (algorithm: string) => {
      const line = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}"`;
      const [challenge] = challengesIn(line);
      if (!challenge) throw new OtjError('INTERNAL', algorithm);
      return authorization(challenge, asked, 1, cnonce);
    };
    expect(answer('MD5')).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
    expect(answer('SHA-256')).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
  });
});
