/** Numbers of the report screen that are drawn. Pure. */
import type { Dot } from '../../charts/plane.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The same ranges as in the hand-over report: within the visit, a coffee, a morning, a day and more. Milliseconds. */
export const WITHOUT_EDGES: readonly number[] = [
  2_000,
  5_000,
  15_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  4 * HOUR,
  24 * HOUR,
];

/** How many were finished by each moment. @param finished ISO 8601, in any order; what is no time is left out */
export function finishedCourse(finished: readonly string[]): Dot[] {
  const moments = finished
    .map((iso) => Date.parse(iso))
    .filter((at) => Number.isFinite(at))
    .sort((a, b) => a - b);
  return moments.map((x, at) => ({ x, y: at + 1 }));
}

/** One number in one unit, so that both ends of a range can share it. */
export interface RangeWords {
  kind: 'upTo' | 'between' | 'over';
  from: number;
  until: number;
  unit: 's' | 'min' | 'h';
}

/** @param from milliseconds  @param until milliseconds or Infinity */
export function rangeOf(from: number, until: number): RangeWords {
  const largest = Number.isFinite(until) ? until : from;
  const [unit, ms] =
    largest > HOUR ? (['h', HOUR] as const) : largest > MINUTE ? (['min', MINUTE] as const) : (['s', 1000] as const);
  const kind = from <= 0 ? 'upTo' : Number.isFinite(until) ? 'between' : 'over';
  return { kind, from: from / ms, until: until / ms, unit };
}
