import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../design/classes.ts';
import { StateGlyph } from '../../design/StateBadge.tsx';
import { count } from '../../i18n/format.ts';
import { stateWord } from '../../i18n/words.ts';
import type { Band, MapFloor, Tile, TileSize } from './mapLayout.ts';
import css from './RoomsMap.module.css';

interface BandProps {
  band: Band;
  tiles: readonly Tile[];
  size: TileSize;
  /** The one tile that Tab leads to. */
  focusable: number;
}

/** The name of a building, or floors beside each other. */
export const MapBand = memo(function MapBand({ band, tiles, size, focusable }: BandProps) {
  const { t } = useTranslation('rooms');
  if (band.type === 'heading') {
    return (
      <div className={css.heading} style={{ top: band.y, height: band.height }}>
        <h2 className={css.building} dir="auto" title={band.building}>
          {band.building || t('unnamedBuilding')}
        </h2>
        <span className={css.soft}>{t('count', { count: band.count, formatted: count(band.count) })}</span>
      </div>
    );
  }
  return band.floors.map((floor) => (
    <Floor key={floor.key} floor={floor} tiles={tiles} size={size} focusable={focusable} />
  ));
});

interface FloorProps extends Omit<BandProps, 'band'> {
  floor: MapFloor;
}

function Floor({ floor: { floor, x, y, labelWidth, first, count: many }, tiles, size, focusable }: FloorProps) {
  const { t } = useTranslation('rooms');
  const on = tiles.slice(first, first + many);
  const building = on[0]?.row.building || t('unnamedBuilding');
  const name = floor || t('unnamedFloor');
  return (
    <fieldset className={css.group} aria-label={t('map.floor', { building, floor: name })}>
      <div
        className={css.floor}
        style={{ left: x, top: y, width: labelWidth, height: size.height }}
        title={name}
        dir="auto"
        aria-hidden="true"
      >
        <span className={css.clip}>{floor || '–'}</span>
      </div>
      {on.map(({ row, x: left, y: top }, at) => (
        <button
          key={row.id}
          type="button"
          className={classes(css.tile, size.named && css.named)}
          tabIndex={first + at === focusable ? 0 : -1}
          data-tile={first + at}
          data-room={row.id}
          data-state={row.state}
          aria-label={t('map.tile', { name: row.name, state: stateWord(row.state) })}
          style={{ left, top, width: size.width, height: size.height }}
        >
          <StateGlyph state={row.state} size={Math.round(Math.min(size.height, 28) * 0.55)} />
          {size.named && (
            <span className={css.clip} dir="auto">
              {row.name}
            </span>
          )}
        </button>
      ))}
    </fieldset>
  );
}
