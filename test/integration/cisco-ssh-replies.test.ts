/** What a codec's shell says, from its banner to the last reply: against a server that says it in every way. */
import { describe, expect, it } from 'vitest';
import { readMacros } from '../../main/endpoints/cisco/facts/macros.ts';
import { Tsh } from '../../main/endpoints/cisco/ssh/tsh.ts';
import { unfitToReturn } from '../../main/endpoints/cisco/steps/returnable.ts';
import { codecLine, GREETING } from './ssh-server.ts';
import { answering, meet, PRODUCT } from './ssh-visit.ts';

const FULL = [
  'Welcome to boardroom-2\n',
  'Cisco Codec Release ce 9.15.17 a1b2c3d 2022-01-10\nSW Release Date: 2022-01-10 10:11:12, matchbox\n',
];
const LOGIN = '*r Login successful\n\nOK\n';
/** Every form of the banner that was seen, and what owners may make of it. */
const BANNERS: [string, string[]][] = [
  ['in three pieces, OK cut in two', GREETING],
  ['full', [...FULL, LOGIN, '\n']],
  ['of early CE 8', ['Welcome to \nce8.1.0 PreAlpha1 (TEST SW, 2016-01-01)\n', LOGIN]],
  ['of Spark', ['Welcome to room\nSpark Room OS 2017-10-31 abcdef\n', LOGIN]],
  ['with CRLF', [...FULL, LOGIN].map((words) => words.replaceAll('\n', '\r\n'))],
  ['cut to the login line', [LOGIN]],
  ['with the last login after OK', [...FULL, LOGIN, '\nLast login from 10.0.0.5 at 2022-01-11 09:00:00\n']],
  [
    'with codes for a terminal',
    ['\u001b[?1034h', ...FULL, '\u001b[?1034h*r Login successful\r\n\r\n\u001b[?1034hOK\r\n'],
  ],
  ['with an OK of the owner before', ['Rules:\nOK\nCommand not recognized.\n{ be nice }\n', ...FULL, LOGIN]],
  ['with an OK of the owner after', [...FULL, LOGIN, '\nOK\n\nOK\n']],
  ['with braces of the owner after', [...FULL, LOGIN, '\nOK\n{ Welcome }\n{\n{"Status":\nError: none\n']],
  ['with a fake login line of the owner', ['*r Login successful\nOK\nRules: { "a": "b" }\n', ...FULL, LOGIN]],
  ['with no login line', ['Welcome\n\nOK\n']],
];

describe('the banner', () => {
  it.each(BANNERS)('%s', async (_name, greeting) => {
    const { end, seen } = await meet({ greeting });
    if (!(end instanceof Tsh)) throw end;
    expect(await end.get('Status', 'SystemUnit ProductId')).toEqual(PRODUCT);
    expect(seen.lines.slice(0, 2)).toEqual(['echo off', 'xpreferences outputmode json']);
  });

  it.each(BANNERS)('one byte at a time: %s', async (_name, greeting) => {
    const { end } = await meet({ greeting: [...Buffer.from(greeting.join(''))].map((byte) => Buffer.from([byte])) });
    if (!(end instanceof Tsh)) throw end;
    expect(await end.get('Status', 'SystemUnit ProductId')).toEqual(PRODUCT);
  });
});

const result = (id: string, response: object) =>
  `${JSON.stringify({ CommandResponse: response, ResultId: id }, null, 2)}\n`;

