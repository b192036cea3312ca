import { Ellipsis } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { call } from '../../bridge/bridge.ts';
import { Button, type ButtonProps } from '../../design/Button.tsx';
import { Menu } from '../../design/Menu.tsx';
import { useAction } from '../../design/useAction.ts';
import { useCommands, useShortcut } from '../../frame/shortcuts.ts';
import { jobWord } from '../../i18n/words.ts';
import { useRoute } from '../../state/hooks.ts';
import { navigate, useStore } from '../../state/store.ts';
import type { NextAction } from './nextAction.ts';
import css from './Room.module.css';
import type { Deeds } from './useDeeds.ts';
import { useDeviceTools, useRoomMenu } from './useRoomMenu.ts';
import { deedWord } from './words.ts';

export interface RoomActionsProps {
  room: RoomRow;
  detail: RoomDetail | null;
  action: NextAction;
  deeds: Deeds;
  /** The work of this site, and whether it is on this room. */
  job: Job | null;
  here: boolean;
  alone: boolean;
}

/** The one next thing to do, how to stop what goes on, and all the rest behind one button. */
export function RoomActions(props: RoomActionsProps) {
  const { room, detail, action, deeds, job, here, alone } = props;
  const { t } = useTranslation('room');
  const { primary, second } = action;
  // What was just started here is no other work, though it may be told of before its start is answered.
  const blocked = deeds.startingSince === null ? action.blocked : null;
  const busy = useBusy(props);
  const button = useRef<HTMLButtonElement>(null);
  const act = () => primary && deeds.perform(primary);
  const isMigrate = primary?.do === 'migrate' && blocked === null;
  // The table binds the same key for the row that has the focus.
  const inTable = useRoute().screen === 'rooms';
  useShortcut('m', t('deed.migrate'), act, { enabled: isMigrate && !inTable });
  useFocusOnArrival(button, room);
  useFocusAfterCheck(button, room, here && job?.kind === 'plan', isMigrate);
  const word = primary && blocked === null ? deedWord(primary, room) : null;
  const tools = useDeviceTools(room, deeds);
  const next = word === null ? [] : [{ id: 'next', label: word, run: act }];
  useCommands([...next, ...tools].map(({ id, label, run }) => ({ id: `room.${id}`, label, words: room.name, run })));

  return (
    <div className={css.actions}>
      <Button ref={button} look="primary" disabled={blocked !== null} busy={busy} onClick={act}>
        {primary ? deedWord(primary, room) : (busy?.what ?? '')}
      </Button>
      {here && job && <Stop job={job} />}
      {second && room.state !== 'needs attention' && !here && (
        <Button disabled={blocked !== null && second.do !== 'next'} onClick={() => deeds.perform(second)}>
          {deedWord(second, room)}
        </Button>
      )}
      <Menu
        align="end"
        trigger={
          <Button look="quiet" icon={Ellipsis}>
            {t('more')}
          </Button>
        }
        groups={useRoomMenu({ room, detail, action, deeds, alone, isBusy: job !== null })}
      />
      {blocked !== null && <Blocked blocked={blocked} job={job} />}
    </div>
  );
}

/** Who was brought here by a key goes on by Enter. */
function useFocusOnArrival(button: { readonly current: HTMLButtonElement | null }, room: RoomRow): void {
  const isArriving = useStore(({ arriving }) => arriving === room.id);
  useEffect(() => {
    if (!isArriving) return;
    useStore.setState({ arriving: null });
    // A screen that opens at the same time gives the keyboard to its heading first.
    requestAnimationFrame(() => button.current?.focus());
  }, [button, isArriving]);
}

/** After a check that found nothing wrong the way on is Migrate, and Enter is enough for it. */
function useFocusAfterCheck(
  button: { readonly current: HTMLButtonElement | null },
  room: RoomRow,
  isChecking: boolean,
  isMigrate: boolean,
): void {
  const checked = useRef<number | null>(null);
  useEffect(() => {
    if (isChecking) checked.current = room.id;
    else if (checked.current === room.id && isMigrate) {
      checked.current = null;
      button.current?.focus();
    }
  }, [button, isChecking, isMigrate, room.id]);
}

/** What the button waits for while nothing is to be pressed. It stays the same button, so that the focus stays on it. */
function useBusy({ room, action, deeds, job, here }: RoomActionsProps): NonNullable<ButtonProps['busy']> | null {
  const { t } = useTranslation('room');
  if (deeds.startingSince !== null) return { what: t('busy.starting'), since: deeds.startingSince };
  if (action.primary) return null;
  if (!here || !job) return { what: t('busy.elsewhere'), since: Date.parse(room.stateAt) };
  return { what: workWord(t, job), since: Date.parse(job.startedAt) };
}

function workWord(t: ReturnType<typeof useTranslation<'room'>>['t'], { kind }: Job): string {
  switch (kind) {
    case 'plan':
    case 'run':
    case 'undo':
    case 'prepare':
    case 'sync':
    case 'compare':
    case 'macros':
    case 'xapi':
    case 'record':
      return t(`busy.${kind}`);
    default:
      return jobWord(kind);
  }
}

function Stop({ job }: { job: Job }) {
  const { t } = useTranslation('room');
  const stopping = useAction();
  const isStopping = job.status === 'stopping' || stopping.since !== null;
  const isVisit = job.kind === 'run' || job.kind === 'undo';
  // A run of many rooms is stopped where all of them are seen.
  if (job.total > 1) return <Button onClick={() => navigate('run')}>{t('blocked.toRun')}</Button>;
  return (
    <Button disabled={isStopping} onClick={() => stopping.run(() => call('jobs.stop', { job: job.id, how: 'now' }))}>
      {isStopping ? t('stop.stopping') : isVisit ? t('stop.step') : t('stop.now')}
    </Button>
  );
}

function Blocked({ blocked, job }: { blocked: 'job' | 'elsewhere'; job: Job | null }) {
  const { t } = useTranslation('room');
  if (blocked === 'elsewhere' || !job) return <p className={css.blocked}>{t('blocked.elsewhere')}</p>;
  return (
    <p className={css.blocked}>
      {t('blocked.job', { what: jobWord(job.kind) })}{' '}
      <Button look="quiet" onClick={() => navigate('run')}>
        {t('blocked.toRun')}
      </Button>
    </p>
  );
}
