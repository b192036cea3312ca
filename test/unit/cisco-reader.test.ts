import { describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../main/endpoints/cisco/ssh/objectScanner.ts';
import {
  MAX_OBJECT_CHARS,
  MAX_STRAY_LINES,
  type TshItem,
  TshReader,
} from '../../main/endpoints/cisco/ssh/tshReader.ts';
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

  it.each([
    ['a brace before words', '{ not json }'],
    ['a brace and a bracket', '{ [1] }'],
    ['a brace alone', '{'],
    ['a number', '{ 1 }'],
  ])('is a line like any other: %s', (_name, text) => {
    for (const pieces of [[`${text}\n{"a":1}\n`], [...`${text} x\n{"a":1}\n`]])
      expect(read(...pieces).at(-1), text).toEqual(object({ a: 1 }));
    expect(read(`${text} x\n`)).toEqual([line(`${text} x`)]);
    expect(read(`${text}\nwelcome\n`)).toEqual([line(text), line('welcome')]);
  });

  it.each([
    ['without quotes', '{"a": nonsense}'],
    ['with a wrong bracket', '{"a": [1}'],
    ['with two values', '{"a": 1 2}'],
    ['with a comma too many', '{"a": 1,}'],
    ['with a line break in a text', '{"a": "1\n'],
    ['with a line break after a backslash', '{"a": "1\\\n'],
    ['that is cut off', '{"a": {"b": "1"'],
    ['with a very long number', `{"a": ${'1'.repeat(100)}}`],
    ['with a key that is none', '{"a": {b: 1}}'],
    ['with something after a value', '{"a": "b" "c"}'],
    ['with a wrong escape', '{"a": "\\x"}'],
  ])('is told as broken when it began like an object, and the next one is read: %s', (_name, text) => {
    const items = read(`${text}\n{"a":1}\n`);
    expect(items[0]).toMatchObject({ kind: 'broken', tooLarge: false });
    expect(items.at(-1)).toEqual(object({ a: 1 }));
    expect(read(...`${text}\n{"a":1}\n`)).toEqual(items);
  });

  it('is told with its beginning only, because the rest may be a macro', () => {
    const [item] = read(`{"a": "${'x'.repeat(5_000)}\n`);
    expect(item).toMatchObject({ kind: 'broken', tooLarge: false });
    expect(item?.kind === 'broken' && item.text.length).toBe(40);
  });

  it('is given up when it is nested too deep, and reading goes on', () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}\n`;
    expect(read(nested(MAX_DEPTH))).toMatchObject([{ kind: 'object' }]);
    const items = read(`${nested(100_000)}{"a":1}\n`);
    expect(items[0]).toMatchObject({ kind: 'broken', tooLarge: true });
    expect(items.at(-1)).toEqual(object({ a: 1 }));
    expect(read(`${'['.repeat(10)}\n{"a":${'['.repeat(200_000)}`)).toContainEqual(
      expect.objectContaining({ kind: 'broken', tooLarge: true }),
    );
  });

  it('is the same whether it comes in one piece, as codecs write it, or in many', () => {
    const deep = (depth: number) => `${'{\n"a":'.repeat(depth)}"1"${'\n}'.repeat(depth)}\n`;
    const texts = [
      '{\n  "a": "b"\n}\n{\n  "c": ["d", true, null]\n  ,"ResultId": "1"\n}\nOK\n',
      `{\n"a": ${'9'.repeat(100)}\n}\n{"b":"1"\n}\n`,
      '{\n"a": {"b": "\\n}"\n}\n}\n',
      '{\n"a": "b"\n"c"\n}\n{\n"d": "e"\n}\n',
      `${deep(MAX_DEPTH)}${deep(MAX_DEPTH + 1)}${deep(2)}`,
    ];
    for (const text of texts) expect(read(text)).toEqual(read(...text));
  });

  it('is given up when lines come without end and no object between', () => {
    const items = read('x\n'.repeat(MAX_STRAY_LINES + 1));
    expect(items.at(-1)).toMatchObject({ kind: 'broken', tooLarge: true });
    const calm = read(`${'x\n'.repeat(MAX_STRAY_LINES - 1)}{"a":1}\n`.repeat(3));
    expect(calm.filter(({ kind }) => kind === 'broken')).toEqual([]);
  });

  // Each of these would go on for hours if reading were quadratic; the test runner's own limit would end it.
  it.each([
    ['braces within a line', `x${'{'.repeat(1_000_000)}`, 40],
    ['blanks', ' '.repeat(1_000_000), 40],
    ['objects that break off', '{"a" '.repeat(200_000), 10],
    ['escapes', `{"a":"${'\\n'.repeat(500_000)}`, 1],
  ])('costs no more for being long: %s', (_name, piece, times) => {
    const reader = new TshReader();
    for (let turn = 0; turn < times; turn++) reader.push(piece);
    expect(reader.push('\n"}\n{"a":1}\n').at(-1)).toEqual(object({ a: 1 }));
  });

  it.each([1, 100, 16_384])('reads a reply of 20 MB in pieces of %d characters', (length) => {
    const content = 'const a = "\\d";\n\t// æøå 🎥\n'.repeat(length === 1 ? 40_000 : 700_000);
    const text = `${JSON.stringify({ Content: { Value: content } }, null, 2)}\n`;
    const reader = new TshReader();
    const items: TshItem[] = [];
    for (let at = 0; at < text.length; at += length) items.push(...reader.push(text.slice(at, at + length)));
    expect(items).toHaveLength(1);
    const [item] = items;
    expect(item?.kind === 'object' && item.value.Content).toEqual({ Value: content });
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
