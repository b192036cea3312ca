/** From what was measured to single figures. Pure. */
import type { Frames } from './browser.ts';

/** @param part 0 to 1; NaN when nothing was measured */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function gapsOf({ times }: Frames): number[] {
  return times.slice(1).map((time, at) => time - (times[at] ?? time));
}

/** The usual time between two frames, milliseconds. */
export function intervalOf(frames: Frames): number {
  return median(gapsOf(frames));
}

/** The share of frames that should have come and did not: a gap of more than one and a half intervals lacks some. */
export function droppedShare(frames: Frames, interval: number): number {
  const gaps = gapsOf(frames);
  const dropped = gaps.filter((gap) => gap > 1.5 * interval).map((gap) => Math.round(gap / interval) - 1);
  return sum(dropped) / (gaps.length + sum(dropped));
}

export function longestGap(frames: Frames): number {
  return Math.max(...gapsOf(frames));
}

/** Main thread: what each long task kept it longer than the 50 ms after which a person notices. */
export function blocked(longTasks: readonly number[]): number {
  return sum(longTasks.map((ms) => ms - 50));
}
