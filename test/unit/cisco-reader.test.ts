import { describe, expect, it } from 'vitest';
import { MAX_OBJECT_CHARS, type TshItem, TshReader } from '../../main/endpoints/cisco/ssh/tshReader.ts';
import { awkwardText } from '../lab/cisco/macros.ts';

/** Mulberry32: the same cuts at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function read(...pieces: string[]): TshItem[] {
  const reader = new TshReader();
  return pieces.flatMap((piece) => reader.push(piece));
}

/** Cut into pieces of 0 to `most` characters. */
function cut(text: string, random: () => number, most: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = Math.floor(random() * (most + 1));
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

const object = (value: unknown): TshItem => ({ kind: 'object', value: value as Record<string, unknown> });
const line = (text: string): TshItem => ({ kind: 'line', text });

const TAGGED = { CommandResponse: { MacroGetResult: { status: 'OK' } }, ResultId: '3' };
const FEEDBACK = { Event: { UserInterface: { Extensions: { Panel: { Clicked: { PanelId: { Value: '}{"\\' } } } } } } };
const MACRO = {
  Content: { Value: awkwardText.content },
  Odd: '\\"}}{{\\\\',
  '{key}"': ['{', ['}', { deep: '\u2028' }]],
};

/** A session as a codec may send it: objects over several lines, feedback between, stray words, either line end. */
const SESSION = [
  '\r\nOK\r\n\n',
  `${JSON.stringify(TAGGED, null, 2).replaceAll('\n', '\r\n')}\r\n`,
  'Command not recognized.\n',
  `${JSON.stringify(FEEDBACK)}\n`,
  `  \t${JSON.stringify(MACRO, null, 1)}`,
  `${JSON.stringify({})}${JSON.stringify(TAGGED)}\n`,
  '*r Login { successful }\n',
  '}} stray ends }\n',
  '"a stray quote {\n',
  `${JSON.stringify({ last: '🎥👩‍💻' })}\n`,
].join('');

const ITEMS: TshItem[] = [
  line('OK'),
  object(TAGGED),
  line('Command not recognized.'),
  object(FEEDBACK),
  object(MACRO),
  object({}),
  object(TAGGED),
  line('*r Login { successful }'),
  line('}} stray ends }'),
  line('"a stray quote {'),
  object({ last: '🎥👩‍💻' }),
];

describe('reading a session', () => {
  it('finds objects and lines in one piece', () => {
    expect(read(SESSION)).toEqual(ITEMS);
  });

  it('finds the same cut once at every place', () => {
    for (let at = 0; at <= SESSION.length; at++)
      expect(read(SESSION.slice(0, at), SESSION.slice(at)), `cut at ${at}`).toEqual(ITEMS);
  });

  it('finds the same character by character', () => {
    expect(read(...Array.from({ length: SESSION.length }, (_, at) => SESSION.charAt(at)))).toEqual(ITEMS);
  });

  it.each([1, 2, 3, 7, 40, 400])('finds the same in pieces of up to %d characters', (most) => {
    const random = seeded(most);
    for (let turn = 0; turn < 100; turn++) expect(read(...cut(SESSION, random, most))).toEqual(ITEMS);
  });

  it('gives each item as soon as its last character is there, and not before', () => {
    const reader = new TshReader();
    expect(reader.push('{"a":{"b":"}"')).toEqual([]);
    expect(reader.push('}')).toEqual([]);
    expect(reader.push('}')).toEqual([object({ a: { b: '}' } })]);
    expect(reader.push('OK')).toEqual([]);
    expect(reader.push('\n')).toEqual([line('OK')]);
  });
});

describe('text that is no reply', () => {
  it('never throws, whatever comes, and goes on reading afterwards', () => {
    const random = seeded(99);
    const letters = '{}"\\\n\r \t:,[]ax1\0\u{fffd}é';
    for (let turn = 0; turn < 2_000; turn++) {
      const noise = Array.from({ length: 60 }, () => letters[Math.floor(random() * letters.length)]).join('');
      const whole = read(noise);
      expect(read(...cut(noise, random, 5))).toEqual(whole);
    }
  });

  it('is told as broken when it has the shape of an object only', () => {
    expect(read('{ not json }\n{"a":1}\n')).toEqual([
      { kind: 'broken', tooLarge: false, text: '{ not json }' },
      object({ a: 1 }),
    ]);
  });

  it('is not called too large for being long and wrong', () => {
    const [item] = read(`{ ${'x'.repeat(5_000)} }`);
    expect(item).toMatchObject({ kind: 'broken', tooLarge: false });
    expect(item?.kind === 'broken' && item.text.length).toBe(40);
  });

  it('is given up when a line does not end, and reading goes on', () => {
    const reader = new TshReader();
    const items = Array.from({ length: 100 }, () => reader.push('x'.repeat(1_000))).flat();
    expect(items).toMatchObject([{ kind: 'broken', tooLarge: true }]);
    expect(reader.push('\n{"a":1}\n').at(-1)).toEqual(object({ a: 1 }));
  });

  it('is given up when an object does not end, and memory stays bounded', () => {
    const reader = new TshReader();
    const piece = 'x'.repeat(1024 * 1024);
    reader.push('{"a":"');
    let given: TshItem[] = [];
    let pushed = 0;
    for (; given.length === 0 && pushed < 2 * MAX_OBJECT_CHARS; pushed += piece.length) given = reader.push(piece);
    expect(given).toMatchObject([{ kind: 'broken', tooLarge: true }]);
    expect(pushed).toBeLessThanOrEqual(MAX_OBJECT_CHARS + piece.length);
    // It is not inside the string any more.
    expect(reader.push('\n{"a":1}\n').at(-1)).toEqual(object({ a: 1 }));
  });

  it('takes a reply of 200 large macros', () => {
    const macros = Array.from({ length: 200 }, (_, id) => ({ id, Content: 'y'.repeat(150_000) }));
    const [item] = read(JSON.stringify({ Macro: macros }));
    expect(item).toMatchObject({ kind: 'object' });
  });
});
