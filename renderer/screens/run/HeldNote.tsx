import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import { Button } from '../../design/Button.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { count } from '../../i18n/format.ts';
import type { Failures } from './causes.ts';
import css from './Run.module.css';
import { startWork, workOf } from './startWork.ts';

/** The same failure came again and again, or somebody stopped it: what was left can be taken up again. */
export function HeldNote({ job, failures: { left, stopped } }: { job: Job; failures: Failures }) {
  const { t } = useTranslation('run');
  const isOver = job.endedAt !== null;
  // What was begun comes first: it may be without One-Touch Join.
  const rooms = [...stopped, ...left];
  const again = isOver && rooms.length > 0 && (
    <Button look="primary" onClick={() => void startWork(workOf(job.kind), rooms)}>
      {t('left.action', { count: rooms.length, formatted: count(rooms.length) })}
    </Button>
  );
  if (job.held) {
    const about = isOver ? t('heldOver', { count: left.length, formatted: count(left.length) }) : t('held');
    return <ProblemCard problem={job.held} about={about} actions={again} />;
  }
  if (!isOver || rooms.length === 0) return null;
  return (
    <div className={css.note}>
      <p>
        {stopped.length > 0 && `${t('left.stopped', { count: stopped.length, formatted: count(stopped.length) })} `}
        {left.length > 0 && t('left.text', { count: left.length, formatted: count(left.length) })}
      </p>
      {again}
    </div>
  );
}
