import { useTranslation } from 'react-i18next';
import type { Job } from '../../main/contract/jobs.ts';
import { Elapsed } from '../design/Elapsed.tsx';
import { LiveRegion } from '../design/LiveRegion.tsx';
import { count } from '../i18n/format.ts';
import { jobWord } from '../i18n/words.ts';
import { useRunningJob } from '../state/hooks.ts';
import type { Screen } from '../state/route.ts';
import { navigate } from '../state/store.ts';
import css from './JobChip.module.css';

/** Where the work of each kind is shown. */
const HOMES: Record<Job['kind'], Screen> = {
  discover: 'discover',
  check: 'checks',
  drift: 'checks',
  prepare: 'run',
  plan: 'run',
  run: 'run',
  undo: 'run',
  sync: 'sync',
  compare: 'rooms',
  macros: 'rooms',
  xapi: 'rooms',
  record: 'rooms',
  practice: 'start',
  'sign-in': 'checks',
  mailboxes: 'checks',
  publish: 'sync',
  access: 'checks',
  places: 'sync',
};

/** What goes on now, how far it is and since when; leads to where it is shown in full. */
export function JobChip() {
  const { t } = useTranslation('frame');
  const job = useRunningJob();
  const text = job ? textOf(job, t) : '';
  return (
    <>
      <LiveRegion text={text} />
      {job && (
        <button type="button" className={css.chip} onClick={() => navigate(HOMES[job.kind])}>
          {text}
          {job.failed > 0 && (
            <span className={css.failed}>{t('job.failed', { count: job.failed, formatted: count(job.failed) })}</span>
          )}
          <span className={css.soft}>
            {job.status === 'paused' ? (
              t('job.paused')
            ) : job.waiting ? (
              <Elapsed what={t(`job.waiting.${job.waiting.for}`)} since={job.waiting.since} />
            ) : (
              <Elapsed since={job.startedAt} />
            )}
          </span>
          {job.total > 0 && <span className={css.bar} style={{ width: `${(100 * job.done) / job.total}%` }} />}
        </button>
      )}
    </>
  );
}

function textOf({ kind, done, failed, total }: Job, t: ReturnType<typeof useTranslation<'frame'>>['t']): string {
  const what = jobWord(kind);
  return total > 0
    ? t('job.chip', { what, done: count(done - failed), total: count(total) })
    : t('job.chipOpen', { what });
}
