import { describe, expect, it } from 'vitest';
import { bucketsOf, columnsOf } from '../../renderer/charts/buckets.ts';
import { type Dot, planeOf, type Series } from '../../renderer/charts/plane.ts';
import { sharesOf } from '../../renderer/charts/shares.ts';
import { countTicks, durationTicks } from '../../renderer/charts/ticks.ts';

const paper = { width: 600, height: 200, em: 13 };
const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('ticks', () => {
  it.each([
    [9 * SECOND, 5, 2 * SECOND],
    [70 * SECOND, 5, 15 * SECOND],
    [4 * MINUTE, 5, MINUTE],
    [100 * MINUTE, 5, 30 * MINUTE],
    [26 * 60 * MINUTE, 5, 6 * 60 * MINUTE],
  ])('count time in steps of a clock: %i ms in at most %i parts', (until, most, step) => {
    const ticks = durationTicks(until, most);
    expect(ticks[0]).toBe(0);
    expect(ticks[1]).toBe(step);
    expect(ticks.length).toBeLessThanOrEqual(most + 1);
  });

  it('go on beyond the longest step, and stand at 0 where there is no time', () => {
    const century = 36_500 * 24 * 60 * MINUTE;
    expect(durationTicks(century, 4).length).toBeLessThanOrEqual(5);
    expect(durationTicks(0, 4)).toEqual([0]);
    expect(durationTicks(Number.NaN, 4)).toEqual([0]);
    expect(durationTicks(Number.POSITIVE_INFINITY, 4)).toEqual([0]);
  });

  it.each([1, 2, 3, 7, 10, 24, 99, 500, 501, 10_000])('count whole rooms and reach the top of %i', (highest) => {
    const ticks = countTicks(highest, 4);
    expect(ticks[0]).toBe(0);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
    expect(ticks.every(Number.isInteger)).toBe(true);
    expect(ticks.length).toBeLessThanOrEqual(8);
  });

  it('have a top of 1 when there is nothing', () => {
    expect(countTicks(0, 4)).toEqual([0, 1]);
    expect(countTicks(Number.NaN, 4)).toEqual([0, 1]);
  });
});

describe('a chart over time', () => {
  const rising: Dot[] = [
    { x: 0, y: 0 },
    { x: 30_000, y: 5 },
    { x: 60_000, y: 10 },
  ];
  const series = (dots: readonly Dot[], more: Partial<Series> = {}): Series => ({
    id: 'done',
    dots,
    shape: 'line',
    filled: true,
    ...more,
  });

  it('begins at the axes and ends at the last dot', () => {
    const plane = planeOf([series(rising)], paper, { x: 'duration' });
    const [drawn] = plane.paths;
    expect(
      drawn?.path.startsWith(
        `M${plane.left.toFixed(1).replace('.0', '')},${plane.bottom.toFixed(1).replace('.0', '')}`,
      ),
    ).toBe(true);
    expect(drawn?.end).toEqual({ x: plane.right, y: plane.heightOf(10) });
    expect(drawn?.ground.endsWith('Z')).toBe(true);
  });

  it('has room up to the highest count there can be', () => {
    const plane = planeOf([series(rising)], paper, { x: 'duration', most: 500 });
    expect(plane.heightOf(500)).toBeGreaterThanOrEqual(plane.top);
    expect(plane.heightOf(10)).toBeGreaterThan(plane.heightOf(500));
    expect(plane.y.at(-1)?.at).toBe(plane.top);
  });

  it('keeps more room for labels when the text is larger', () => {
    const large = planeOf([series(rising)], { ...paper, em: 26 }, { x: 'duration' });
    const normal = planeOf([series(rising)], paper, { x: 'duration' });
    expect(large.left).toBe(normal.left * 2);
    expect(large.x.length).toBeLessThan(normal.x.length);
  });

  it('keeps a count until the next moment in steps', () => {
    const path = planeOf([series(rising, { shape: 'steps', filled: false })], paper, { x: 'duration' }).paths[0];
    expect(path?.ground).toBe('');
    // Two corners for each step: along, then up.
    expect(path?.path.split('L')).toHaveLength(1 + 2 * (rising.length - 1));
  });

  it('places moments between the first and the last, ticks among them', () => {
    const start = Date.parse('2026-11-24T08:00:00Z');
    const moments = [0, 5, 9].map((minutes, at) => ({ x: start + minutes * MINUTE, y: at + 1 }));
    const plane = planeOf([series(moments)], paper, { x: 'moment' });
    expect(plane.paths[0]?.end?.x).toBe(plane.right);
    expect(plane.x.length).toBeGreaterThan(1);
    for (const { at } of plane.x) {
      expect(at).toBeGreaterThanOrEqual(plane.left);
      expect(at).toBeLessThanOrEqual(plane.right);
    }
  });

  it('stands in the middle when there is one moment only', () => {
    const plane = planeOf([series([{ x: Date.parse('2026-11-24T08:00:00Z'), y: 1 }])], paper, { x: 'moment' });
    expect(plane.paths[0]?.end?.x).toBeCloseTo((plane.left + plane.right) / 2);
  });

  it.each([
    ['nothing to draw', [], paper],
    ['no room at all', rising, { width: 0, height: 0, em: 13 }],
  ])('has finite places with %s', (_, dots, on) => {
    const plane = planeOf([series(dots)], on, { x: 'duration' });
    const places = [plane.left, plane.right, plane.top, plane.bottom, ...[...plane.x, ...plane.y].map(({ at }) => at)];
    expect(places.every(Number.isFinite)).toBe(true);
    expect(plane.paths[0]?.path).not.toContain('NaN');
    expect(plane.right).toBeGreaterThan(plane.left);
  });
});

