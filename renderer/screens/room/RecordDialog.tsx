import { ClipboardCopy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count, moment } from '../../i18n/format.ts';
import { jobWord } from '../../i18n/words.ts';
import { useApp, useJob, useRunningJob } from '../../state/hooks.ts';
import type { RoomDialogProps } from './dialogProps.ts';
import { useIsOwn } from './ownJobs.ts';
import css from './Room.module.css';

/** Recording how a device answers, without what is private in it, for those who help from afar. */
export function RecordDialog({ room, deeds, onClose }: RoomDialogProps) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  const asksFolder = useApp()?.fileDialogs ?? false;
  const newest = useJob('record');
  const job = useIsOwn(newest, room.id) ? newest : null;
  const running = useRunningJob();
  const starting = useAction();
  const begin = () =>
    starting.run(async () => {
      let folder: string | null = null;
      if (asksFolder) {
        folder = (await call('files.choose', { what: 'folder', suggested: null })).path;
        if (folder === null) return;
      }
      await deeds.start('jobs.record', { roomId: room.id, folder });
    });
  const isOver = job !== null && job.endedAt !== null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('record.title', { room: room.name })}
      description={t('record.means')}
      actions={
        <>
          <Button onClick={onClose}>{common(isOver ? 'close' : 'cancel')}</Button>
          <Button
            look={isOver ? 'plain' : 'primary'}
            disabled={running !== null || starting.since !== null}
            onClick={begin}
          >
            {t(isOver ? 'record.again' : 'record.do')}
          </Button>
        </>
      }
    >
      {!isOver && <p>{t('record.replaced')}</p>}
      {!asksFolder && job === null && <p className={css.soft}>{t('record.where')}</p>}
      {running !== null && running.id !== job?.id && (
        <p className={css.soft}>{t('blocked.job', { what: jobWord(running.kind) })}</p>
      )}
      {deeds.problem && <ProblemCard problem={deeds.problem} />}
      {job && <Course job={job} />}
    </Dialog>
  );
}

function Course({ job }: { job: Job }) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  if (job.endedAt === null)
    return (
      <div className={css.tools}>
        <Elapsed what={t('busy.record')} since={job.startedAt} />
        {job.total > 1 && (
          <span className={css.soft}>{common('progress', { done: count(job.done), total: count(job.total) })}</span>
        )}
        <Button onClick={() => call('jobs.stop', { job: job.id, how: 'now' })}>{t('stop.now')}</Button>
      </div>
    );
  if (job.problem) return <ProblemCard problem={job.problem} />;
  if (job.result?.kind !== 'record') return <p>{t('record.stopped')}</p>;
  const { path, exchanges } = job.result;
  const copy = async () => {
    await navigator.clipboard.writeText(path);
    notify({ title: t('record.copied'), detail: path });
  };
  return (
    <section className={css.proof} aria-label={t('record.done')}>
      <h3>{t('record.done')}</h3>
      <p>{t('record.exchanges', { count: exchanges, formatted: count(exchanges), moment: moment(job.endedAt) })}</p>
      <p className={css.said} dir="auto">
        {path}
      </p>
      <div>
        <Button icon={ClipboardCopy} onClick={() => void copy().catch(notifyProblem)}>
          {t('record.copy')}
        </Button>
      </div>
      <p>{t('record.read')}</p>
    </section>
  );
}
