/** How the tiles of all rooms are laid out, and how the arrow keys move among them. Pure. */

export interface TileLayout {
  columns: number;
  rows: number;
  /** Side of a tile and the space around it, pixels. */
  size: number;
  gap: number;
}

export interface TileRoom {
  width: number;
  /** Height that the grid should not pass; with more tiles it scrolls. */
  height: number;
  /** How much the text is enlarged: 1 = not. Tiles grow with it. */
  zoom: number;
}

/** Sides of a tile, pixels at normal text size; the largest that fits is taken. */
const SIZES = [36, 32, 28, 24, 20, 18] as const;
const SMALLEST = 18;
const GAP = 2;

export function layTiles(count: number, { width, height, zoom }: TileRoom): TileLayout {
  const of = (side: number): TileLayout => {
    const size = Math.round(side * zoom);
    const columns = Math.max(1, Math.floor((width + GAP) / (size + GAP)));
    return { columns, rows: Math.ceil(count / columns), size, gap: GAP };
  };
  const layouts = SIZES.map(of);
  return layouts.find(({ rows, size }) => rows * (size + GAP) - GAP <= height) ?? of(SMALLEST);
}

export interface Jump {
  at: number;
  count: number;
  columns: number;
  /** Rows that are seen at once, for page up and down. */
  page: number;
}

/** @returns the tile that a key leads to, or null when the key is none of the grid's */
export function tileAfter(key: string, { at, count, columns, page }: Jump, ctrl = false): number | null {
  const last = count - 1;
  const inside = (to: number) => (to < 0 || to > last ? at : to);
  const rowStart = at - (at % columns);
  switch (key) {
    case 'ArrowRight':
      return inside(at + 1);
    case 'ArrowLeft':
      return inside(at - 1);
    case 'ArrowDown':
      return inside(at + columns);
    case 'ArrowUp':
      return inside(at - columns);
    case 'PageDown':
      return at + columns * page <= last
        ? at + columns * page
        : inside(at + columns * lastRowsBelow(at, last, columns));
    case 'PageUp':
      return at - columns * page >= 0 ? at - columns * page : at % columns;
    case 'Home':
      return ctrl ? 0 : rowStart;
    case 'End':
      return ctrl ? last : Math.min(last, rowStart + columns - 1);
    default:
      return null;
  }
}

/** How many rows further down the same column still has a tile. */
function lastRowsBelow(at: number, last: number, columns: number): number {
  return Math.floor((last - at) / columns);
}
