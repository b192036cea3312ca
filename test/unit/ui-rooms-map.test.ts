import { describe, expect, it } from 'vitest';
import { layMap, type MapLayout, tileAfter } from '../../renderer/screens/rooms/mapLayout.ts';
import { makeRoom } from '../support/roomRow.ts';

/** What is left for the map in a window of 1280 × 720. */
const LAPTOP = { width: 1060, height: 540, zoom: 1 };

function estate(rooms: number, { floors = 10, buildings = 1 } = {}) {
  return Array.from({ length: rooms }, (_, at) =>
    makeRoom({
      id: at + 1,
      building: `Building ${Math.floor((at * buildings) / rooms)}`,
      floor: String(Math.floor((at * floors * buildings) / rooms) % floors),
    }),
  );
}

function overlaps({ tiles, tile }: MapLayout): number {
  const cells = new Set(tiles.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`));
  const tooFar = tiles.filter(({ x }) => x < 0 || x + tile.width > LAPTOP.width);
  return tiles.length - cells.size + tooFar.length;
}

describe('the map', () => {
  it('shows 500 rooms on a laptop, few floors or many, in one building or in five', () => {
    for (const shape of [{ floors: 4 }, { floors: 40 }, { floors: 10, buildings: 5 }]) {
      const layout = layMap(estate(500, shape), LAPTOP);
      expect(layout.tiles).toHaveLength(500);
      expect(layout.height).toBeLessThanOrEqual(LAPTOP.height);
      expect(layout.tile.height).toBeGreaterThanOrEqual(18);
      expect(overlaps(layout)).toBe(0);
    }
  });

  it('names the rooms of a small site', () => {
    expect(layMap(estate(24, { floors: 3 }), LAPTOP).tile.named).toBe(true);
  });

  it('scrolls when the site is larger, and never becomes wider', () => {
    const layout = layMap(estate(10_000, { floors: 20, buildings: 20 }), LAPTOP);
    expect(layout.tiles).toHaveLength(10_000);
    expect(layout.height).toBeGreaterThan(LAPTOP.height);
    expect(overlaps(layout)).toBe(0);
  });

  it('has a place for each room however narrow it gets', () => {
    expect(layMap(estate(12), { width: 60, height: 100, zoom: 2 }).tiles).toHaveLength(12);
    expect(layMap([], LAPTOP).height).toBe(0);
  });

  it('has bands without gaps, so that it can be drawn piece by piece', () => {
    const { bands, height } = layMap(estate(100, { floors: 7, buildings: 2 }), LAPTOP);
    let y = 0;
    for (const band of bands) {
      expect(band.y).toBe(y);
      y += band.height;
    }
    expect(y).toBe(height);
  });
});

describe('keys on the map', () => {
  const { tiles } = layMap(estate(200, { floors: 5 }), LAPTOP);

  it('go along the rooms and stop at the ends', () => {
    expect([tileAfter('ArrowRight', 0, tiles), tileAfter('ArrowLeft', 0, tiles)]).toEqual([1, 0]);
    expect([tileAfter('End', 3, tiles), tileAfter('Home', 3, tiles)]).toEqual([199, 0]);
    expect(tileAfter('ArrowRight', 199, tiles)).toBe(199);
    expect(tileAfter('x', 0, tiles)).toBeNull();
  });

  it('go down to what stands below, and back up', () => {
    const below = tileAfter('ArrowDown', 2, tiles) ?? -1;
    expect(tiles[below]?.y).toBeGreaterThan(tiles[2]?.y ?? 0);
    expect(tiles[below]?.x).toBe(tiles[2]?.x);
    expect(tileAfter('ArrowUp', below, tiles)).toBe(2);
    expect(tileAfter('ArrowUp', 0, tiles)).toBe(0);
  });
});
