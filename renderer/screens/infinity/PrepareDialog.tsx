import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { Drift } from '../../../main/contract/infinity.ts';
import { isWritten, takenOver } from '../../../main/contract/takeOver.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Progress } from '../../design/Progress.tsx';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { useJob } from '../../state/hooks.ts';
import type { PrepareAsk } from '../../state/store.ts';
import { DriftTable } from './DriftTable.tsx';
import css from './Infinity.module.css';

export interface PrepareDialogProps extends PrepareAsk {
  onClose(): void;
}

/** What a prepare would write, looked at afresh; nothing is written before somebody has said so. */
export function PrepareDialog({ ids, began, onClose }: PrepareDialogProps) {
  const { t } = useTranslation(['infinity', 'common']);
  const { job, drift, problem } = useFreshDrift(ids);
  const starting = useAction();
  const [refused, setRefused] = useState<Problem | null>(null);
  const trouble = refused ?? problem;
  const rows = drift?.rows ?? [];
  const writes = rows.filter(({ writes }) => writes);
  const takeOver = takenOver(writes);
  const taken = takeOver.length;
  const entries = writes.filter(isWritten).length;
  const undecided = writes.length - entries;
  const close = () => {
    if (job && job.endedAt === null) void call('jobs.stop', { job: job.id, how: 'now' }).catch(() => undefined);
    onClose();
  };
  const write = async () => {
    const started = await call('jobs.prepare', { rooms: writes.map(({ roomId }) => roomId), takeOver });
    began?.(started.job);
    onClose();
  };
  const go = () => {
    if (writes.length > 0 && starting.since === null)
      void starting.run(write, (thrown) => setRefused(problemOf(thrown)));
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
          <Button
            look="primary"
            submit
            disabled={drift === null || writes.length === 0}
            busy={starting.since === null ? null : { what: t('prepare.starting'), since: starting.since }}
          >
            {entries === 0 && undecided > 0
              ? t('prepare.keep', { count: undecided, formatted: count(undecided) })
              : t('prepare.write', { count: entries, formatted: count(entries) })}
          </Button>
        </>
      }
    >
      {trouble && <ProblemCard problem={trouble} />}
      {job && job.endedAt === null && (
        <Progress what={t('prepare.looking')} done={job.done} total={job.total} since={job.startedAt} />
      )}
      {taken > 0 && <p className={css.heading}>{t('prepare.taken', { count: taken, formatted: count(taken) })}</p>}
      {undecided > 0 && (
        <p className={css.heading}>{t('prepare.undecided', { count: undecided, formatted: count(undecided) })}</p>
      )}
      {drift?.short !== undefined && (
        <p className={css.heading}>{t('prepare.short', { count: drift.short, formatted: count(drift.short) })}</p>
      )}
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
    call('jobs.drift', { rooms, asPrepared: true }).then(
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
    call('infinity.drift', { job: own }).then(
      (answer) => current && setDrift(answer),
      (thrown: unknown) => current && setProblem(problemOf(thrown)),
    );
    return () => {
      current = false;
    };
  }, [own, ended, failed]);
  return { job, drift, problem };
}
