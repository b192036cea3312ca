import { useTranslation } from 'react-i18next';
import { StateBadge } from '../../design/StateBadge.tsx';
import { familyWord, problemText } from '../../i18n/words.ts';
import { placeName } from './groupName.ts';
import type { Tile, TileSize } from './mapLayout.ts';
import css from './RoomsMap.module.css';

/** What a tile stands for, beside it while the pointer or the keyboard is on it. The tile's own name says it by ear. */
export function MapName({ tile: { row, x, y }, size, width }: { tile: Tile; size: TileSize; width: number }) {
  const { t } = useTranslation('rooms');
  const { name, model, family, address, state, code } = row;
  const device = model ?? (family === null ? t('table.noDevice') : familyWord(family));
  const right = x > width / 2;
  return (
    <div
      className={css.label}
      aria-hidden="true"
      style={{ top: y + size.height + 4, ...(right ? { right: width - x - size.width } : { left: x }) }}
    >
      <div className={css.labelHead}>
        <strong className={css.clip} dir="auto">
          {name}
        </strong>
        <StateBadge state={state} />
      </div>
      <div className={css.soft} dir="auto">
        {[placeName(row, false), device, address].filter(Boolean).join(' · ')}
      </div>
      {code !== null && state === 'needs attention' && <div>{problemText({ code }).happened}</div>}
    </div>
  );
}
