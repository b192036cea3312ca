import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import { problemOfCode } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { EmptyState } from '../../design/EmptyState.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Screen } from '../../design/Screen.tsx';
import { SplitView } from '../../design/SplitView.tsx';
import { jobWord } from '../../i18n/words.ts';
import { useNavigate } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { CourseChart } from './CourseChart.tsx';
import { CutOffBanner } from './CutOffBanner.tsx';
import { failuresOf } from './causes.ts';
import { Failures } from './Failures.tsx';
import { shownJob, tallyOf, tilesOf } from './follow.ts';
import { HeldNote } from './HeldNote.tsx';
import { JobButtons } from './JobButtons.tsx';
import { RoomBeside } from './RoomBeside.tsx';
import { RoomTiles } from './RoomTiles.tsx';
import css from './Run.module.css';
import { RunFigures } from './RunFigures.tsx';
import { UnderWay } from './UnderWay.tsx';
import { useJobDetail } from './useJobDetail.ts';

const NONE: readonly number[] = [];

/** What goes on now, room by room; or how the last work of this session ended. */
export function RunScreen() {
  const { t } = useTranslation('run');
  const job = useStore(({ jobs }) => shownJob(jobs.values()));
  return (
    <Screen
      title={
        job
          ? t(job.endedAt ? 'titleOver' : 'titleNow', {
              what: jobWord(job.kind),
            })
          : t('title')
      }
      layout="fill"
      actions={job && !job.endedAt ? <JobButtons key={job.id} job={job} /> : undefined}
    >
      {job ? (
        <JobView key={job.id} job={job} />
      ) : (
        <>
          <CutOffBanner except={NONE} />
          <NoJob />
          <NeedYou />
        </>
      )}
    </Screen>
  );
}

function NoJob() {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  return (
    <EmptyState
      text={t('empty.text')}
      action={
        <Button look="primary" onClick={() => navigate('rooms')}>
          {t('empty.action')}
        </Button>
      }
    />
  );
}

/** After the program was started anew nothing is known of a job, but of each room that waits for somebody all is. */
function NeedYou() {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  const rows = useStore((store) => store.rooms);
  const failures = useMemo(() => {
    const waiting = rows.flatMap(({ id, state, code }) =>
      state === 'needs attention' && code !== null
        ? [{ roomId: id, status: 'ended' as const, problem: problemOfCode(code) }]
        : [],
    );
    const without = new Set(rows.flatMap(({ id, withoutSince }) => (withoutSince === null ? [] : [id])));
    return failuresOf(waiting, 'run', (id) => without.has(id));
  }, [rows]);
  return (
    <Failures
      title={t('failures.needYou')}
      kind="run"
      goesOn={false}
      failures={failures}
      onChoose={(id) => navigate('room', id)}
    />
  );
}

function JobView({ job }: { job: Job }) {
  const { t } = useTranslation('run');
  const { data, problem, slow } = useJobDetail(job);
  const rows = useStore((store) => store.rooms);
  const placeOf = useStore((store) => store.placeOf);
  const live = useStore((store) => store.live);
  const [beside, setBeside] = useState<number | null>(null);
  const rooms = data?.rooms;
  const tiles = useMemo(
    () =>
      tilesOf({
        job,
        rooms: rooms ?? [],
        rowOf: (id) => rows[placeOf.get(id) ?? -1] ?? null,
        live,
      }),
    [job, rooms, rows, placeOf, live],
  );
  // Thousands of tiles may lag behind the numbers for a moment; the keys may not.
  const painted = useDeferredValue(tiles);
  const failures = useMemo(
    () => failuresOf(rooms ?? [], job.kind, (id) => (rows[placeOf.get(id) ?? -1]?.withoutSince ?? null) !== null),
    [rooms, rows, placeOf, job.kind],
  );
  const tally = tallyOf(job, rooms ?? []);
  return (
    <SplitView
      label={t('roomDetails')}
      onClose={() => setBeside(null)}
      details={beside === null ? null : <RoomBeside roomId={beside} />}
    >
      <div className={css.page}>
        {job.endedAt && <CutOffBanner except={failures.stopped} />}
        <RunFigures job={job} tally={tally} course={data?.course ?? []} />
        <HeldNote job={job} failures={failures} />
        {job.problem && <ProblemCard problem={job.problem} />}
        {problem && <ProblemCard problem={problem} />}
        {slow && <p className={css.soft}>{t('loading')}</p>}
        {painted.length > 0 && <RoomTiles tiles={painted} chosen={beside} onChoose={setBeside} />}
        {tiles.length > 0 && (
          <div className={css.below}>
            <div className={css.stack}>
              <Failures
                title={t('failures.title')}
                kind={job.kind}
                goesOn={job.endedAt === null}
                failures={failures}
                onChoose={setBeside}
              />
              {!job.endedAt && <UnderWay tiles={painted} onChoose={setBeside} />}
            </div>
            <CourseChart job={job} course={data?.course ?? []} done={tally.done} />
          </div>
        )}
      </div>
    </SplitView>
  );
}
