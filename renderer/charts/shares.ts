/** How a bar is shared out among its parts. Pure. */

export interface Part<I extends string = string> {
  id: I;
  count: number;
}

export interface Share<I extends string = string> extends Part<I> {
  /** Pixels. */
  x: number;
  width: number;
}

/**
 * Parts side by side over the whole width, in the given order; empty ones are left out. The smallest part stays wide
 * enough to be seen: one room of ten thousand that needs somebody must not vanish.
 * @param least narrowest part, pixels
 */
export function sharesOf<I extends string>(parts: readonly Part<I>[], width: number, least: number): Share<I>[] {
  const there = parts.filter(({ count }) => count > 0);
  const room = Math.max(0, width);
  const floor = Math.min(least, room / Math.max(1, there.length));
  const widths = widthsOf(there, room, floor);
  let x = 0;
  return there.map((part, at) => {
    const share = { ...part, x, width: widths[at] ?? 0 };
    x += share.width;
    return share;
  });
}

/** Parts below the floor are raised to it; the others share what is left, which may put further ones below it. */
function widthsOf(parts: readonly Part[], room: number, floor: number): number[] {
  const raised = new Set<number>();
  for (;;) {
    const free = room - raised.size * floor;
    const total = parts.reduce((sum, { count }, at) => (raised.has(at) ? sum : sum + count), 0);
    const widths = parts.map(({ count }, at) => (raised.has(at) ? floor : (count / total) * free));
    const low = widths.findIndex((width, at) => !raised.has(at) && width < floor);
    if (low === -1) return widths;
    raised.add(low);
  }
}
