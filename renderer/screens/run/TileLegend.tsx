import { useTranslation } from 'react-i18next';
import { StateGlyph } from '../../design/StateBadge.tsx';
import { count } from '../../i18n/format.ts';
import { STATES, stateWord } from '../../i18n/words.ts';
import type { Tile } from './follow.ts';
import css from './RoomTiles.module.css';

/** What the shapes mean, and how many there are of each. */
export function TileLegend({ tiles }: { tiles: readonly Tile[] }) {
  const { t } = useTranslation('run');
  const there = STATES.map((state) => ({
    state,
    rooms: tiles.filter((tile) => tile.state === state).length,
  })).filter(({ rooms }) => rooms > 0);
  return (
    <ul className={css.legend} aria-label={t('tiles.legend')}>
      {there.map(({ state, rooms }) => (
        <li key={state} className={css.entry}>
          <StateGlyph state={state} />
          <b>{count(rooms)}</b>
          <span>{stateWord(state)}</span>
        </li>
      ))}
    </ul>
  );
}
