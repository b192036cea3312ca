import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { LiveRegion } from '../../design/LiveRegion.tsx';
import { count, moment } from '../../i18n/format.ts';
import { stepTitle } from '../../i18n/words.ts';
import { useLiveVisit } from '../../state/hooks.ts';
import room from './Room.module.css';
import { type ShownLine, StepList } from './StepList.tsx';
import css from './Steps.module.css';
import { liveLines, type RecordedRun, recordedRuns } from './stepLines.ts';

export interface StepsTabProps {
  room: RoomRow;
  detail: RoomDetail | null;
  /** The work of this site, and whether it is on this room. */
  job: Job | null;
  here: boolean;
}

/** Step by step what goes on in the room, or went on in it. */
export function StepsTab({ room: row, detail, job, here }: StepsTabProps) {
  const { t } = useTranslation('room');
  const runs = recordedRuns(detail?.steps ?? []);
  if (here) return <Live row={row} detail={detail} job={job} />;
  if (!detail) return null;
  const [last, ...earlier] = runs;
  if (!last) return <p className={room.soft}>{t('steps.none')}</p>;
  return (
    <>
      <Run run={last} technician={detail.lastRun?.technician ?? null} />
      {earlier.length > 0 && (
        <details className={css.earlier}>
          <summary>{t('steps.earlier', { count: earlier.length, formatted: count(earlier.length) })}</summary>
          {earlier.map((run) => (
            <Run key={run.runId} run={run} technician={null} />
          ))}
        </details>
      )}
    </>
  );
}

function Run({ run, technician }: { run: RecordedRun; technician: string | null }) {
  const { t } = useTranslation('room');
  const when = moment(run.at);
  return (
    <section className={css.run}>
      <p className={room.soft} dir="auto">
        {run.undo ? t('steps.lastUndo', { moment: when }) : t('steps.last', { moment: when })}
        {technician ? ` ${t('steps.by', { technician })}` : ''}
      </p>
      <StepList lines={run.lines} />
    </section>
  );
}

function Live({ row, detail, job }: { row: RoomRow; detail: RoomDetail | null; job: Job | null }) {
  const { t } = useTranslation('room');
  const visit = useLiveVisit(row.id);
  if (job?.kind === 'plan' || job?.kind === 'compare') return <p className={room.soft}>{t('steps.checking')}</p>;
  const steps = visit && visit.job === job?.id ? visit.steps : [];
  const plan = job?.kind === 'run' ? (detail?.plan?.steps ?? []) : [];
  const since = new Map(steps.map((step) => [step.step, step.since]));
  const lines = liveLines(steps, plan).map((line): ShownLine => {
    const began = since.get(line.id);
    return began === undefined ? line : { ...line, since: began };
  });
  const now = steps.at(-1);
  return (
    <>
      <LiveRegion
        text={
          now ? t('steps.live', { step: stepTitle(now.step, now.title), status: t(`steps.status.${now.status}`) }) : ''
        }
      />
      <StepList lines={lines} />
    </>
  );
}
