import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job, Point } from '../../../main/contract/jobs.ts';
import { classes } from '../../design/classes.ts';
import { Elapsed, useNow } from '../../design/Elapsed.tsx';
import { LiveRegion } from '../../design/LiveRegion.tsx';
import { count, moment, tenths, wholeDuration } from '../../i18n/format.ts';
import { courseNow, lasted, type Tally } from './follow.ts';
import { inOneUnit, paceOf } from './pace.ts';
import css from './RunFigures.module.css';
import { useRunningSince } from './useRunningSince.ts';

export interface RunFiguresProps {
  job: Job;
  tally: Tally;
  course: readonly Point[];
}

/** How far, how fast, how long still: the line that is read from across the room. */
export function RunFigures({ job, tally, course }: RunFiguresProps) {
  const { t } = useTranslation('run');
  const now = useNow();
  const { total, done, failed, stopped, toGo } = tally;
  return (
    <section className={css.head} aria-label={t('figures.title')}>
      <div className={css.line}>
        <p className={css.big}>
          <b className={css.number}>{count(done)}</b> {t('figures.ofTotal', { formatted: count(total), count: total })}
        </p>
        <Figure name={t('figures.failed')} trouble={failed > 0}>
          {count(failed)}
        </Figure>
        {stopped > 0 && <Figure name={t('figures.stopped')}>{count(stopped)}</Figure>}
        <Figure name={t('figures.toGo')}>{count(toGo)}</Figure>
        {!job.endedAt && <PaceFigures job={job} course={course} now={now} />}
        <Figure name={t(job.endedAt ? 'figures.took' : 'figures.elapsed')}>{wholeDuration(lasted(job, now))}</Figure>
        {job.endedAt && <Figure name={t('figures.endedAt')}>{moment(job.endedAt)}</Figure>}
        <Standing job={job} isWhole={toGo === 0} />
      </div>
      <ShareBar tally={tally} />
      <LiveRegion
        text={t('figures.said', {
          done: count(roughly(done, total)),
          total: count(total),
          failed: count(failed),
        })}
      />
    </section>
  );
}

/** By ear a number that changes each second is noise: it is told in tenths of the whole. */
function roughly(done: number, total: number): number {
  const step = Math.max(1, Math.floor(total / 10));
  return done === total ? done : Math.floor(done / step) * step;
}

function Figure({ name, trouble = false, children }: { name: string; trouble?: boolean; children: ReactNode }) {
  return (
    <dl className={css.figure}>
      <dt className={css.name}>{name}</dt>
      <dd className={classes(css.value, trouble && css.trouble)}>{children}</dd>
    </dl>
  );
}

function PaceFigures({ job, course, now }: { job: Job; course: readonly Point[]; now: number }) {
  const { t } = useTranslation('run');
  const from = useRunningSince(job, now);
  const { perMinute, left } = paceOf({
    course: courseNow(course, job, now),
    total: job.total,
    done: job.done,
    now: lasted(job, now),
    from,
  });
  const isHeld = job.status !== 'running';
  const range = left && inOneUnit(left);
  const words = range && {
    from: count(range.from),
    until: count(range.until),
    unit: range.unit,
  };
  return (
    <>
      {!isHeld && (
        <Figure name={t('figures.rate')}>
          {perMinute === null ? t('figures.unknown') : t('figures.perMinute', { rate: rateOf(perMinute) })}
        </Figure>
      )}
      <Figure name={t('figures.left')}>
        {isHeld
          ? t('figures.held')
          : !words
            ? t('figures.unknown')
            : range.from === 0
              ? t('left.upTo', words)
              : t('left.range', words)}
      </Figure>
    </>
  );
}

/** Tenths say something of slow work only. */
function rateOf(perMinute: number): string {
  return perMinute < 20 ? tenths(perMinute) : count(Math.round(perMinute));
}

/** Ended well, failed, and the rest; told by the numbers above, so only drawn here. */
function ShareBar({ tally: { total, done, failed } }: { tally: Tally }) {
  if (total === 0) return null;
  return (
    <svg className={css.bar} viewBox={`0 0 ${total} 1`} preserveAspectRatio="none" aria-hidden="true">
      <rect className={css.done} width={done} height="1" />
      <rect className={css.failed} x={done} width={failed} height="1" />
    </svg>
  );
}

/**
 * What the job waits for, or how it ended.
 * @param isWhole each room has had its turn
 */
function Standing({ job: { status, waiting }, isWhole }: { job: Job; isWhole: boolean }) {
  const { t } = useTranslation('run');
  return (
    <p className={css.standing}>
      {status === 'done' && !isWhole ? t('status.notAll') : t(`status.${status}`)}
      {waiting && (
        <>
          {' '}
          <Elapsed
            what={t(`waiting.${waiting.for}`, {
              count: waiting.count,
              formatted: count(waiting.count),
            })}
            since={waiting.since}
          />
        </>
      )}
    </p>
  );
}
