import { describe, expect, it } from 'vitest';
import { finishedCourse, rangeOf, WITHOUT_EDGES } from '../../renderer/screens/report/figures.ts';

describe('figures of the report', () => {
  it('count up what was finished, in order of time', () => {
    const [later, sooner] = ['2026-11-24T21:05:00Z', '2026-11-24T21:00:00Z'];
    expect(finishedCourse([later, 'no time', sooner])).toEqual([
      { x: Date.parse(sooner), y: 1 },
      { x: Date.parse(later), y: 2 },
    ]);
  });

  it('name the ranges of the histogram as people say them', () => {
    const words = [...WITHOUT_EDGES, Number.POSITIVE_INFINITY].map((until, at) => {
      const { kind, from, until: end, unit } = rangeOf(WITHOUT_EDGES[at - 1] ?? 0, until);
      return kind === 'upTo'
        ? `up to ${end} ${unit}`
        : kind === 'over'
          ? `over ${from} ${unit}`
          : `${from} to ${end} ${unit}`;
    });
    expect(words).toEqual([
      'up to 2 s',
      '2 to 5 s',
      '5 to 15 s',
      '15 to 30 s',
      '30 to 60 s',
      '1 to 2 min',
      '2 to 5 min',
      '5 to 15 min',
      '15 to 60 min',
      '1 to 4 h',
      '4 to 24 h',
      'over 24 h',
    ]);
  });
});
