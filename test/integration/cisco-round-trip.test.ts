/** The text of a macro, saved and read back over both transports: byte for byte, or refused before it is sent. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCodec } from '../../main/endpoints/cisco/connect.ts';
import { unfitForXml } from '../../main/endpoints/cisco/https/xmlRequest.ts';
import { asList, textAt, type Xapi } from '../../main/endpoints/cisco/xapi.ts';
import { startCodec } from '../lab/cisco/codec.ts';
import type { CodecSpec, LabDevice } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { codeOf } from '../support/codeOf.ts';
import { PLACE } from '../support/place.ts';

const ADMIN = { username: 'admin', passphrase: 'Device "Admin" \\ 7654321', roles: ['Admin' as const] };
const SPEC: CodecSpec = {
  kind: 'codec',
  address: `127.63.${50 + PLACE}.1`,
  sshPort: 3022,
  httpsPort: 9643,
  serial: 'FOC2222TRIP',
  mac: '00:50:60:00:00:03',
  model: 'Cisco Room Kit Pro',
  systemName: 'Fjord',
  software: 'ce26.4.1.0.0123456789a',
  users: [ADMIN],
  macros: [],
  settings: { 'Macros Mode': 'On' },
};

let device: LabDevice;
const ways = new Map<'ssh' | 'https', Xapi>();

beforeAll(async () => {
  device = await startCodec(SPEC, createWorld());
  for (const transport of ['ssh', 'https'] as const) {
    const target = {
      family: 'cisco-roomos' as const,
      address: SPEC.address,
      sshPort: SPEC.sshPort,
      httpsPort: SPEC.httpsPort,
      transport,
      lastTransport: null,
      legacy: false,
      username: ADMIN.username,
      password: ADMIN.passphrase,
      trust: { check: () => undefined },
      timeoutMs: 10_000,
      proofMs: 0,
      proofEveryMs: 50,
    };
    ways.set(transport, await openCodec(target, new AbortController().signal));
  }
});

afterAll(async () => {
  for (const xapi of ways.values()) await xapi.close();
  await device.stop();
});

function over(way: 'ssh' | 'https'): Xapi {
  const xapi = ways.get(way);
  if (!xapi) throw new Error(`no session over ${way}`);
  return xapi;
}

const save = (way: 'ssh' | 'https', content: string) =>
  over(way).command('Macros Macro Save', { Name: 'trip', Overwrite: true, Transpile: false }, content);

async function get(way: 'ssh' | 'https'): Promise<string | undefined> {
  const result = await over(way).command('Macros Macro Get', { Name: 'trip', Content: true });
  return textAt(asList(result.Macro)[0], 'Content');
}

/** What the codec itself holds, beside any transport. */
function held(): string | undefined {
  const { macros } = device.snapshot() as { macros: { name: string; content: string }[] };
  return macros.find(({ name }) => name === 'trip')?.content;
}

const NASTY: readonly [string, string][] = [
  ['quotes and backslashes', '"\' \\ \\" \\\\ \\n \\u0041 end\\'],
  ['accents and emoji', 'æøå ÄÖÜ 会议室 🎥 👩‍👩‍👧 e\u0301'],
  ['CR LF', 'one\r\ntwo\r\n'],
  ['CR alone', 'one\rtwo\r'],
  ['line ends of all kinds', '\n\r\r\n\n\r\u0085\u2028\u2029'],
  ['a lone dot', 'one\n.\ntwo\n.'],
  ['words of the shell', 'OK\n** end\nERROR\nbye\n*r MacroSaveResult (status=OK):\nCommand not recognized.\n'],
  ['a length and a tag of the shell', '{7} \nxCommand SystemUnit Boot | resultId="1"\n'],
  ['braces of JSON', '}{"ResultId":"1"}{\n  "ResultId": "2"\n}'],
  ['markup', ']]> <![CDATA[ x ]]> </body></Save> <!-- --> <?xml?> <!DOCTYPE a>'],
  ['entities as text', '&amp; &lt; &#13; &#x1F3A5; &nbsp; & &;'],
  ['blanks at both ends', ' \t\n text \n\t '],
  ['nothing but blanks', ' \n\t\n '],
  ['no line end', 'x'],
  ['nothing', ''],
  ['a mark of byte order', '\ufeffx\ufeff'],
  ['characters at the edges of Unicode', '\u007f\u00a0\ud7ff\ue000\ufffd\u{10000}\u{10ffff}'],
  ['a megabyte', `const a = "<&>'\\"; // æ 🎥\r\n`.repeat(35_000)],
];

describe.each(['ssh', 'https'] as const)('saved over %s', (way) => {
  it.each(NASTY)('a text with %s comes back over both', async (_name, content) => {
    await save(way, content);
    expect(held() === content).toBe(true);
    for (const back of ['ssh', 'https'] as const) expect((await get(back)) === content, back).toBe(true);
  });

  it('any text comes back over both', async () => {
    const piece = fc.oneof(
      fc.constantFrom(...NASTY.slice(0, -1).map(([, content]) => content)),
      fc.string({ unit: 'binary', maxLength: 30 }),
    );
    const content = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const fit = content.filter((one) => unfitForXml(one) === null);
    await fc.assert(
      fc.asyncProperty(fit, async (one) => {
        await save(way, one);
        expect([held(), await get('ssh'), await get('https')]).toEqual([one, one, one]);
      }),
      { numRuns: 40 },
    );
  });

  it('a text with a NUL is refused before it is sent, and the session goes on', async () => {
    await save(way, 'before');
    expect(await codeOf(() => save(way, 'a\0b'))).toBe('MACRO_UNFIT');
    expect([held(), await get(way)]).toEqual(['before', 'before']);
  });
});

describe('characters that XML does not have', () => {
  const text = 'a\u0001b\u001b[0m\f';

  it('come back over SSH', async () => {
    await save('ssh', text);
    expect([held(), await get('ssh')]).toEqual([text, text]);
  });

  it('are refused over HTTPS before they are sent', async () => {
    await save('ssh', 'before');
    expect(await codeOf(() => save('https', text))).toBe('MACRO_UNFIT');
    expect(held()).toBe('before');
  });
});

it('leaves no session behind', async () => {
  for (const xapi of ways.values()) await xapi.close();
  await expect.poll(() => device.snapshot().sessions, { timeout: 5_000 }).toBe(0);
});
