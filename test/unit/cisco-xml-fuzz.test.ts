/** The readers of what a codec's web server sends, down to its handshake, with anything: never a throw that is not ours, never a hang. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { readResult, readSet, readSubtree } from '../../main/endpoints/cisco/https/replies.ts';
import { isBusy, judgeLogin, judgeReply, retryAfterMs } from '../../main/endpoints/cisco/https/statuses.ts';
import { readXml, type XmlRead, XmlReader } from '../../main/endpoints/cisco/https/xmlReply.ts';
import { commandDocument, unfitForXml } from '../../main/endpoints/cisco/https/xmlRequest.ts';
import { asList, leaf } from '../../main/endpoints/cisco/xapi.ts';
import { HandshakeListener } from '../../main/endpoints/transports/tls/listener.ts';

/** Documents that the reader took, beside whatever else is tried: with the 400,000 of the SSH shell's reader a million. */
const INPUTS = 600_000;
let inputs = 0;
/** Most inputs end with an error, and where it was made is no matter: the stacks would cost more than the reading. */
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});
/** Values made at once: making one at a time costs more than reading it. */
const BATCH = 200;

/** Reads, and checks what holds for every input. */
function read(text: string): XmlRead {
  inputs++;
  const result = readXml(text);
  if (!result.ok && (result.why.length > 80 || !/XML/.test(result.why))) throw new Error(`told: ${result.why}`);
  if (result.ok) {
    ourErrorsOnly(() => readResult(result.reply, 'Macros Macro Get'));
    ourErrorsOnly(() => readSet(result.reply, 'Macros Mode'));
    ourErrorsOnly(() => readSubtree(result.reply, 'Status', 'a b 1'));
  }
  return result;
}

function ourErrorsOnly(work: () => unknown): void {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof OtjError)) throw thrown;
  }
}

const text = fc.string({ unit: 'binary', maxLength: 40 });
/** What XML can carry. */
const fit = text.filter((one) => unfitForXml(one) === null);
const name = fc.constantFrom(
  'a',
  'b',
  'Status',
  'Command',
  'MacroGetResult',
  'Reason',
  'ActionError',
  'Success',
  'Value',
);
const attribute = fc.constantFrom(
  ' item="1"',
  ' status="OK"',
  ' status="Error"',
  ' error="True"',
  " x='&#38;'",
  ' id="é"',
  '',
);
const asText = (one: string) => one.replace(/[&<>\r]/g, (mark) => `&#${mark.charCodeAt(0)};`);
const content = fc.oneof(
  fit.map(asText),
  fit.map((one) => `<![CDATA[${one.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`),
  fc.constantFrom('', ' ', '<!-- c -->', '&amp;', '&#x1F3A5;', '<?p i?>'),
);
const { document } = fc.letrec<{ document: string; element: string }>((tie) => ({
  element: fc.oneof({ maxDepth: 4, depthSize: 'small' }, content, tie('document')),
  document: fc
    .tuple(name, attribute, fc.array(tie('element'), { maxLength: 3 }))
    .map(([tag, attributes, inner]) => `<${tag}${attributes}>${inner.join('')}</${tag}>`),
}));
const token = fc.constantFrom(
  ...'<,</,>,/>,<a>,</a>,<a ,<Status,="1",=\',",&amp;,&,&#,&#x,;,1,x,<![CDATA[,]]>,]],<!--,--,-->,<?xml,?>,<!DOCTYPE a,[,]>'.split(
    ',',
  ),
  ...[
    '<!ENTITY a "bb">',
    '<!ENTITY % a',
    '%a;',
    '&a;',
    '&constructor;',
    '\0',
    '\u0001',
    '\ud800',
    '\ufeff',
    ' ',
    '\r\n',
    'é🎥',
    '__proto__',
  ],
);
/** Runs a property over `count` inputs, in batches. */
function fuzz<T>(count: number, one: fc.Arbitrary<T>, check: (input: T) => void): void {
  const batch = fc.array(one, { minLength: BATCH, maxLength: BATCH, size: 'max' });
  const all = (inputs: readonly T[]) => {
    for (const input of inputs) check(input);
  };
  fc.assert(fc.property(batch, all), part(count / BATCH));
}
const part = (runs: number) => ({ numRuns: Math.round(runs), endOnFailure: false });

