/** The map of a site: buildings one below the other, floors beside each other as they fit, a tile for each room. Pure. */
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { placeKey } from './arrange.ts';

/** Pixels at normal text size. */
export interface TileSize {
  width: number;
  height: number;
  /** Whether the name of the room fits into it. */
  named: boolean;
}

/** The largest with which the whole site can be seen is taken. */
const SIZES: readonly TileSize[] = [
  { width: 144, height: 28, named: true },
  { width: 104, height: 26, named: true },
  ...[32, 28, 26, 24, 22, 20, 18].map((side) => ({ width: side, height: side, named: false })),
];
const SMALLEST: TileSize = { width: 22, height: 22, named: false };

const GAP = 2;
const FLOOR_GAP = 14;
const ROW_GAP = 6;
const HEADING = 26;
/** Names of floors stand before their tiles: room for the longest, as far as that is sensible. */
const LABEL = { least: 24, most: 96, letter: 7.5, around: 10 } as const;
const MOST_COLUMNS = 8;

export interface Space {
  width: number;
  height: number;
  /** How much the text is enlarged: 1 = not. Everything grows with it. */
  zoom: number;
}

export interface Tile {
  row: RoomRow;
  x: number;
  y: number;
}

export interface MapFloor {
  key: string;
  floor: string;
  x: number;
  y: number;
  labelWidth: number;
  /** Place of its first tile among all tiles. */
  first: number;
  count: number;
}

/** What stands side by side; the unit in which a large map is drawn piece by piece. */
export type Band =
  | { type: 'heading'; building: string; count: number; y: number; height: number }
  | { type: 'floors'; floors: readonly MapFloor[]; y: number; height: number };

export interface MapLayout {
  bands: readonly Band[];
  /** In the order of reading. x and y from the upper left corner of the map, pixels. */
  tiles: readonly Tile[];
  tile: TileSize;
  height: number;
}

/** @param rooms in the order of the list */
export function layMap(rooms: readonly RoomRow[], space: Space): MapLayout {
  const buildings = byBuilding(rooms);
  const label = labelWidth(buildings);
  for (const size of SIZES) {
    for (let columns = MOST_COLUMNS; columns >= 1; columns--) {
      const grid = gridOf(scaled(size, space.zoom), { columns, label }, space);
      if (grid && heightOf(buildings, grid) <= space.height) return place(buildings, grid);
    }
  }
  // Too large to be seen at once: it scrolls, with the number of columns that needs the least height.
  const grids = Array.from({ length: MOST_COLUMNS }, (_, at) =>
    gridOf(scaled(SMALLEST, space.zoom), { columns: at + 1, label }, space),
  );
  const fitting = grids.flatMap((grid) => grid ?? []);
  const best = fitting.sort((a, b) => heightOf(buildings, a) - heightOf(buildings, b))[0];
  return place(buildings, best ?? narrowest(label, space));
}

interface Grid {
  tile: TileSize;
  columns: number;
  columnWidth: number;
  /** Tiles beside each other on one floor. */
  across: number;
  labelWidth: number;
  zoom: number;
}

/** null when a column would be too narrow for even three tiles. */
function gridOf(tile: TileSize, { columns, label }: { columns: number; label: number }, space: Space): Grid | null {
  const { width, zoom } = space;
  const columnWidth = Math.floor((width - (columns - 1) * FLOOR_GAP * zoom) / columns);
  const across = Math.floor((columnWidth - label * zoom + GAP) / (tile.width + GAP));
  return across < (columns === 1 ? 1 : 3)
    ? null
    : { tile, columns, columnWidth, across, labelWidth: label * zoom, zoom };
}

function narrowest(label: number, { width, zoom }: Space): Grid {
  return { tile: scaled(SMALLEST, zoom), columns: 1, columnWidth: width, across: 1, labelWidth: label * zoom, zoom };
}

