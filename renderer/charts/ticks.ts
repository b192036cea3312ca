/** Round places on an axis: where a reader of clocks and counts expects them. Pure. */
import { tickStep } from 'd3-array';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps that people count time in, milliseconds. */
const TIME_STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY),
];
const LONGEST_STEP = 28 * DAY;

/** @returns the smallest step of time that makes at most `most` parts of `span`, milliseconds */
function timeStep(span: number, most: number): number {
  const parts = Math.max(1, most);
  return TIME_STEPS.find((step) => span / step <= parts) ?? Math.ceil(span / parts / LONGEST_STEP) * LONGEST_STEP;
}

/** Ticks of a duration from 0 to `until`, milliseconds; 0 is always one of them. */
export function durationTicks(until: number, most: number): number[] {
  if (!(until > 0) || !Number.isFinite(until)) return [0];
  const step = timeStep(until, most);
  return Array.from({ length: Math.floor(until / step) + 1 }, (_, at) => at * step);
}

/** Ticks of a count from 0 up, whole numbers only; the last one reaches `highest` and is the top of the axis. */
export function countTicks(highest: number, most: number): number[] {
  const top = Number.isFinite(highest) ? Math.max(1, Math.ceil(highest)) : 1;
  const step = Math.max(1, tickStep(0, top, Math.max(1, most)));
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, at) => at * step);
}