describe('the reader of XML', () => {
  it('takes any text', () => {
    fuzz(60_000, fc.string({ unit: 'binary', maxLength: 30 }), (one) => void read(one));
  });

  it('takes any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 24 });
    const around = fc.constantFrom('', '<a>', '<a><![CDATA[');
    fuzz(60_000, fc.tuple(around, bytes), ([before, some]) => void read(before + Buffer.from(some).toString('utf8')));
  });

  it('takes any row of the marks of XML, and every beginning of it', () => {
    fuzz(40_000, fc.array(token, { minLength: 5, maxLength: 12 }), (row) => {
      for (let end = 1; end <= row.length; end++) read(row.slice(0, end).join(''));
    });
  });

  it('takes a document cut short anywhere, or in two, or with one character changed', () => {
    fc.assert(
      fc.property(document, fc.constantFrom('<', '>', '&', '"', '\0', ']', '/', '\ud800', ''), (xml, mark) => {
        const whole = JSON.stringify(read(xml));
        const step = Math.max(1, Math.floor(xml.length / 60));
        for (let at = 0; at < xml.length; at += step) {
          if (read(xml.slice(0, at)).ok) throw new Error('half a document was taken for a whole one');
          read(xml.slice(0, at) + mark + xml.slice(at + 1));
          inputs++;
          const reader = new XmlReader();
          reader.push(xml.slice(0, at));
          reader.push(xml.slice(at));
          if (JSON.stringify(reader.end()) !== whole) throw new Error('it depends on the cut');
        }
      }),
      part(1_100),
    );
  });

  it('gives every leaf back as it was', () => {
    fc.assert(
      fc.property(fc.array(fit, { minLength: 1, maxLength: 5 }), (leaves) => {
        inputs += leaves.length - 1;
        const xml = `<r>${leaves.map((one, at) => (at % 2 ? `<l>${asText(one)}</l>` : `<l><![CDATA[${one.replaceAll(']]>', ']]]]><![CDATA[>')}]]></l>`)).join('')}</r>`;
        const result = read(xml);
        const root = result.ok ? result.reply.r : undefined;
        const found = asList((root as { l?: unknown } | undefined)?.l).map(leaf);
        if (JSON.stringify(found) !== JSON.stringify(leaves)) throw new Error(`${JSON.stringify(found)}`);
      }),
      part(10_000),
    );
  });

  it('reads what we write, whatever is in it', () => {
    fc.assert(
      fc.property(text, text, (body, value) => {
        if (unfitForXml(body) !== null || /\p{Cc}/u.test(value) || unfitForXml(value) !== null)
          return ourErrorsOnly(() => commandDocument('A B', { Name: value }, body));
        const result = read(commandDocument('A B', { Name: value }, body));
        expect(result.ok && JSON.parse(JSON.stringify(result.reply))).toEqual({
          Command: { A: { B: { command: 'True', Name: { Value: value }, body: { Value: body } } } },
        });
      }),
      part(10_000),
    );
  });

  it.each([
    ['tags', '<a>'],
    ['empty elements', '<a/>'],
    ['attributes', '<a b="c" d="e"/>'],
    ['the name of a tag', 'aaaaaaaa'],
    ['text', '>aaaaaaa'],
    ['entities', '>&amp;&#x41;'],
    ['a comment', '<!-- - '],
    ['CDATA', '><![CDATA[ ]] '],
    ['a value', ' b="aaa'],
    ['an instruction', '<?aaa '],
    ['a document type', '<!DOCTYPE [ <!ENTITY a "&b;&b;">'],
    ['an entity', '>&aaaaaaa'],
    ['closing tags', '</a>'],
    ['blanks', '   '],
  ])('comes to an end of a stream of %s without end', (_name, unit) => {
    const piece = unit.repeat(Math.ceil(65_536 / unit.length));
    const reader = new XmlReader();
    let pushed = 0;
    for (reader.push('<r'); reader.push(piece); pushed += piece.length) if (pushed > 40 * 1024 * 1024) break;
    expect(pushed).toBeLessThan(40 * 1024 * 1024);
    expect(reader.end().ok).toBe(false);
  });
});