describe('the shares of a bar', () => {
  const widths = (counts: number[], width: number, least: number) =>
    sharesOf(
      counts.map((count, at) => ({ id: String(at), count })),
      width,
      least,
    );

  it('are as wide as their counts and fill the bar side by side', () => {
    expect(widths([1, 2, 1], 400, 4).map(({ x, width }) => [x, width])).toEqual([
      [0, 100],
      [100, 200],
      [300, 100],
    ]);
  });

  it('leave out what is empty', () => {
    expect(widths([0, 3, 0, 1], 400, 4).map(({ id }) => id)).toEqual(['1', '3']);
    expect(widths([0, 0], 400, 4)).toEqual([]);
  });

  it('never let one room of ten thousand vanish', () => {
    const shares = widths([9_998, 1, 1], 500, 6);
    expect(shares.map(({ width }) => width)).toEqual([488, 6, 6]);
    expect(shares.reduce((sum, { width }) => sum + width, 0)).toBe(500);
  });

  it('are even when there is no room for the least width', () => {
    expect(widths([1000, 1, 1, 1], 8, 6).map(({ width }) => width)).toEqual([2, 2, 2, 2]);
    expect(widths([1, 1], 0, 6).every(({ width }) => width === 0)).toBe(true);
  });
});

describe('a histogram', () => {
  const edges = [15, 30, 60];

  it('counts each value once, upper ends included, between the first and the last range that holds one', () => {
    expect(bucketsOf([16, 30, 90], edges)).toEqual([
      { from: 15, until: 30, count: 2 },
      { from: 30, until: 60, count: 0 },
      { from: 60, until: Number.POSITIVE_INFINITY, count: 1 },
    ]);
    expect(bucketsOf([0], edges)).toEqual([{ from: 0, until: 15, count: 1 }]);
    expect(bucketsOf([], edges)).toEqual([]);
    expect(bucketsOf([Number.NaN, -1], edges)).toEqual([]);
  });

  it('has columns that stand on the axis and do not overlap', () => {
    const { columns, bottom, left, right, y } = columnsOf(bucketsOf([1, 20, 20, 50, 70], edges), paper);
    expect(columns.map(({ bucket }) => bucket.count)).toEqual([1, 2, 1, 1]);
    let free = left;
    for (const column of columns) {
      expect(column.x).toBeGreaterThanOrEqual(free);
      expect(column.y + column.height).toBeCloseTo(bottom);
      free = column.x + column.width;
    }
    expect(free).toBeLessThanOrEqual(right);
    expect(y.at(-1)?.value).toBeGreaterThanOrEqual(2);
  });

  it('writes labels aslant where they have no room', () => {
    const buckets = bucketsOf([1, 20, 50, 70], edges);
    expect(columnsOf(buckets, paper).roomy).toBe(true);
    const narrow = columnsOf(buckets, { ...paper, width: 200 });
    expect(narrow.roomy).toBe(false);
    expect(narrow.bottom).toBeLessThan(columnsOf(buckets, paper).bottom);
  });
});