describe('replies', () => {
  it.each([
    [
      'unknown command',
      { Result: { status: 'Error', Reason: { Value: 'Unknown command' }, XPath: { Value: '/Dila' } } },
      /Unknown command/,
    ],
    ['bad parameter', { DialResult: { status: 'ParameterError' } }, /ParameterError/],
    ['failed', { MacroRemoveResult: { status: 'Error', Reason: { Value: 'no such macro' } } }, /no such macro/],
    [
      'failed with Error',
      { MacroRemoveResult: { status: 'Error', Error: { Value: 'no such macro' } } },
      /no such macro/,
    ],
    ['failed with a cause', { MacroRemoveResult: { status: 'Error', Cause: { Value: '17' } } }, /17/],
  ])('that refuse a command: %s', async (_name, response, words) => {
    const { session } = await answering((_line, id, say) => say(result(id, response)));
    await expect(session.command('Macros Macro Remove', { Name: 'x' })).rejects.toMatchObject({
      code: 'REFUSED',
      words: expect.stringMatching(words),
    });
  });

  it.each([
    ['an empty object', {}],
    ['a result of no known status', { CommandResponse: { MacroRemoveResult: { status: 'Perhaps' } } }],
    ['no result', { CommandResponse: {} }],
    ['a list', { CommandResponse: { MacroRemoveResult: [] } }],
  ])('of unknown shape are no success: %s', async (_name, reply) => {
    const { session } = await answering((_line, id, say) => say(`${JSON.stringify({ ...reply, ResultId: id })}\n`));
    await expect(session.command('Macros Macro Remove', { Name: 'x' })).rejects.toMatchObject({ code: 'ODD_REPLY' });
  });

  it('are good with an id that is a number, and with OK in any case', async () => {
    const { session } = await answering((_line, id, say) =>
      say(`${JSON.stringify({ CommandResponse: { MacroRemoveResult: { status: 'Ok' } }, ResultId: Number(id) })}\n`),
    );
    expect(await session.command('Macros Macro Remove', { Name: 'x' })).toEqual({ status: 'Ok' });
  });

  it('to a set: accepted, refused by value, refused by path', async () => {
    const { session, seen } = await answering((line, id, say) => {
      if (line.includes('Foo'))
        say(result(id, { Configuration: { status: 'Error', Reason: { Value: 'No match on address expression' } } }));
      else if (line.includes('DefaultVolume'))
        say(
          `${JSON.stringify({ Configuration: { Audio: { DefaultVolume: { error: 'True', Value: 'Illegal value' } } }, ResultId: id })}\n`,
        );
      else say(`{\n  "ResultId": "${id}"\n}\n`);
    });
    await session.set('NetworkServices HTTP Mode', 'HTTPS');
    await session.set('Macros AutoStart', true);
    await expect(session.set('Audio DefaultVolume', 999)).rejects.toMatchObject({
      code: 'REFUSED',
      words: expect.stringContaining('Illegal value'),
    });
    await expect(session.set('Audio Foo', 'a "b" \\')).rejects.toMatchObject({
      code: 'REFUSED',
      words: expect.stringContaining('No match'),
    });
    expect(seen.lines.slice(2)).toEqual([
      'xConfiguration NetworkServices HTTP Mode: "HTTPS" | resultId="1"',
      'xConfiguration Macros AutoStart: True | resultId="2"',
      'xConfiguration Audio DefaultVolume: 999 | resultId="3"',
      'xConfiguration Audio Foo: "a \\"b\\" \\\\" | resultId="4"',
    ]);
  });

  it('in any order, with all sorts of things between them, each to its command', async () => {
    const waiting: [string, string][] = [];
    const { session } = await answering((line, id, say) => {
      waiting.push([id, line.split(' ')[2] ?? '']);
      if (waiting.length < 3) return;
      for (const [one, word] of waiting.toReversed()) {
        say('OK\n{"Event": {"ResultId": {"Value": "1"}}}\n{"ResultId": "777"}\n\nNobody asked.\n');
        say(`{"Status": {"SystemUnit": {"${word}": {"Value": "${word}"}}}, "ResultId": "${one}"}\n`);
      }
    });
    const answers = ['Uptime', 'Serial', 'State'].map((word) => session.get('Status', `SystemUnit ${word}`));
    expect(await Promise.all(answers)).toEqual([{ Value: 'Uptime' }, { Value: 'Serial' }, { Value: 'State' }]);
  });

  it('cut inside a character, and with bytes that are no character', async () => {
    const { session } = await answering((_line, id, say) => {
      const bytes = Buffer.from(`{"Status":{"Name":{"Value":"æ🎥"}},"ResultId":"${id}"}\n`);
      for (const byte of bytes) say(Buffer.from([byte]));
    });
    expect(await session.get('Status', 'Name')).toEqual({ Value: 'æ🎥' });
    const other = await answering((_line, id, say) =>
      say(
        Buffer.concat([
          Buffer.from('{"Status":{"Name":{"Value":"'),
          Buffer.from([0xff, 0xc3]),
          Buffer.from(`"}},"ResultId":"${id}"}\n`),
        ]),
      ),
    );
    expect(await other.session.get('Status', 'Name')).toEqual({ Value: '\ufffd\ufffd' });
  });

  it('of words alone count for a command that gets no other', async () => {
    const { session } = await answering((_line, _id, say) => say('Command not recognized.\n'));
    await expect(session.command('Bookings List')).rejects.toMatchObject({
      code: 'ODD_REPLY',
      words: expect.stringContaining('not recognized'),
    });
  });

  it('of words that nobody asked for do not', async () => {
    const { session } = await answering((_line, id, say) => {
      say('Command not recognized.\n');
      setTimeout(() => say(result(id, { BookingsListResult: { status: 'OK' } })), 100);
    });
    expect(await session.command('Bookings List')).toEqual({ status: 'OK' });
  });

  it('of a shell without JSON output are told', async () => {
    const { session } = await answering((_line, id, say) =>
      say(`*s SystemUnit ProductId: "TC"\n** resultId: "${id}"\n** end\n\nOK\n`),
    );
    await expect(session.get('Status', 'SystemUnit ProductId')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('that come too late end the session, since later ones could be mistaken', async () => {
    const { session, seen } = await answering(
      (line, id, say) => {
        if (!line.includes('Uptime')) setTimeout(() => say(`{"ResultId": "${id}"}\n`), 600);
      },
      { timeoutMs: 400 },
    );
    await expect(session.get('Status', 'SystemUnit Name')).rejects.toMatchObject({
      code: 'TIMEOUT',
      words: 'Status SystemUnit Name',
    });
    await expect(session.get('Status', 'SystemUnit Name')).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(seen.lines.filter((line) => line.startsWith('xStatus'))).toHaveLength(1);
  });

  it('that are long may take longer than the limit as long as they arrive', async () => {
    const { session } = await answering(
      (_line, id, say) => {
        const parts = [...'{"Status":{"Name":{"Value":"', ...'slow'.repeat(5), ...`"}},"ResultId":"${id}"}\n`];
        const timer = setInterval(() => {
          const part = parts.splice(0, 4).join('');
          if (part) say(part);
          else clearInterval(timer);
        }, 100);
      },
      { timeoutMs: 800 },
    );
    expect(await session.get('Status', 'Name')).toEqual({ Value: 'slow'.repeat(5) });
  });

  it('are lost with the link', async () => {
    const { session } = await meetAndCut();
    await expect(session.command('Macros Macro Get')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(session.get('Status', 'SystemUnit')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await session.close();
  });
});

describe('what is sent', () => {
  it('never holds a line break or a text that would not arrive as it is', async () => {
    const { session, seen } = await answering((_line, id, say) =>
      say(result(id, { MacroSaveResult: { status: 'OK' } })),
    );
    const bad = 'x\nxCommand SystemUnit Boot';
    await expect(session.get('Status', bad)).rejects.toMatchObject({ code: 'ODD_REPLY' });
    await expect(session.command(bad)).rejects.toMatchObject({ code: 'ODD_REPLY' });
    await expect(session.command('Macros Macro Save', { Name: bad })).rejects.toMatchObject({ code: 'ODD_REPLY' });
    await expect(session.set(bad, 'x')).rejects.toMatchObject({ code: 'ODD_REPLY' });
    await expect(session.set('SystemUnit Name', bad)).rejects.toMatchObject({ code: 'ODD_REPLY' });
    for (const body of ['a\0b', 'a\ud800b'])
      await expect(session.command('Macros Macro Save', { Name: 'a' }, body)).rejects.toMatchObject({
        code: 'MACRO_UNFIT',
      });
    expect(await session.command('Macros Macro Save', { Name: 'a' }, 'é\n.\n')).toEqual({ status: 'OK' });
    const sent = seen.lines.slice(2).join('\n');
    expect(sent).not.toContain('Boot');
    const line = /^xCommand.*$/m.exec(sent)?.[0] ?? '';
    // UTF-8 bytes of the line, the body, and a line break after each.
    expect(sent.startsWith(`{${Buffer.byteLength(line) + 1 + 5 + 1}} \n${line}\né\n.\n`)).toBe(true);
  });

  it('whose bytes are no UTF-8 are not taken for the text of a macro; a U+FFFD of its own is', async () => {
    const macro = (content: Buffer) =>
      Buffer.concat([
        Buffer.from('{"CommandResponse":{"MacroGetResult":{"status":"OK","Macro":[{"id":"1","Name":{"Value":"otj"},'),
        Buffer.from('"Active":{"Value":"True"},"Content":{"Value":"'),
        content,
        Buffer.from('"}}]}},'),
      ]);
    const unfit = async (content: Buffer) => {
      const { session } = await answering((_line, id, say) =>
        say(Buffer.concat([macro(content), Buffer.from(`"ResultId":"${id}"}\n`)])),
      );
      const [read] = await readMacros(session);
      if (!read) throw new Error('no macro');
      return unfitToReturn(read, 'ssh');
    };
    expect(await unfit(Buffer.from('Caf\xe9', 'latin1'))).toMatch(/not UTF-8/);
    expect(await unfit(Buffer.from('Café \ufffd'))).toBeNull();
  });

  it('ends with bye', async () => {
    const { session, seen } = await answering((_line, id, say) => say(`{"ResultId":"${id}"}\n`));
    await session.get('Status', 'SystemUnit');
    await session.close();
    await expect.poll(() => seen.lines.at(-1)).toBe('bye');
    await expect(session.get('Status', 'SystemUnit')).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

async function meetAndCut() {
  const { end } = await meet({
    line: (line, say, channel) => {
      if (line.startsWith('xCommand')) channel.close();
      else codecLine(line, say, channel);
    },
  });
  if (!(end instanceof Tsh)) throw end;
  return { session: end };
}
