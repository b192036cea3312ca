import { useTranslation } from 'react-i18next';
import type { RoomRow, TeamFlag } from '../../../main/contract/rooms.ts';
import { Button } from '../../design/Button.tsx';
import { moment } from '../../i18n/format.ts';
import type { NextAction } from '../room/nextAction.ts';
import type { Deeds } from '../room/useDeeds.ts';
import css from './Results.module.css';
import { stateText } from './stateText.ts';

export interface TeamNoteProps {
  room: RoomRow;
  team: TeamFlag;
  action: NextAction;
  deeds: Deeds;
}

/** Somebody else works on this room, or has worked on it: told before anybody begins. */
export function TeamNote({ room, team, action: { blocked }, deeds }: TeamNoteProps) {
  const { t } = useTranslation('results');
  const name = team.by.slice(0, 100) || t('flag.somebody');
  if (team.kind === 'elsewhere')
    return (
      <section className={css.note} aria-label={t('room.elsewhereTitle')}>
        <p className={css.heading}>{t('room.elsewhereTitle')}</p>
        <p>{t('room.elsewhere', { by: name, state: stateText(team.state) })}</p>
      </section>
    );
  const by = team.laptop ? t('team.on', { who: name, laptop: team.laptop.slice(0, 100) }) : name;
  const since = team.since === null ? '–' : moment(team.since);
  return (
    <section className={css.note} aria-label={t('room.takenTitle')}>
      <p className={css.heading}>{t('room.takenTitle')}</p>
      <p>{t('room.taken', { by, since, until: moment(team.until) })}</p>
      {(room.state === 'not started' || room.state === 'ready' || room.state === 'needs attention') && (
        <div className={css.line}>
          <Button
            disabled={blocked !== null || room.address === null}
            onClick={() => void deeds.start('jobs.run', { rooms: [room.id], insist: false, taken: true })}
          >
            {t('room.insist')}
          </Button>
        </div>
      )}
    </section>
  );
}
