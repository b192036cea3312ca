import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { navigate } from '../../state/store.ts';
import { roomKey } from './arrange.ts';
import { MapBand } from './MapBand.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapName } from './MapName.tsx';
import { layMap, tileAfter } from './mapLayout.ts';
import css from './RoomsMap.module.css';
import { useBoxSize } from './useBoxSize.ts';
import { useZoom } from './useRem.ts';
import { look, useView } from './viewStore.ts';

/** Pixels beyond what is seen that are drawn as well, in bands. */
const BANDS_BEYOND = 6;

/** All rooms by building and floor, each a tile with the shape and colour of its state. */
export function RoomsMap({ rooms }: { rooms: readonly RoomRow[] }) {
  const { t } = useTranslation('rooms');
  const box = useRef<HTMLDivElement>(null);
  const size = useBoxSize(box);
  const zoom = useZoom();
  const layout = useMemo(() => layMap(rooms, { ...size, zoom }), [rooms, size, zoom]);
  const { bands, tiles, tile } = layout;
  const active = useView((view) => view.active);
  const found = tiles.findIndex(({ row }) => roomKey(row.id) === active);
  const at = Math.max(0, found);
  const [named, setNamed] = useState<number | null>(null);

  // A new function makes the virtualizer count anew: only when the bands are other ones.
  const getItemKey = useMemo(() => (index: number) => bands[index]?.y ?? index, [bands]);
  const virtual = useVirtualizer({
    count: bands.length,
    getItemKey,
    getScrollElement: () => box.current,
    estimateSize: (index) => bands[index]?.height ?? 0,
    overscan: BANDS_BEYOND,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan);
      const to = Math.min(count - 1, endIndex + overscan);
      const drawn = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
      const own = bandOf(at);
      return own < 0 || drawn.includes(own) ? drawn : [...drawn, own].sort((a, b) => a - b);
    },
  });
  const follow = useRef(false);
  useLayoutEffect(() => {
    if (!follow.current) return;
    follow.current = false;
    box.current?.querySelector<HTMLElement>(`[data-tile="${at}"]`)?.focus({ preventScroll: true });
  });

  function bandOf(which: number): number {
    return bands.findIndex(
      (band) =>
        band.type === 'floors' && band.floors.some(({ first, count }) => which >= first && which < first + count),
    );
  }
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && named !== null) {
      event.preventDefault();
      setNamed(null);
      return;
    }
    const to = tileAfter(event.key, at, tiles);
    const row = to === null ? null : tiles[to]?.row;
    if (to === null || !row) return;
    event.preventDefault();
    follow.current = true;
    look({ active: roomKey(row.id) });
    virtual.scrollToIndex(bandOf(to));
  };
  const shownTile = named === null ? null : (tiles[named] ?? null);
  return (
    <div className={css.frame}>
      <section
        ref={box}
        className={css.box}
        aria-label={t('map.label')}
        onKeyDown={press}
        onPointerOver={(event) => setNamed(tileOf(event.target))}
        onPointerLeave={() => setNamed(null)}
        onFocus={(event) => setNamed(tileOf(event.target))}
        onBlur={() => setNamed(null)}
        onClick={(event) => {
          const row = tiles[tileOf(event.target) ?? -1]?.row;
          if (!row) return;
          look({ active: roomKey(row.id) });
          navigate('room', row.id);
        }}
      >
        <div className={css.ground} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index }) => {
            const band = bands[index];
            return band && <MapBand key={index} band={band} tiles={tiles} size={tile} focusable={at} />;
          })}
          {shownTile && <MapName tile={shownTile} size={tile} width={size.width} />}
        </div>
      </section>
      <MapLegend rooms={rooms} />
    </div>
  );
}

function tileOf(target: EventTarget): number | null {
  const tile = target instanceof Element ? target.closest<HTMLElement>('[data-tile]') : null;
  return tile?.dataset.tile === undefined ? null : Number(tile.dataset.tile);
}
