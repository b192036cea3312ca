/** How fast a job goes and how long it may still take, told as a range. Pure. */
import type { Point } from '../../../main/contract/jobs.ts';

/** The pace of late, and what follows from it. */
export interface Pace {
  /** Rooms a minute over the recent stretch; null while too few have ended. */
  perMinute: number | null;
  /** Milliseconds that are left, rounded to what can honestly be said; null = not known yet. */
  left: { least: number; most: number } | null;
}

export interface PaceOf {
  /** Oldest first. */
  course: readonly Point[];
  total: number;
  done: number;
  /** Since the job began, milliseconds. */
  now: number;
  /** Since when it runs without a pause, in the same time; what was before tells nothing of the pace. */
  from: number;
}

/** Before this many ends no pace is told. */
const LEAST_ENDS = 4;
const LEAST_MS = 5_000;
/** The recent stretch is the last fifth of what is done, but not fewer and not more than these, nor shorter. */
const STRETCH = { least: 16, most: 60, leastMs: 20_000 };
/** The stretch is looked at in this many parts of equal time; their spread is the spread of the pace. */
const PARTS = 6;
/** Nothing ended for this many times the usual gap: the pace of before is no longer true. */
const STALLED = 8;
/** A range wider than this says nothing. */
const WIDEST = 0.8;

const UNKNOWN: Pace = { perMinute: null, left: null };

export function paceOf({ course, total, done, now, from }: PaceOf): Pace {
  const points = course.filter(({ ms }) => ms >= from && ms <= now);
  const start = stretchStart(points, { done, now });
  const last = points.at(-1);
  if (!start || !last) return UNKNOWN;
  const ends = last.done - start.done;
  const took = now - start.ms;
  if (ends < LEAST_ENDS || took < LEAST_MS) return UNKNOWN;
  const perMs = ends / took;
  const perMinute = perMs * 60_000;
  const rest = Math.max(0, total - done);
  if (rest === 0) return { perMinute, left: null };
  const usualGap = (last.ms - start.ms) / ends;
  if (now - last.ms > STALLED * Math.max(usualGap, 1000)) return { perMinute, left: null };
  const spread = Math.min(WIDEST, spreadOf(points, { start, now, ends, rest }));
  const middle = rest / perMs;
  return {
    perMinute,
    left: rounded(middle / (1 + spread), middle / (1 - spread)),
  };
}

/** The point where the recent stretch begins. */
function stretchStart(points: readonly Point[], { done, now }: Pick<PaceOf, 'done' | 'now'>): Point | undefined {
  const wanted = Math.min(STRETCH.most, Math.max(STRETCH.least, Math.ceil(done / 5)));
  const before = points.findLast((point) => point.done <= done - wanted && point.ms <= now - STRETCH.leastMs);
  return before ?? points[0];
}

/**
 * How far off the pace may be, as a share of it. Three things add up: few ends tell little, the pace itself went up
 * and down, and few rooms left do not even out.
 */
function spreadOf(
  points: readonly Point[],
  { start, now, ends, rest }: { start: Point; now: number; ends: number; rest: number },
): number {
  const counting = 1 / ends;
  const part = (now - start.ms) / PARTS;
  const doneAt = (ms: number) => (points.findLast((point) => point.ms <= ms) ?? start).done;
  const perPart = Array.from(
    { length: PARTS },
    (_, at) => doneAt(start.ms + (at + 1) * part) - doneAt(start.ms + at * part),
  );
  const mean = ends / PARTS;
  const variance = perPart.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (PARTS - 1);
  const unsteady = variance / mean ** 2 / PARTS;
  return Math.sqrt(counting + unsteady + 1 / (rest + 1));
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Up to a length, times are told in steps of this. */
const STEPS: readonly (readonly [until: number, step: number])[] = [
  [30 * SECOND, 5 * SECOND],
  [2 * MINUTE, 10 * SECOND],
  [5 * MINUTE, 30 * SECOND],
  [20 * MINUTE, MINUTE],
  [90 * MINUTE, 5 * MINUTE],
  [Number.POSITIVE_INFINITY, 15 * MINUTE],
];

/** Both ends outwards, in steps that fit the longer one: nobody is told a second of an hour. */
function rounded(least: number, most: number): { least: number; most: number } {
  const step = STEPS.find(([until]) => most <= until)?.[1] ?? MINUTE;
  return {
    least: Math.floor(least / step) * step,
    most: Math.max(step, Math.ceil(most / step) * step),
  };
}

/** Both ends of a range in the one unit that fits them. */
export interface RangeInUnit {
  from: number;
  until: number;
  unit: 's' | 'min' | 'h';
}

export function inOneUnit({ least, most }: { least: number; most: number }): RangeInUnit {
  const [unit, ms] =
    most <= 2 * MINUTE
      ? (['s', SECOND] as const)
      : most <= 90 * MINUTE
        ? (['min', MINUTE] as const)
        : (['h', 60 * MINUTE] as const);
  return { from: least / ms, until: most / ms, unit };
}
