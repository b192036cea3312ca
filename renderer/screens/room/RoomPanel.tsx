import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { Button } from '../../design/Button.tsx';
import { classes } from '../../design/classes.ts';
import { EmptyState } from '../../design/EmptyState.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Tabs } from '../../design/Tabs.tsx';
import { type Answer, useLiveVisit, useReach, useRoom, useRooms, useRunningJob, useSite } from '../../state/hooks.ts';
import { navigate } from '../../state/store.ts';
import { DeviceTab } from './DeviceTab.tsx';
import { EvidenceTab } from './EvidenceTab.tsx';
import { isLoginNewer } from './logins.ts';
import { nextAction } from './nextAction.ts';
import { useOwnRunningJob } from './ownJobs.ts';
import { PlanTab } from './PlanTab.tsx';
import css from './Room.module.css';
import { RoomActions } from './RoomActions.tsx';
import { RoomDialogs } from './RoomDialogs.tsx';
import { RoomHead } from './RoomHead.tsx';
import { RoomNow } from './RoomNow.tsx';
import { StepsTab } from './StepsTab.tsx';
import { Alone } from './Title.tsx';
import { useDeeds } from './useDeeds.ts';
import { useRoomDetail } from './useRoomDetail.ts';

export interface RoomPanelProps {
  roomId: number;
  /** It is the whole screen, whose heading names the room already. */
  alone?: boolean;
}

/** One room: what it is, the one next thing to do, what will change, what was done, and the evidence. */
export function RoomPanel({ roomId, alone = false }: RoomPanelProps) {
  const { t } = useTranslation('room');
  const room = useRoom(roomId);
  const { loaded } = useRooms();
  const answer = useRoomDetail(roomId);
  if (room)
    return (
      <Alone value={alone}>
        <Panel room={room} answer={answer} alone={alone} />
      </Alone>
    );
  if (!loaded) return null;
  return <EmptyState text={t('gone')} action={<Button onClick={() => navigate('rooms')}>{t('toRooms')}</Button>} />;
}

type TabName = 'plan' | 'steps' | 'evidence' | 'device';

function Panel({ room, answer, alone }: { room: RoomRow; answer: Answer<RoomDetail>; alone: boolean }) {
  const { t } = useTranslation('room');
  const detail = answer.data;
  const work = useWorkHere(room);
  const action = useNextAction(room, detail, work.here);
  const deeds = useDeeds(room, detail, answer.again);
  const [chosen, setChosen] = useState<{ roomId: number; tab: TabName } | null>(null);
  const tab = chosen?.roomId === room.id ? chosen.tab : tabOf(room, detail, work.here);
  const views: { value: TabName; content: ReactNode }[] = [
    { value: 'plan', content: <PlanTab room={room} detail={detail} slow={answer.slow} deeds={deeds} /> },
    { value: 'steps', content: <StepsTab room={room} detail={detail} job={work.job} here={work.here} /> },
    { value: 'evidence', content: <EvidenceTab room={room} detail={detail} deeds={deeds} /> },
    { value: 'device', content: <DeviceTab room={room} detail={detail} deeds={deeds} changed={answer.again} /> },
  ];
  return (
    <section className={classes(css.panel, alone && css.alone)} aria-label={t('panel')}>
      <div className={css.top}>
        <RoomHead room={room} detail={detail} alone={alone} />
        <RoomActions {...{ room, detail, action, deeds, alone }} job={work.job} here={work.here} />
      </div>
      {answer.problem && (
        <ProblemCard problem={answer.problem} actions={<Button onClick={answer.again}>{t('deed.retry')}</Button>} />
      )}
      {deeds.problem && <ProblemCard problem={deeds.problem} />}
      <RoomNow {...{ room, detail, action, deeds }} here={work.here} changed={answer.again} />
      <Tabs
        label={t('tabs')}
        value={tab}
        onChange={(value) => setChosen({ roomId: room.id, tab: value })}
        views={views.map((view) => ({ ...view, label: t(`tab.${view.value}`) }))}
      />
      <RoomDialogs {...{ room, detail, action, deeds }} changed={answer.again} />
    </section>
  );
}

/** A room that is only looked at shows what would change; one that was worked on, what was done. */
function tabOf({ state }: RoomRow, detail: RoomDetail | null, here: boolean): TabName {
  if (here && state === 'in progress') return 'steps';
  if (state === 'not started' || state === 'ready') return 'plan';
  return (detail?.steps.length ?? 0) > 0 ? 'steps' : 'plan';
}

/** The work of this site, and whether it is on this room now. */
export interface WorkHere {
  job: Job | null;
  here: boolean;
}

function useWorkHere(room: RoomRow): WorkHere {
  const running = useRunningJob();
  const own = useOwnRunningJob(room.id);
  const visit = useLiveVisit(room.id);
  const isVisited = running !== null && visit?.job === running.id && room.state === 'in progress';
  return { job: own ?? running, here: own !== null || isVisited };
}

function useNextAction(room: RoomRow, detail: RoomDetail | null, here: boolean) {
  const site = useSite();
  const job = useRunningJob();
  const infinity = useReach()?.infinity.state;
  return nextAction(
    { room, detail },
    {
      job,
      working: here,
      locked: site?.locked ?? false,
      elsewhere: site?.busyElsewhere ?? false,
      offline: infinity === 'away',
      newLogin: isLoginNewer(site?.credentials ?? [], room),
    },
  );
}