describe('the judge of replies', () => {
  const headers = fc.record(
    {
      'set-cookie': fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.constant('SessionId=1; Path=/')),
      'retry-after': fc.oneof(text, fc.nat().map(String)),
    },
    { requiredKeys: [] },
  );
  const words = fc.constantFrom(
    '<style>',
    '</style>',
    '<script',
    '<',
    '>',
    '<!doctype html>',
    ' ',
    'block',
    'session',
    'max',
  );
  const body = fc.oneof(
    text,
    fc.array(words, { maxLength: 10 }).map((row) => row.join('')),
  );

  it('ends with an error of ours or a text', () => {
    const status = fc.constantFrom(200, 204, 301, 400, 401, 403, 404, 500, 502, 503, 999);
    fuzz(30_000, fc.tuple(status, headers, body, fc.boolean()), ([code, given, said, flag]) => {
      const reply = { status: code, headers: given, text: said, isUtf8: flag };
      ourErrorsOnly(() => judgeReply(reply, { where: 'codec', hasCookie: flag }));
      ourErrorsOnly(() => {
        const cookie = judgeLogin(reply, 'codec');
        if (cookie !== null && /[\r\n;,]\S|\s{2}/.test(cookie.replaceAll('; ', ' '))) throw new Error(cookie);
      });
      isBusy(reply);
      const wait = retryAfterMs(reply);
      if (wait !== null && !(wait >= 0 && wait <= 30_000)) throw new Error(`waits ${wait}`);
    });
  });

  it.each(['<style', '<', '<script>', '< style', '<!', 'session '])(
    'is quick with a page of nothing but %j',
    (unit) => {
      const reply = { status: 401, headers: {}, text: unit.repeat(2_000_000), isUtf8: true };
      ourErrorsOnly(() => judgeLogin(reply, 'codec'));
      ourErrorsOnly(() => judgeReply(reply, { where: 'codec', hasCookie: true }));
    },
  );
});

describe('the listener to a handshake', () => {
  /** A record with one message; the type of a CertificateRequest is 13 (RFC 5246, 7.4). */
  const record = (type: number, body: Uint8Array) =>
    Buffer.from([22, 3, 3, 0, body.length + 4, type, 0, 0, body.length, ...body]);

  it('takes any bytes, and hears a demand however it is cut', () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(bytes, bytes, fc.integer({ min: 1, max: 9 }), (some, body, size) => {
        new HandshakeListener().hear(Buffer.from(some));
        const listener = new HandshakeListener();
        const stream = Buffer.concat([record(2, body), record(13, body), Buffer.from(some)]);
        for (let at = 0; at < stream.length; at += size) listener.hear(stream.subarray(at, at + size));
        if (!listener.asksForCertificate) throw new Error('not heard');
        const other = new HandshakeListener();
        other.hear(Buffer.concat([record(2, body), record(11, body), Buffer.from([21]), record(13, body)]));
        if (other.asksForCertificate) throw new Error('heard after the end');
      }),
      part(10_000),
    );
  });
});

it('had enough of them', () => {
  process.stdout.write(`XML fuzz: ${inputs} inputs\n`);
  expect(inputs).toBeGreaterThanOrEqual(INPUTS);
});
