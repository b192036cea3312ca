import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { StateBadge } from '../../design/StateBadge.tsx';
import { count } from '../../i18n/format.ts';
import { URGENCY } from './order.ts';
import css from './RoomsMap.module.css';

/** Shapes, colours and words of the states, with how many rooms are in each. */
export function MapLegend({ rooms }: { rooms: readonly RoomRow[] }) {
  const { t } = useTranslation('rooms');
  const counts = useMemo(() => Map.groupBy(rooms, ({ state }) => state), [rooms]);
  return (
    <ul className={css.legend} aria-label={t('map.legend')}>
      {URGENCY.map((state) => (
        <li key={state} className={css.key}>
          <StateBadge state={state} />
          <span className={css.soft}>{count(counts.get(state)?.length ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}
