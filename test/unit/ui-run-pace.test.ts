import { describe, expect, it } from 'vitest';
import type { Point } from '../../main/contract/jobs.ts';
import { inOneUnit, type PaceOf, paceOf } from '../../renderer/screens/run/pace.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A course with one end at each of these moments. */
function courseOf(ends: readonly number[]): Point[] {
  return [{ ms: 0, done: 0, failed: 0 }, ...ends.map((ms, at) => ({ ms, done: at + 1, failed: 0 }))];
}

/** Ends at an even pace. */
function even(count: number, every: number): number[] {
  return Array.from({ length: count }, (_, at) => (at + 1) * every);
}

function pace(ends: readonly number[], more: Partial<PaceOf> & Pick<PaceOf, 'total'>) {
  const course = courseOf(ends);
  return paceOf({ course, done: ends.length, now: ends.at(-1) ?? 0, from: 0, ...more });
}

describe('the pace of a job', () => {
  it('is not known before some rooms have ended', () => {
    expect(pace(even(3, 10 * SECOND), { total: 100 })).toEqual({ perMinute: null, left: null });
    expect(pace([], { total: 100, now: MINUTE })).toEqual({ perMinute: null, left: null });
  });

  it('is not known in the first seconds, however many rooms have ended', () => {
    expect(pace(even(20, 100), { total: 100 }).left).toBeNull();
  });

  it('tells a range around the true time of an even pace, in round numbers', () => {
    const { perMinute, left } = pace(even(50, 6 * SECOND), { total: 150 });
    expect(perMinute).toBeCloseTo(10, 0);
    expect(left?.least).toBeLessThan(10 * MINUTE);
    expect(left?.most).toBeGreaterThan(10 * MINUTE);
    expect(left?.most).toBeLessThan(20 * MINUTE);
    expect((left?.least ?? 1) % MINUTE).toBe(0);
    expect((left?.most ?? 1) % MINUTE).toBe(0);
  });

  it('is told more widely when the pace went up and down', () => {
    const steady = pace(even(48, 5 * SECOND), { total: 200 });
    // The same number in the same time, but in heaps of six.
    const heaps = even(48, 5 * SECOND).map((ms) => Math.ceil(ms / (30 * SECOND)) * 30 * SECOND);
    const unsteady = pace(heaps, { total: 200 });
    const width = ({ left }: typeof steady) => (left ? left.most - left.least : 0);
    expect(width(unsteady)).toBeGreaterThan(width(steady));
  });

  it('is told more narrowly the more rooms have ended', () => {
    const share = (done: number) => {
      const { left } = pace(even(done, 2 * SECOND), { total: done + 600 });
      return left ? left.most / left.least : Number.POSITIVE_INFINITY;
    };
    expect(share(300)).toBeLessThan(share(6));
  });

  it('follows what is true of late, not what was at first', () => {
    const slowStart = even(20, 30 * SECOND);
    const start = slowStart.at(-1) ?? 0;
    const fast = even(80, SECOND).map((ms) => start + ms);
    expect(pace([...slowStart, ...fast], { total: 200 }).perMinute).toBeCloseTo(60, -1);
  });

  it('gets slower with each second in which nothing ends, and is unknown when all stands still', () => {
    const ends = even(30, 5 * SECOND);
    const now = ends.at(-1) ?? 0;
    const at = pace(ends, { total: 60, now });
    const later = pace(ends, { total: 60, now: now + 20 * SECOND });
    const much = pace(ends, { total: 60, now: now + 5 * MINUTE });
    expect(later.perMinute).toBeLessThan(at.perMinute ?? 0);
    expect(later.left?.most).toBeGreaterThanOrEqual(at.left?.most ?? 0);
    expect(much.left).toBeNull();
  });

  it('leaves out what was before a pause', () => {
    const before = even(10, SECOND);
    const resumed = 10 * MINUTE;
    const after = even(10, 2 * SECOND).map((ms) => resumed + ms);
    const all = [...before, ...after];
    expect(pace(all, { total: 40, from: resumed }).perMinute).toBeCloseTo(30, -1);
    expect(pace(before, { total: 40, from: resumed, now: resumed + SECOND })).toEqual({ perMinute: null, left: null });
  });

  it('has nothing left when all are done', () => {
    expect(pace(even(20, SECOND), { total: 20 }).left).toBeNull();
  });

  it('never tells a range that is upside down or below nothing', () => {
    for (const every of [200, 3_000, 90_000])
      for (const done of [4, 5, 12, 60, 400])
        for (const rest of [1, 2, 50, 5_000]) {
          const { left } = pace(even(done, every), { total: done + rest, now: done * every + 1 });
          if (!left) continue;
          expect(left.least).toBeGreaterThanOrEqual(0);
          expect(left.most).toBeGreaterThan(left.least);
        }
  });
});

describe('a range of time', () => {
  it.each([
    [0, 20 * SECOND, { from: 0, until: 20, unit: 's' }],
    [40 * SECOND, 100 * SECOND, { from: 40, until: 100, unit: 's' }],
    [2.5 * MINUTE, 4 * MINUTE, { from: 2.5, until: 4, unit: 'min' }],
    [60 * MINUTE, 120 * MINUTE, { from: 1, until: 2, unit: 'h' }],
  ])('from %i to %i ms is told in one unit', (least, most, words) => {
    expect(inOneUnit({ least, most })).toEqual(words);
  });
});