function labelWidth(buildings: readonly Building[]): number {
  const longest = buildings.reduce((most, { floors }) => Math.max(most, ...floors.map(({ floor }) => floor.length)), 0);
  return Math.min(LABEL.most, Math.max(LABEL.least, longest * LABEL.letter + LABEL.around));
}

function scaled(size: TileSize, zoom: number): TileSize {
  return { ...size, width: Math.round(size.width * zoom), height: Math.round(size.height * zoom) };
}

interface Building {
  name: string;
  floors: { key: string; floor: string; rooms: RoomRow[] }[];
  count: number;
}

function byBuilding(rooms: readonly RoomRow[]): Building[] {
  return [...Map.groupBy(rooms, ({ building }) => building)].map(([name, members]) => ({
    name,
    count: members.length,
    floors: [...Map.groupBy(members, placeKey)].map(([key, on]) => ({ key, floor: on[0]?.floor ?? '', rooms: on })),
  }));
}

function heightOf(buildings: readonly Building[], grid: Grid): number {
  return buildings.reduce((sum, building) => {
    const rows = rowsOf(building, grid.columns).map((floors) => rowHeight(floors, grid));
    return sum + HEADING * grid.zoom + rows.reduce((all, height) => all + height, 0);
  }, 0);
}

function rowsOf({ floors }: Building, columns: number): Building['floors'][] {
  return Array.from({ length: Math.ceil(floors.length / columns) }, (_, at) =>
    floors.slice(at * columns, (at + 1) * columns),
  );
}

function rowHeight(floors: Building['floors'], { across, tile, zoom }: Grid): number {
  const lines = Math.max(...floors.map(({ rooms }) => Math.ceil(rooms.length / across)));
  return lines * (tile.height + GAP) - GAP + ROW_GAP * zoom;
}

function place(buildings: readonly Building[], grid: Grid): MapLayout {
  const bands: Band[] = [];
  const tiles: Tile[] = [];
  let y = 0;
  for (const building of buildings) {
    const heading = HEADING * grid.zoom;
    bands.push({ type: 'heading', building: building.name, count: building.count, y, height: heading });
    y += heading;
    for (const row of rowsOf(building, grid.columns)) {
      const height = rowHeight(row, grid);
      bands.push({ type: 'floors', floors: row.map((floor, column) => placeFloor(floor, column, y)), y, height });
      y += height;
    }
  }
  return { bands, tiles, tile: grid.tile, height: y };

  function placeFloor({ key, floor, rooms }: Building['floors'][number], column: number, top: number): MapFloor {
    const x = column * (grid.columnWidth + FLOOR_GAP * grid.zoom);
    const first = tiles.length;
    rooms.forEach((row, at) => {
      tiles.push({
        row,
        x: x + grid.labelWidth + (at % grid.across) * (grid.tile.width + GAP),
        y: top + Math.floor(at / grid.across) * (grid.tile.height + GAP),
      });
    });
    return { key, floor, x, y: top, labelWidth: grid.labelWidth, first, count: rooms.length };
  }
}

/** @returns the tile that a key leads to from this one; null = the key is none of the map's */
export function tileAfter(key: string, at: number, tiles: readonly Tile[]): number | null {
  const last = tiles.length - 1;
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, at + 1);
    case 'ArrowLeft':
      return Math.max(0, at - 1);
    case 'ArrowDown':
    case 'ArrowUp':
      return nearestLine(at, tiles, key === 'ArrowDown');
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** The tile that stands nearest below or above, in the next line of tiles that there is. */
function nearestLine(at: number, tiles: readonly Tile[], down: boolean): number {
  const from = tiles[at];
  if (!from) return at;
  let best: { at: number; y: number; aside: number } | null = null;
  tiles.forEach(({ x, y }, index) => {
    if (down ? y <= from.y : y >= from.y) return;
    const aside = Math.abs(x - from.x);
    const nearer = !best || (down ? y < best.y : y > best.y) || (y === best.y && aside < best.aside);
    if (nearer) best = { at: index, y, aside };
  });
  return (best as { at: number } | null)?.at ?? at;
}
