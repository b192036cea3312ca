import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { eachOf } from '../../../main/contract/agreed.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import type { ItemFlag, TeamFlag } from '../../../main/contract/team.ts';
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
  const taken = [{ roomId: room.id, team }];
  // An undo that was begun is finished: no run takes such a room.
  const begin = () =>
    room.undoUnfinished
      ? deeds.perform({ do: 'finishUndo', taken })
      : void deeds.start('jobs.run', { rooms: [room.id], insist: false, taken });
  const title = t(team.kind === 'taken' ? 'room.takenTitle' : 'room.elsewhereTitle');
  return (
    <section className={css.note} aria-label={title}>
      <p className={css.heading}>{title}</p>
      {eachOf(team).map((flag) => (
        <p key={JSON.stringify(flag)}>{itemText(flag, t)}</p>
      ))}
      {team.beside && <p>{t('room.double')}</p>}
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

function itemText(flag: ItemFlag, t: TFunction<'results'>): string {
  const by = flag.by.slice(0, 100) || t('flag.somebody');
  if (flag.kind === 'elsewhere') return t('room.elsewhere', { by, state: stateText(flag.state) });
  return t('room.taken', {
    by: flag.laptop ? t('team.on', { who: by, laptop: flag.laptop.slice(0, 100) }) : by,
    since: flag.since === null ? '–' : moment(flag.since),
    until: moment(flag.until),
  });
}
