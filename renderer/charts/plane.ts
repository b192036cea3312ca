/** Where the lines of a chart over time lie, in pixels. Pure: what is drawn and what is tested is the same. */
import { scaleLinear, scaleTime } from 'd3-scale';
import { area, curveLinear, curveStepAfter, line } from 'd3-shape';
import { countTicks, durationTicks } from './ticks.ts';

/** `x` is milliseconds: since the work began, or since 1970. */
export interface Dot {
  x: number;
  y: number;
}

export interface Series {
  id: string;
  /** Oldest first. */
  dots: readonly Dot[];
  /** `steps`: the count stays as it is until the next dot. */
  shape: 'line' | 'steps';
  /** Whether the ground below the line is filled. */
  filled: boolean;
}

/** Pixels. `em` is the size of the text, so that axes keep room for it when it is enlarged. */
export interface Paper {
  width: number;
  height: number;
  em: number;
}

export interface Tick {
  at: number;
  value: number;
}

export interface Plane {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: Tick[];
  y: Tick[];
  /** SVG paths by series; `ground` is empty where the series is not filled. */
  paths: { id: string; path: string; ground: string; end: { x: number; y: number } | null }[];
  /** Height of a given count. */
  heightOf(count: number): number;
}

export interface Axes {
  /** `duration`: milliseconds from 0. `moment`: milliseconds since 1970, ticks at round local times. */
  x: 'duration' | 'moment';
  /** The highest count there can be, where it is known. */
  most?: number;
}

/** Widest labels: `2 min 30 s` below, `10,000` at the left; in sizes of the text. */
const LABEL_ROOM = { x: 6, left: 4.2, below: 2.2, above: 0.9, right: 1.5 };

/** A chart that is narrower than its own axes is laid out as if it just had room. */
export function planeOf(series: readonly Series[], paper: Paper, axes: Axes): Plane {
  const { em } = paper;
  const left = em * LABEL_ROOM.left;
  const right = Math.max(left + em, paper.width - em * LABEL_ROOM.right);
  const top = em * LABEL_ROOM.above;
  const bottom = Math.max(top + em, paper.height - em * LABEL_ROOM.below);
  const dots = series.flatMap((one) => one.dots);
  const rows = Math.max(1, Math.floor((bottom - top) / (em * 2.4)));
  const columns = Math.max(1, Math.floor((right - left) / (em * LABEL_ROOM.x)));
  const counts = countTicks(highest(dots, axes.most ?? 0), rows);
  const y = scaleLinear([0, counts.at(-1) ?? 1], [bottom, top]);
  const { place, ticks } = xOf(dots, axes.x, { left, right, columns });
  return {
    left,
    right,
    top,
    bottom,
    x: ticks.map((value) => ({ value, at: place(value) })),
    y: counts.map((value) => ({ value, at: y(value) })),
    paths: series.map((one) => ({ id: one.id, ...pathOf(one, { place, y, bottom }) })),
    heightOf: (count) => y(count),
  };
}

function highest(dots: readonly Dot[], known: number): number {
  return dots.reduce((most, { y }) => Math.max(most, y), known);
}

type Place = (value: number) => number;

function xOf(
  dots: readonly Dot[],
  kind: Axes['x'],
  { left, right, columns }: { left: number; right: number; columns: number },
): { place: Place; ticks: number[] } {
  const last = dots.reduce((most, { x }) => Math.max(most, x), 0);
  if (kind === 'duration') {
    const until = Math.max(1000, last);
    const scale = scaleLinear([0, until], [left, right]);
    return { place: (value) => scale(value), ticks: durationTicks(until, columns) };
  }
  const first = dots.reduce((least, { x }) => Math.min(least, x), last);
  // One moment alone still needs some time around it to stand in.
  const around = last - first < 1000 ? 30_000 : 0;
  const scale = scaleTime([new Date(first - around), new Date(last + around)], [left, right]);
  return { place: (value) => scale(value), ticks: scale.ticks(columns).map((date) => date.getTime()) };
}

function pathOf(
  { dots, shape, filled }: Series,
  { place, y, bottom }: { place: Place; y: Place; bottom: number },
): { path: string; ground: string; end: { x: number; y: number } | null } {
  const curve = shape === 'steps' ? curveStepAfter : curveLinear;
  const x = (dot: Dot) => place(dot.x);
  const top = (dot: Dot) => y(dot.y);
  const drawn = line<Dot>(x, top).curve(curve).digits(1)([...dots]);
  const ground = filled ? area<Dot>(x, bottom, top).curve(curve).digits(1)([...dots]) : null;
  const last = dots.at(-1);
  return { path: drawn ?? '', ground: ground ?? '', end: last ? { x: x(last), y: top(last) } : null };
}
