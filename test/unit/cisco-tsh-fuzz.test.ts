/**
 * Whatever a device sends over SSH: the readers never throw, never hang, keep no more than their limits, and find every
 * reply that is there. Inputs are counted, because a fuzzer that quietly made fewer proves less.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { Greeting } from '../../main/endpoints/cisco/ssh/greeting.ts';
import { Tsh } from '../../main/endpoints/cisco/ssh/tsh.ts';
import { MAX_OBJECT_CHARS, type TshItem, TshReader } from '../../main/endpoints/cisco/ssh/tshReader.ts';
import type { Shell } from '../../main/endpoints/transports/ssh.ts';

/** Inputs of this file in all; the XML parser has a file of its own. */
const INPUTS = 520_000;
const BATCH = 200;
let inputs = 0;

/** Runs a property over `count` inputs, in batches: making one value for many inputs costs far less than one each. */
function fuzz<T>(count: number, one: fc.Arbitrary<T>, check: (input: T) => void): void {
  fc.assert(
    fc.property(fc.array(one, { minLength: BATCH, maxLength: BATCH, size: 'max' }), (batch) => {
      for (const input of batch) check(input);
      inputs += batch.length;
    }),
    { numRuns: count / BATCH },
  );
}

/** Where a text is cut, as fractions of its length. */
const cuts = fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 6 });

function pieces(text: string, at: readonly number[]): string[] {
  const ends = at.map((part) => Math.floor((part * text.length) / 1000)).toSorted((a, b) => a - b);
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

function read(...texts: string[]): TshItem[] {
  const reader = new TshReader();
  return texts.flatMap((text) => reader.push(text));
}

const key = fc.constantFrom('Status', 'Value', 'ResultId', 'id', 'é"{', '\\', '}', '');
const text = fc.string({
  unit: fc.constantFrom('a', '"', '\\', '{', '}', '\n', '\r', '\0', 'é', '🎥', '\u2028', ' '),
  maxLength: 8,
});
const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
const tree = fc.dictionary(
  key,
  fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(key, leaf, { maxKeys: 2 })),
  { maxKeys: 3 },
);
const object = fc.tuple(tree, fc.constantFrom(0, 1, 2, '\t')).map(([value, indent]) => ({
  text: JSON.stringify(value, null, indent),
  item: { kind: 'object', value: JSON.parse(JSON.stringify(value)) as unknown },
}));
const line = fc
  .string({
    unit: fc.constantFrom('O', 'K', ' ', '{', '}', '"', '*', 'r', ':', '\t', '\r', 'é', '\u001b'),
    maxLength: 12,
  })
  .map((inner) => `x${inner}`)
  .map((words) => ({ text: `${words}\n`, item: { kind: 'line', text: words.trim() } }));
const blank = fc.constantFrom('', '\n', '\r\n', '  \n\n').map((between) => ({ text: between, item: null }));

const GARBAGE = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  ':',
  ',',
  '\n',
  '\r',
  ' ',
  '\t',
  '\0',
  '1',
  '-',
  'e',
  't',
  'é',
  '\ud83c',
  '\u001b[?1034h',
  'OK',
  '** end',
  '{"a":',
  '"}',
  '"ResultId"',
];
const garbage = fc.string({ unit: fc.constantFrom(...GARBAGE), maxLength: 40 });
/** In every state the reader is at a fresh line after this. */
const RESET = '\n"\n';
const AFTER = { kind: 'object', value: { a: 1 } };

describe('the reader', () => {
  it('finds exactly what a session holds, cut anywhere', () => {
    const session = fc.tuple(fc.array(fc.oneof(object, line, blank), { maxLength: 5 }), cuts);
    fuzz(120_000, session, ([parts, at]) => {
      // Some blanks of JavaScript are none of JSON, and the other way round; an object may follow an object at once.
      const whole = parts.map((part) => part.text).join('');
      const expected = parts.flatMap(({ item }) => item ?? []);
      expect(read(...pieces(whole, at))).toEqual(expected);
    });
  });

  it('never throws at garbage, reads it the same however it is cut, and is itself again afterwards', () => {
    fuzz(200_000, fc.tuple(garbage, cuts), ([noise, at]) => {
      const whole = read(noise);
      if (JSON.stringify(read(...pieces(noise, at))) !== JSON.stringify(whole))
        expect(read(...pieces(noise, at))).toEqual(whole);
      expect(read(noise, RESET, '{"a":1}\n').at(-1)).toEqual(AFTER);
    });
  });

  it('reads on after a reply that was cut off anywhere', () => {
    fuzz(
      60_000,
      fc.tuple(object, fc.nat(999), fc.constantFrom(RESET, '\n"', '"\n"\n')),
      ([{ text: whole }, part, between]) => {
        const cut = whole.slice(0, Math.floor((part * whole.length) / 1000));
        const items = read(cut, between, '\n', '{"a":1}\n');
        expect(items.at(-1)).toEqual(AFTER);
      },
    );
  });
});

