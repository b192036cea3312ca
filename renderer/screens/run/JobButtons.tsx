import { Pause, Play, Square } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { type Command, useCommands, useShortcut } from '../../frame/shortcuts.ts';

/** Hold, go on, stop: what can be done to work that goes on. */
export function JobButtons({ job }: { job: Job }) {
  const { t } = useTranslation('run');
  const [asking, setAsking] = useState(false);
  const { id, pausable, status } = job;
  const isHeld = status === 'paused' || status === 'pausing';
  const isStopping = status === 'stopping';
  const offered = useMemo((): Command[] => {
    const toggle = {
      id: 'run.pause',
      label: t(isHeld ? 'resume' : 'pause'),
      shortcut: 'p',
      run: () => hold(id, !isHeld),
    };
    const stop = {
      id: 'run.stop',
      label: t('stopNow'),
      run: () => setAsking(true),
    };
    return [...(pausable && !isStopping ? [toggle] : []), stop];
  }, [id, isHeld, isStopping, pausable, t]);
  useCommands(offered);
  useShortcut('p', t('pauseOrResume'), () => hold(id, !isHeld), {
    enabled: pausable && !isStopping,
  });
  return (
    <>
      {pausable && !isStopping && (
        <>
          <Button icon={isHeld ? Play : Pause} look={isHeld ? 'primary' : 'plain'} onClick={() => hold(id, !isHeld)}>
            {t(isHeld ? 'resume' : 'pause')}
          </Button>
          <Button onClick={() => void call('jobs.stop', { job: id, how: 'after-rooms' }).catch(notifyProblem)}>
            {t('stopAfter')}
          </Button>
        </>
      )}
      <Button icon={Square} onClick={() => setAsking(true)}>
        {t('stopNow')}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('stopping.title')}
        action={t('stopNow')}
        onConfirm={() => void call('jobs.stop', { job: id, how: 'now' }).catch(notifyProblem)}
      >
        <p>{t('stopping.steps')}</p>
        <p>{t('stopping.after')}</p>
      </ConfirmDialog>
    </>
  );
}

function hold(job: number, held: boolean): void {
  void call(held ? 'jobs.pause' : 'jobs.resume', { job }).catch(notifyProblem);
}
