import { describe, expect, it } from 'vitest';
import { copyOf, firstLine, historyOf, recalled, shownAnswer } from '../../renderer/console/answers.ts';

describe('an answer', () => {
  it('shows what acts unseen, and keeps its lines', () => {
    expect(shownAnswer('a\r\n\tb\u202ec\u0007\n')).toBe('a\n\tb‹U+202E›c‹U+0007›\n');
  });

  it('is clipped where no screen could hold it', () => {
    expect(shownAnswer('x'.repeat(1_000_000)).length).toBeLessThan(100_000);
  });

  it('has a first line that says something', () => {
    expect(firstLine('{\n  "Uptime": "12"\n}')).toBe('"Uptime": "12"');
    expect(firstLine('{\n}')).toBe('');
    expect(firstLine(`${'x'.repeat(5_000)}\u202e`).length).toBeLessThan(300);
  });

  it('is copied as it came; several have the names of their rooms', () => {
    expect(copyOf([{ about: 'Fjord', words: '{ }\r\n' }])).toBe('{ }\r\n');
    expect(
      copyOf([
        { about: 'Fjord', words: 'a' },
        { about: 'Skog', words: 'b' },
      ]),
    ).toBe('# Fjord\na\n\n# Skog\nb\n');
    expect(copyOf([])).toBe('');
  });
});

describe('the arrow keys', () => {
  const lines = ['first', 'second', 'third'];

  it('go back to the oldest line and no further, and forward to what was being typed', () => {
    let at = 0;
    const press = (step: 1 | -1) => {
      const to = recalled(lines, at, step);
      at = to.at;
      return to.line;
    };
    expect([press(1), press(1), press(1), press(1)]).toEqual(['third', 'second', 'first', 'first']);
    expect([press(-1), press(-1), press(-1), press(-1)]).toEqual(['second', 'third', null, null]);
    expect(recalled([], 0, 1)).toEqual({ at: 0, line: null });
  });

  it('pass a line that was sent twice in a row once', () => {
    expect(historyOf([{ line: 'a' }, { line: 'a' }, { line: 'b' }, { line: 'a' }])).toEqual(['a', 'b', 'a']);
  });
});
