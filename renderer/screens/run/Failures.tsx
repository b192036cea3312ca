import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobKind } from '../../../main/contract/jobs.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { count } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import { useNavigate, useRoom, useRooms } from '../../state/hooks.ts';
import { agreedTo, TeamList, teamRooms } from '../results/TeamList.tsx';
import type { Cause, Failures as Found } from './causes.ts';
import css from './Failures.module.css';
import { type RoomWork, startWork, workOf } from './startWork.ts';

export interface FailuresProps {
  title: string;
  /** The work that failed. */
  kind: JobKind;
  /** It still goes on, so that nothing else can begin. */
  goesOn: boolean;
  failures: Found;
  onChoose(roomId: number): void;
}

/** Why rooms did not end well: one line for each cause, and one thing to do about it. */
export function Failures({ title, kind, goesOn, failures: { causes }, onChoose }: FailuresProps) {
  if (causes.length === 0) return null;
  return (
    <Card title={title} flush>
      <ul className={css.causes}>
        {causes.map((cause) => (
          <li key={cause.code} className={css.cause}>
            <CauseLine cause={cause} onChoose={onChoose} />
            <CauseButton kind={kind} goesOn={goesOn} cause={cause} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** More names than these are counted and not told: the tiles show them all. */
const MOST_NAMES = 4;

function CauseLine({
  cause: { code, rooms, without, words },
  onChoose,
}: {
  cause: Cause;
  onChoose(roomId: number): void;
}) {
  const { t } = useTranslation('run');
  const more = rooms.length - MOST_NAMES;
  return (
    <div className={css.text}>
      <p className={css.sentence}>
        <b className={css.count}>{count(rooms.length)}</b> {problemText({ code }).happened}
        {without.length > 0 && (
          <span className={css.without}>
            {' '}
            {t('failures.withoutOtj', { count: without.length, formatted: count(without.length) })}
          </span>
        )}
      </p>
      <div className={css.where}>
        <ul className={css.rooms}>
          {rooms.slice(0, MOST_NAMES).map((id) => (
            <RoomLink key={id} roomId={id} onChoose={onChoose} />
          ))}
          {more > 0 && <li>{t('failures.more', { count: more, formatted: count(more) })}</li>}
        </ul>
        {words && (
          <p className={css.words} dir="auto" title={words}>
            {words}
          </p>
        )}
      </div>
    </div>
  );
}

function RoomLink({ roomId, onChoose }: { roomId: number; onChoose(roomId: number): void }) {
  const name = useRoom(roomId)?.name ?? String(roomId);
  return (
    <li className={css.room}>
      <button type="button" className={css.link} onClick={() => onChoose(roomId)} title={name} dir="auto">
        {name}
      </button>
    </li>
  );
}

function CauseButton({ kind, goesOn, cause: { action, rooms } }: { kind: JobKind; goesOn: boolean; cause: Cause }) {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  const text = { count: rooms.length, formatted: count(rooms.length) };
  const [first = null] = rooms;
  switch (action) {
    case 'again':
    case 'prepare':
    case 'undo': {
      const work = action === 'again' ? workOf(kind) : action;
      return (
        <Button
          disabled={goesOn}
          title={goesOn ? t('failures.afterwards') : undefined}
          onClick={() => void startWork(work, rooms)}
        >
          {t(`failures.${action}`, text)}
        </Button>
      );
    }
    case 'taken':
      return <TakenButton work={workOf(kind)} goesOn={goesOn} rooms={rooms} />;
    case 'open':
      return <Button onClick={() => navigate('room', first)}>{t('failures.open', text)}</Button>;
    case 'login':
      // One room may have a login of its own; for several it is the site's.
      return (
        <Button onClick={() => (rooms.length === 1 ? navigate('room', first) : navigate('settings'))}>
          {t('failures.login')}
        </Button>
      );
    case 'infinity':
      return <Button onClick={() => navigate('settings')}>{t('failures.infinity')}</Button>;
    case 'match':
    case 'discover':
    case 'sync':
    case 'checks':
      return <Button onClick={() => navigate(action)}>{t(`failures.${action}`)}</Button>;
  }
}

/** Names who has these rooms: the press agrees to what stands here, and to nothing that comes later. */
function TakenButton({ work, goesOn, rooms }: { work: RoomWork; goesOn: boolean; rooms: readonly number[] }) {
  const { t } = useTranslation('run');
  const all = useRooms().rooms;
  const flagged = useMemo(() => teamRooms(all, rooms), [all, rooms]);
  return (
    <div>
      <TeamList rooms={flagged} className={css.rooms} />
      <Button disabled={goesOn} onClick={() => void startWork(work, rooms, agreedTo(flagged))}>
        {t('failures.taken', { count: rooms.length, formatted: count(rooms.length) })}
      </Button>
    </div>
  );
}
