/** Counting values into ranges, and where the columns of a histogram stand. Pure. */
import { scaleBand, scaleLinear } from 'd3-scale';
import type { Paper, Tick } from './plane.ts';
import { countTicks } from './ticks.ts';

/** Values above `from` up to and with `until`; the first holds 0 as well. */
export interface Bucket {
  from: number;
  /** Infinity in the last one. */
  until: number;
  count: number;
}

/**
 * @param edges upper ends of the ranges, rising; what is above the last one goes into a range without end
 * @returns ranges from the first to the last that holds a value, empty ones between them included
 */
export function bucketsOf(values: readonly number[], edges: readonly number[]): Bucket[] {
  const ends = [...edges, Number.POSITIVE_INFINITY];
  const buckets = ends.map((until, at) => ({ from: ends[at - 1] ?? 0, until, count: 0 }));
  for (const value of values) {
    const bucket = value >= 0 ? buckets.find(({ until }) => value <= until) : undefined;
    if (bucket) bucket.count += 1;
  }
  const first = buckets.findIndex(({ count }) => count > 0);
  return first === -1 ? [] : buckets.slice(first, buckets.findLastIndex(({ count }) => count > 0) + 1);
}

export interface Columns {
  left: number;
  right: number;
  top: number;
  bottom: number;
  y: Tick[];
  columns: { bucket: Bucket; x: number; y: number; width: number; height: number }[];
  /** Whether each label has room beside its neighbours; else they are to be written aslant. */
  roomy: boolean;
}

/** Widest label, such as `15 to 60 min`, in sizes of the text. */
const LABEL_EM = 6.4;
/** Widest column, in the same. */
const WIDEST_EM = 5;
/** Room for a label that is written aslant. */
const ASLANT_EM = 5;

export function columnsOf(buckets: readonly Bucket[], { width, height, em }: Paper): Columns {
  const left = em * 3.4;
  const right = Math.max(left + em, width - em * 0.5);
  const roomy = (right - left) / Math.max(1, buckets.length) >= em * LABEL_EM;
  const top = em * 1.4;
  const bottom = Math.max(top + em, height - em * (roomy ? 2.2 : ASLANT_EM));
  const most = buckets.reduce((highest, { count }) => Math.max(highest, count), 0);
  const counts = countTicks(most, Math.max(1, Math.floor((bottom - top) / (em * 2.4))));
  const y = scaleLinear([0, counts.at(-1) ?? 1], [bottom, top]);
  const x = scaleBand(
    buckets.map((_, at) => at),
    [left, right],
  )
    .paddingInner(0.2)
    .paddingOuter(0.1);
  // One column alone would else fill the chart and look like much.
  const wide = Math.min(x.bandwidth(), em * WIDEST_EM);
  return {
    left,
    right,
    top,
    bottom,
    roomy,
    y: counts.map((value) => ({ value, at: y(value) })),
    columns: buckets.map((bucket, at) => ({
      bucket,
      x: (x(at) ?? left) + (x.bandwidth() - wide) / 2,
      width: wide,
      y: y(bucket.count),
      height: bottom - y(bucket.count),
    })),
  };
}
