import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { isAgreed } from '../../../main/contract/agreed.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import type { TeamAgreed } from '../../../main/contract/team.ts';
import { Checkbox } from '../../design/Checkbox.tsx';
import { count } from '../../i18n/format.ts';
import css from './Results.module.css';
import { agreedTo, TeamList, teamRooms } from './TeamList.tsx';

export interface TeamRoomsProps {
  /** Rooms that a run would take. */
  ids: readonly number[];
  rooms: readonly RoomRow[];
  /** What was agreed to begin all the same. */
  agreed: readonly TeamAgreed[];
  onAgree(agreed: readonly TeamAgreed[]): void;
}

/**
 * What colleagues have to do with the rooms of a run, before it begins: each by name, because the tick holds for what stands
 * here and for nothing that comes later.
 */
export function TeamRooms({ ids, rooms, agreed, onAgree }: TeamRoomsProps) {
  const { t } = useTranslation('results');
  const flagged = useMemo(() => teamRooms(rooms, ids), [ids, rooms]);
  if (flagged.length === 0) return null;
  const isTicked = flagged.every(({ roomId, team }) => isAgreed(agreed, roomId, team));
  const many = (kind: RoomKind) => {
    const value = flagged.filter(({ team }) => team.kind === kind).length;
    return { count: value, formatted: count(value) };
  };
  const kinds = (['taken', 'elsewhere'] as const).filter((kind) => many(kind).count > 0);
  return (
    <section aria-label={t('run.title')}>
      <h3>{t('run.title')}</h3>
      {!isTicked && kinds.map((kind) => <p key={kind}>{t(`run.${kind}`, many(kind))}</p>)}
      <TeamList rooms={flagged} className={css.list} />
      <Checkbox
        checked={isTicked}
        onChange={(tick) => onAgree(tick ? agreedTo(flagged) : [])}
        label={t('run.insist')}
        hint={t('run.insistHint')}
      />
    </section>
  );
}

type RoomKind = TeamAgreed['team']['kind'];
