import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { useNow } from '../../design/Elapsed.tsx';
import { LiveRegion } from '../../design/LiveRegion.tsx';
import { Progress } from '../../design/Progress.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { count, wholeDuration } from '../../i18n/format.ts';
import css from './Discover.module.css';
import { timeLeft } from './seen.ts';

/** A search that goes on: looked, found, left, and how to stop it. */
export function Going({ job, found }: { job: Job; found: number }) {
  const { t } = useTranslation('discover');
  const left = timeLeft(job, useNow());
  const text = t('going.found', { count: found, formatted: count(found) });
  const stopping = job.status === 'stopping';
  return (
    <>
      <Progress
        what={t(stopping ? 'going.stopping' : 'going.what')}
        done={job.done}
        total={job.total}
        since={job.startedAt}
      />
      <LiveRegion text={text} />
      <div className={css.line}>
        <Button
          disabled={stopping}
          onClick={() => void call('jobs.stop', { job: job.id, how: 'now' }).catch(notifyProblem)}
        >
          {t('going.stop')}
        </Button>
        <strong>{text}</strong>
        {left !== null && <span className={css.soft}>{t('going.left', { duration: wholeDuration(left) })}</span>}
      </div>
    </>
  );
}
