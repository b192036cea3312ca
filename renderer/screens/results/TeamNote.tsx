import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import type { TeamFlag } from '../../../main/contract/team.ts';
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

/** States with work to begin or to carry on. */
const OPEN: ReadonlySet<RoomRow['state']> = new Set(['not started', 'ready', 'in progress', 'needs attention']);

/** Somebody else works on this room, or has worked on it: told before anybody begins. */
export function TeamNote({ room, team, action: { primary, blocked }, deeds }: TeamNoteProps) {
  const { t } = useTranslation('results');
  const name = team.by.slice(0, 100) || t('flag.somebody');
  const isTaken = team.kind === 'taken';
  const taken = [{ roomId: room.id, team }];
  // An undo that was begun is finished: no run takes such a room.
  const begin = () =>
    room.undoUnfinished
      ? deeds.perform({ do: 'finishUndo', taken })
      : void deeds.start('jobs.run', { rooms: [room.id], insist: false, taken });
  const title = t(isTaken ? 'room.takenTitle' : 'room.elsewhereTitle');
  return (
    <section className={css.note} aria-label={title}>
      <p className={css.heading}>{title}</p>
      <p>
        {isTaken
          ? t('room.taken', {
              by: team.laptop ? t('team.on', { who: name, laptop: team.laptop.slice(0, 100) }) : name,
              since: team.since === null ? '–' : moment(team.since),
              until: moment(team.until),
            })
          : t('room.elsewhere', { by: name, state: stateText(team.state) })}
      </p>
      {primary !== null && OPEN.has(room.state) && (
        <div className={css.line}>
          <Button disabled={blocked !== null || room.address === null} onClick={begin}>
            {t(room.undoUnfinished ? 'room.insistUndo' : 'room.insist')}
          </Button>
        </div>
      )}
    </section>
  );
}
