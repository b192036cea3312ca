import { GraduationCap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { isGoingOn, useApp, useJob, useRunningJob } from '../../state/hooks.ts';
import { navigate } from '../../state/store.ts';
import { TOUR_OVER } from '../../tour/steps.ts';
import { rememberTour } from '../../tour/tourState.ts';
import css from './Start.module.css';

const ROOMS = 24;

/** Simulated rooms in one click. */
export function PracticeCard() {
  const { t } = useTranslation('start');
  const job = useJob('practice');
  const other = useRunningJob();
  const starting = useAction();
  const isOver = useApp()?.preferences.hintsRead.includes(TOUR_OVER) ?? false;
  const start = async () => {
    // Where it is told that the site is ready, and not where somebody was before.
    navigate('start');
    await starting.run(() => call('jobs.practice', { rooms: ROOMS, trouble: true }));
  };
  const stop = (id: number) => call('jobs.stop', { job: id, how: 'now' }).catch(notifyProblem);
  return (
    <Card title={t('practice.title')}>
      <p>{t('practice.means')}</p>
      {job?.problem && job.problem.code !== 'CANCELLED' && <ProblemCard problem={job.problem} />}
      <Checkbox label={t('practice.tour')} checked={!isOver} onChange={(wanted) => void rememberTour(!wanted)} />
      <div className={css.line}>
        {job && isGoingOn(job) ? (
          <>
            <span role="status">
              <Elapsed
                what={t(job.status === 'stopping' ? 'practice.stopping' : 'practice.starting')}
                since={job.startedAt}
              />
            </span>
            <Button disabled={job.status === 'stopping'} onClick={() => void stop(job.id)}>
              {t('practice.cancel')}
            </Button>
          </>
        ) : (
          <Button
            icon={GraduationCap}
            disabled={other !== null}
            busy={starting.since === null ? null : { what: t('practice.starting'), since: starting.since }}
            onClick={() => void start()}
          >
            {t('practice.start')}
          </Button>
        )}
      </div>
      {other && other.kind !== 'practice' && <p className={css.soft}>{t('practice.busy')}</p>}
    </Card>
  );
}
