import { describe, expect, it } from 'vitest';
import { foldedAround } from '../../renderer/screens/room/diff/lines.ts';
import { markedLines } from '../../renderer/screens/room/diff/marks.ts';

const SIGNS = ['calls Pexip', 'has its name'];

/** Each line as text, with signs in brackets. */
function shown(content: string, marks: { from: number; to: number; reason: string }[]): string[] {
  return markedLines({ content, marks }, SIGNS).map(({ pieces }) =>
    pieces.map(({ text, sign }) => (sign === null ? text : `[${text}|${sign}]`)).join(''),
  );
}

const mark = (from: number, to: number, reason = SIGNS[0] ?? '') => ({ from, to, reason });

describe('signs marked in a text', () => {
  it('stand where they were found, with the number of their sign', () => {
    const text = 'call otj\nname\n';
    expect(shown(text, [mark(9, 13, 'has its name'), mark(5, 8)])).toEqual(['call [otj|1]', '[name|2]']);
    expect(shown(text, [mark(0, 4, 'another sign')])).toEqual(['[call|0] otj', 'name']);
  });

  it('go over the end of a line', () => {
    expect(shown('ab\ncd\nef', [mark(1, 7)])).toEqual(['a[b|1]', '[cd|1]', '[e|1]f']);
  });

  it('may overlap, be empty, or point beyond the text', () => {
    expect(shown('abcdef', [mark(0, 3), mark(2, 5, 'has its name'), mark(4, 4), mark(5, 99)])).toEqual([
      '[abc|1][de|2][f|1]',
    ]);
    expect(shown('abc', [mark(-5, 1), mark(7, 9), mark(3, 1)])).toEqual(['[a|1]bc']);
    expect(shown('', [mark(0, 1)])).toEqual(['']);
  });

  it('lose nothing of the text, whatever the marks', () => {
    const text = 'one\ntwo three\n\nfour';
    for (let from = -1; from <= text.length; from++) {
      for (let to = from; to <= text.length + 1; to++) {
        const lines = markedLines({ content: text, marks: [mark(from, to), mark(4, 7)] }, SIGNS);
        expect(lines.map(({ pieces }) => pieces.map((piece) => piece.text).join('')).join('\n')).toBe(text);
      }
    }
  });

  it('are seen in a script that was made into one long line', () => {
    const content = `${'x'.repeat(50_000)}otj${'y'.repeat(50_000)}pexip${'z'.repeat(50_000)}`;
    const [line = ''] = shown(content, [mark(50_000, 50_003), mark(100_003, 100_008)]);
    expect(line).toMatch(/^… x+\[otj\|1\]y+ … y+\[pexip\|1\]z+ …$/);
    expect(line.length).toBeLessThan(600);
    const [plain = ''] = shown('q'.repeat(5_000), []);
    expect(plain).toMatch(/^q+ … q+$/);
  });

  it('are quick with many marks and lines', () => {
    const content = 'otj\n'.repeat(20_000);
    const marks = Array.from({ length: 20_000 }, (_, at) => mark(4 * at, 4 * at + 3));
    expect(markedLines({ content, marks }, SIGNS).every(({ marked }) => marked)).toBe(true);
  });
});

describe('stretches without a sign', () => {
  it('are folded, but for a few lines around each', () => {
    const rows = Array.from({ length: 20 }, (_, number) => ({ kind: 'line' as const, number }));
    const folded = foldedAround(rows, ({ number }) => number === 10);
    expect(folded.map((row) => (row.kind === 'fold' ? `${row.rows.length}` : row.number))).toEqual([
      '7',
      7,
      8,
      9,
      10,
      11,
      12,
      13,
      '6',
    ]);
  });
});
