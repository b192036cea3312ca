import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { Checkbox } from '../../design/Checkbox.tsx';
import { count } from '../../i18n/format.ts';
import css from './Results.module.css';

export interface TeamRoomsProps {
  /** Rooms that a run would take. */
  ids: readonly number[];
  rooms: readonly RoomRow[];
  /** Also those that somebody else has in work. */
  insist: boolean;
  onInsist(insist: boolean): void;
}

/** What colleagues have to do with the rooms of a run, before it begins. */
export function TeamRooms({ ids, rooms, insist, onInsist }: TeamRoomsProps) {
  const { t } = useTranslation('results');
  const { taken, elsewhere } = useMemo(() => {
    const meant = new Set(ids);
    const flags = rooms.flatMap(({ id, team }) => (team && meant.has(id) ? [team.kind] : []));
    const many = (kind: (typeof flags)[number]) => flags.filter((one) => one === kind).length;
    return { taken: many('taken'), elsewhere: many('elsewhere') };
  }, [ids, rooms]);
  if (taken + elsewhere === 0) return null;
  const amount = (value: number) => ({ count: value, formatted: count(value) });
  return (
    <section aria-label={t('run.title')}>
      <h3>{t('run.title')}</h3>
      <ul className={css.list}>
        {taken > 0 && !insist && <li>{t('run.taken', amount(taken))}</li>}
        {elsewhere > 0 && <li>{t('run.elsewhere', amount(elsewhere))}</li>}
      </ul>
      {taken > 0 && (
        <Checkbox checked={insist} onChange={onInsist} label={t('run.insist')} hint={t('run.insistHint')} />
      )}
    </section>
  );
}
