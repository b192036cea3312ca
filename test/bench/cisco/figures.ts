/** What is left of many measurements when other work disturbs some of them. */

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}

/** How much `y` grows with each unit of `x`: the line that is nearest to all points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [middleX, middleY] = [mean(([x]) => x), mean(([, y]) => y)];
  const shared = mean(([x, y]) => (x - middleX) * (y - middleY));
  return shared / mean(([x]) => (x - middleX) ** 2);
}

/** How long some work takes, milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/**
 * When the last visit is done if so many go on at once and each that ends makes room for the next, milliseconds. Their sum
 * over their number is less: no visit can be shared by those that have nothing left to do.
 */
export function lastDone(visits: readonly number[], atOnce: number): number {
  const places = new Array<number>(atOnce).fill(0);
  for (const visit of visits) {
    const free = places.indexOf(Math.min(...places));
    places[free] = (places[free] ?? 0) + visit;
  }
  return Math.max(...places);
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
