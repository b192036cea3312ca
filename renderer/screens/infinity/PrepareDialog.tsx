import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { Drift } from '../../../main/contract/infinity.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Progress } from '../../design/Progress.tsx';
import { count } from '../../i18n/format.ts';
import { useJob } from '../../state/hooks.ts';
import { DriftTable } from './DriftTable.tsx';
import css from './Infinity.module.css';

const WRITES: ReadonlySet<string> = new Set(['create', 'change', 'take-over']);

export interface PrepareDialogProps {
  /** Rooms that are to be prepared. */
  ids: readonly number[];
  onClose(): void;
  /** Writes the entries of these rooms. */
  write(ids: number[]): Promise<void>;
}

/** What a prepare would write, looked at afresh; nothing is written before somebody has said so. */
export function PrepareDialog({ ids, onClose, write }: PrepareDialogProps) {
  const { t } = useTranslation(['infinity', 'common']);
  const { job, drift, problem } = useFreshDrift(ids);
  const rows = drift?.rows ?? [];
  const writes = rows.filter(({ action }) => WRITES.has(action));
  const taken = writes.filter(({ action }) => action === 'take-over').length;
  const close = () => {
    if (job && job.endedAt === null) void call('jobs.stop', { job: job.id, how: 'now' }).catch(() => undefined);
    onClose();
  };
  const go = () => {
    if (writes.length === 0) return;
    onClose();
    void write(writes.map(({ roomId }) => roomId));
  };
  return (
    <Dialog
      open
      size="xl"
      onClose={close}
      title={t('prepare.title')}
      description={t('prepare.means')}
      onSubmit={go}
      actions={
        <>
          <Button onClick={close}>{t('common:cancel')}</Button>
          <Button look="primary" submit disabled={drift === null || writes.length === 0}>
            {t('prepare.write', { count: writes.length, formatted: count(writes.length) })}
          </Button>
        </>
      }
    >
      {problem && <ProblemCard problem={problem} />}
      {job && job.endedAt === null && (
        <Progress what={t('prepare.looking')} done={job.done} total={job.total} since={job.startedAt} />
      )}
      {taken > 0 && <p className={css.heading}>{t('prepare.taken', { count: taken, formatted: count(taken) })}</p>}
      {drift && (rows.length === 0 ? <p>{t('prepare.nothing')}</p> : <DriftTable rows={rows} device={false} />)}
    </Dialog>
  );
}

/** Compares these rooms once, when the dialog opens. */
function useFreshDrift(ids: readonly number[]) {
  const [own, setOwn] = useState<number | null>(null);
  const [drift, setDrift] = useState<Drift | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const newest = useJob('drift');
  const job = newest && newest.id === own ? newest : null;
  const question = ids.join(',');
  useEffect(() => {
    let current = true;
    const rooms = question === '' ? [] : question.split(',').map(Number);
    call('jobs.drift', { rooms }).then(
      (started) => current && setOwn(started.job),
      (thrown: unknown) => current && setProblem(problemOf(thrown)),
    );
    return () => {
      current = false;
    };
  }, [question]);
  const ended = job?.endedAt ?? null;
  const failed = job?.problem ?? null;
  useEffect(() => {
    if (ended === null) return;
    if (failed) return setProblem(failed);
    let current = true;
    call('infinity.drift', undefined).then(
      (answer) => current && setDrift(answer),
      (thrown: unknown) => current && setProblem(problemOf(thrown)),
    );
    return () => {
      current = false;
    };
  }, [ended, failed]);
  return { job, drift, problem };
}