describe('the greeting', () => {
  const words = [
    'OK',
    'OK\n',
    '\n',
    '\r\n',
    'Welcome to ',
    '*r Login successful',
    '\n*r Login successful\n',
    '{',
    'Last login from 10.0.0.5\n',
    '\u001b[?1034h',
    'O',
    'K',
    ' ',
    'é',
  ];
  const anything = fc.string({ unit: fc.constantFrom(...words), maxLength: 12 });

  it('never throws, asks once for no echo, and does the same however the text is cut', () => {
    fuzz(80_000, fc.tuple(anything, cuts), ([before, at]) => {
      const asked = (texts: string[]) => {
        const greeting = new Greeting();
        return texts.map((piece) => greeting.push(piece)).filter((turn) => turn === 'send echo off').length;
      };
      expect(asked(pieces(before, at))).toBeLessThanOrEqual(1);
      // Cut or not, a codec's own words at the end bring it to the point where echo goes off.
      expect(asked([...pieces(before, at), '\n*r Login successful\n\nO', 'K\r\n'])).toBe(1);
    });
  });

  it('is ready after the OK to that, whatever was said before', () => {
    fuzz(40_000, fc.tuple(anything, cuts, text), ([before, at, rest]) => {
      const greeting = new Greeting();
      for (const piece of pieces(before, at)) greeting.push(piece);
      greeting.push('\n*r Login successful\n\nOK\n');
      expect(greeting.push(`\r\nOK\r\n${rest}`)).toBe('ready');
      expect(greeting.rest.endsWith(rest)).toBe(true);
      expect(greeting.said).toBe('');
    });
  });
});

/** A shell in memory that greets, and then says what the test says. */
class ScriptedShell implements Shell {
  readonly weakness = null;
  readonly written: string[] = [];
  closed = false;
  readonly clean = (words: string) => words;
  private say: (text: string) => void = () => undefined;
  private hangUp: ((reason: OtjError) => void)[] = [];

  write(words: string): void {
    this.written.push(words);
    if (words === 'echo off\n') this.say('\nOK\n');
  }

  onText(listener: (text: string) => void): void {
    this.say = listener;
    queueMicrotask(() => listener('*r Login successful\n\nOK\n'));
  }

  onClose(listener: (reason: OtjError) => void): void {
    this.hangUp.push(listener);
  }

  send(...texts: string[]): void {
    for (const one of texts) this.say(one);
  }

  close(): void {
    this.closed = true;
    for (const listener of this.hangUp.splice(0)) listener(new OtjError('CANCELLED'));
  }
}

describe('commands in flight together', () => {
  const between = fc.oneof(
    line.map((one) => one.text),
    fc.constantFrom(
      'OK\n',
      '\n',
      '{"Event":{"ResultId":1}}\n',
      '{"ResultId":"99999"}\n',
      '{"ResultId":{"Value":"1"}}',
      '{}\n',
    ),
  );

  it('each get their own reply, in any order, with anything between, cut anywhere', async () => {
    const ROUNDS = 20_000;
    const shell = new ScriptedShell();
    const tsh = await Tsh.start(shell, 60_000);
    let id = 0;
    const round = fc.tuple(
      fc.array(fc.tuple(fc.nat(), text, between, fc.boolean()), { minLength: 1, maxLength: 4 }),
      cuts,
    );
    const batch = fc.array(round, { minLength: BATCH, maxLength: BATCH, size: 'max' });
    for (const rounds of fc.sample(batch, ROUNDS / BATCH)) {
      for (const [commands, at] of rounds) {
        const asked = commands.map(([order, value, stray, pretty]) => ({
          order,
          value,
          stray,
          pretty,
          id: String(++id),
        }));
        const answers = asked.map(() => tsh.get('Status', 'SystemUnit Name'));
        const replies = asked
          .toSorted((a, b) => a.order - b.order)
          .map(({ value, stray, pretty, id: ResultId }) => {
            const reply = { Status: { SystemUnit: { Name: { Value: value } } }, ResultId };
            return `${stray}${JSON.stringify(reply, null, pretty ? 2 : 0)}\n`;
          });
        shell.send(...pieces(replies.join(''), at));
        expect(await Promise.all(answers)).toEqual(asked.map(({ value }) => ({ Value: value })));
        inputs += 1;
      }
    }
    await tsh.close();
    expect(shell.written.at(-1)).toBe('bye\n');
  });

  it('all fail with a code when garbage takes the place of replies, and none is left waiting', async () => {
    const LINKS = 1_000;
    for (const noise of fc.sample(garbage, LINKS)) {
      const shell = new ScriptedShell();
      const tsh = await Tsh.start(shell, 60_000);
      const first = tsh.get('Status', 'SystemUnit');
      shell.send('{"Status":{},"ResultId":"1"}\n');
      expect(await first).toBeUndefined();
      const answers = Promise.allSettled([tsh.get('Status', 'SystemUnit'), tsh.command('Bookings List')]);
      shell.send(noise, RESET, '{"a" b}\n');
      for (const answer of await answers)
        expect(answer).toMatchObject({
          status: 'rejected',
          reason: { code: expect.stringMatching(/^ODD_REPLY$|TOO_LARGE/) },
        });
      expect(shell.closed).toBe(true);
    }
    inputs += LINKS;
  });
});

describe('a reply of 50 MB', () => {
  it('is REPLY_TOO_LARGE, and the session is over', async () => {
    const shell = new ScriptedShell();
    const tsh = await Tsh.start(shell, 60_000);
    const answer = tsh.get('Status', 'SystemUnit').catch((thrown: unknown) => thrown);
    const piece = 'x'.repeat(16_384);
    shell.send('{"Status":{"SystemUnit":"');
    let sent = 0;
    for (; sent < 50_000_000 && !shell.closed; sent += piece.length) shell.send(piece);
    expect(await answer).toMatchObject({ code: 'REPLY_TOO_LARGE' });
    expect(shell.closed).toBe(true);
    expect(sent).toBeLessThanOrEqual(MAX_OBJECT_CHARS + piece.length);
    // What still comes is not kept.
    shell.send(piece.repeat(10));
    await expect(tsh.get('Status', 'SystemUnit')).rejects.toMatchObject({ code: 'REPLY_TOO_LARGE' });
  });
});

afterAll(() => {
  expect(inputs).toBeGreaterThanOrEqual(INPUTS);
});
