import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePaper } from '../../charts/usePaper.ts';
import { Card } from '../../design/Card.tsx';
import { count } from '../../i18n/format.ts';
import { stateWord, stepTitle } from '../../i18n/words.ts';
import type { Tile } from './follow.ts';
import { RoomTile } from './RoomTile.tsx';
import css from './RoomTiles.module.css';
import { TileLegend } from './TileLegend.tsx';
import { layTiles, tileAfter } from './tiles.ts';
import { useWindowHeight } from './useWindowHeight.ts';

export interface RoomTilesProps {
  tiles: readonly Tile[];
  /** The room whose details are open. */
  chosen: number | null;
  onChoose(roomId: number): void;
}

/** Share of the window's height that the tiles may take before they scroll. */
const SHARE = 0.36;
/** Of tables the lint allows no role at all; but arrow keys move among the cells of this one. */
const GRID = 'grid';
/** Share of a tile's side. */
const GLYPH = 0.6;
/** Size of the text that tile sizes were chosen for, pixels. */
const USUAL_EM = 13;

/** All rooms of a job, one tile each. One tab stop; arrows, Home, End and the page keys move inside. */
export function RoomTiles({ tiles, chosen, onChoose }: RoomTilesProps) {
  const { t } = useTranslation('run');
  const [place, paper] = usePaper<HTMLDivElement>();
  const scroll = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const [read, setRead] = useState<number | null>(null);
  const wantsFocus = useRef(false);
  const windowHeight = useWindowHeight();
  const height = windowHeight * SHARE;
  const zoom = (paper?.em ?? USUAL_EM) / USUAL_EM;
  const { columns, rows, size, gap } = layTiles(tiles.length, {
    width: paper?.width ?? 0,
    height,
    zoom,
  });
  const active = Math.min(at, tiles.length - 1);
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroll.current,
    estimateSize: () => size + gap,
    overscan: 3,
  });
  useEffect(() => {
    if (size > 0) virtual.measure();
  }, [virtual, size]);
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / (size + gap)) - 1);
    const to = tileAfter(event.key, { at: active, count: tiles.length, columns, page }, event.ctrlKey || event.metaKey);
    if (to === null) return;
    event.preventDefault();
    wantsFocus.current = true;
    setAt(to);
    virtual.scrollToIndex(Math.floor(to / columns));
  };
  const choose = useCallback(
    (index: number, roomId: number) => {
      setAt(index);
      onChoose(roomId);
    },
    [onChoose],
  );
  const hear = useCallback((index: number | null) => setRead(index), []);
  return (
    <Card title={t('tiles.title')}>
      <div ref={place} className={css.place}>
        <div ref={scroll} className={css.scroll} style={{ height: Math.min(height, rows * (size + gap)) }}>
          <table
            role={GRID}
            className={css.all}
            style={{ height: virtual.getTotalSize() }}
            aria-label={t('tiles.name', {
              formatted: count(tiles.length),
              count: tiles.length,
            })}
            aria-rowcount={rows}
            aria-colcount={columns}
            onKeyDown={press}
          >
            <tbody className={css.rows}>
              {paper &&
                virtual.getVirtualItems().map(({ index: row, start }) => (
                  <tr key={row} className={css.row} aria-rowindex={row + 1} style={{ top: start, gap }}>
                    {tiles.slice(row * columns, (row + 1) * columns).map((tile, column) => {
                      const index = row * columns + column;
                      return (
                        <RoomTile
                          key={tile.roomId}
                          index={index}
                          column={column + 1}
                          roomId={tile.roomId}
                          name={tile.name}
                          state={tile.state}
                          status={tile.status}
                          step={tile.step ? stepTitle(tile.step.step, tile.step.title) : null}
                          size={size}
                          glyph={Math.round((size / zoom) * GLYPH)}
                          isActive={index === active}
                          isChosen={tile.roomId === chosen}
                          wantsFocus={wantsFocus}
                          onChoose={choose}
                          onRead={hear}
                        />
                      );
                    })}
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      </div>
      <div className={css.foot}>
        <Reading tile={read === null ? null : (tiles[read] ?? null)} />
        <TileLegend tiles={tiles} />
      </div>
    </Card>
  );
}

/** What the tile under the pointer or the focus says; its place is kept, so that nothing jumps. */
function Reading({ tile }: { tile: Tile | null }) {
  const { t } = useTranslation('run');
  return (
    <p className={css.reading} aria-hidden="true">
      {tile ? (
        <>
          <b dir="auto">{tile.name}</b>
          <span>{t(`tiles.status.${tile.status}`)}</span>
          <span>{stateWord(tile.state)}</span>
          {tile.step && <span>{stepTitle(tile.step.step, tile.step.title)}</span>}
        </>
      ) : (
        <span>{t('tiles.hint')}</span>
      )}
    </p>
  );
}
