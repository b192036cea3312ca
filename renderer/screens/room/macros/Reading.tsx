import { useTranslation } from 'react-i18next';
import type { Job } from '../../../../main/contract/jobs.ts';
import { call } from '../../../bridge/bridge.ts';
import { Button } from '../../../design/Button.tsx';
import { Elapsed } from '../../../design/Elapsed.tsx';
import { ProblemCard } from '../../../design/ProblemCard.tsx';
import { moment } from '../../../i18n/format.ts';
import { jobWord } from '../../../i18n/words.ts';
import { useRunningJob } from '../../../state/hooks.ts';
import room from '../Room.module.css';
import css from './Macros.module.css';

export interface ReadingProps {
  kind: 'macros' | 'compare';
  /** The newest work of this kind that was started at this room. */
  job: Job | null;
  start(): void;
}

/** The macros come from the device itself, which takes a moment and can fail. */
export function Reading({ kind, job, start }: ReadingProps) {
  const { t } = useTranslation('room');
  const running = useRunningJob();
  if (job?.endedAt === null)
    return (
      <div className={room.tools}>
        <Elapsed what={t(`busy.${kind}`)} since={job.startedAt} />
        <Button onClick={() => call('jobs.stop', { job: job.id, how: 'now' })}>{t('stop.now')}</Button>
      </div>
    );
  if (job?.problem)
    return (
      <ProblemCard
        problem={job.problem}
        actions={
          <Button disabled={running !== null} onClick={start}>
            {t('deed.retry')}
          </Button>
        }
      />
    );
  const isRead = job?.result != null;
  return (
    <div className={css.reading}>
      {isRead && <span className={room.soft}>{t('macro.asOf', { moment: moment(job.endedAt ?? job.startedAt) })}</span>}
      <Button look={isRead ? 'quiet' : 'plain'} disabled={running !== null} onClick={start}>
        {t(isRead ? 'macro.readAgain' : 'macro.read')}
      </Button>
      {running && <span className={room.soft}>{t('blocked.job', { what: jobWord(running.kind) })}</span>}
    </div>
  );
}
