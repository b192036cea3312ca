import { ListChecks } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { isOpen } from '../../../main/contract/checks.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import type { Output } from '../../../main/contract/methods.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { LiveRegion } from '../../design/LiveRegion.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Progress } from '../../design/Progress.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { useCommands } from '../../frame/shortcuts.ts';
import { count, moment } from '../../i18n/format.ts';
import { jobWord } from '../../i18n/words.ts';
import { isGoingOn } from '../../state/hooks.ts';
import { unlocked } from '../../state/unlock.ts';
import { startCheck } from './CheckList.tsx';
import css from './Checks.module.css';
import { useBlocked } from './useBlocked.ts';

export interface CheckCardProps {
  last: Output<'site.checks'>;
  /** The newest check of this session. */
  job: Job | null;
  /** Nothing else on the screen is the next thing to do. */
  isNext: boolean;
}

/** When everything was looked at last, what came of it, and looking again. */
export function CheckCard({ last, job, isNext }: CheckCardProps) {
  const { t } = useTranslation('checks');
  const blocked = useBlocked();
  const { since, run } = useAction();
  const check = useCallback(() => void unlocked().then((open) => open && run(startCheck)), [run]);
  const offered = useMemo(() => [{ id: 'checks.check', label: t('check'), run: check }], [t, check]);
  useCommands(offered);
  const goesOn = job !== null && isGoingOn(job);
  const verdict = useVerdict(last);
  return (
    <Card title={t('ready')}>
      <p className={css.figure}>{last ? verdict : t('never')}</p>
      {last && <p>{t('at', { moment: moment(last.at) })}</p>}
      <p className={css.soft}>{t('means')}</p>
      {job?.problem && job.problem.code !== 'CANCELLED' && <ProblemCard problem={job.problem} />}
      <LiveRegion text={goesOn ? t('checking') : verdict} />
      {goesOn && <Progress what={t('checking')} done={job.done} total={job.total} since={job.startedAt} />}
      <div className={css.line}>
        {goesOn ? (
          <Button
            disabled={job.status === 'stopping'}
            onClick={() => void call('jobs.stop', { job: job.id, how: 'now' }).catch(notifyProblem)}
          >
            {t(job.status === 'stopping' ? 'stopping' : 'stop')}
          </Button>
        ) : (
          <Button
            look={isNext ? 'primary' : 'plain'}
            icon={ListChecks}
            disabled={blocked !== null}
            busy={since === null ? null : { what: t('checking'), since }}
            onClick={check}
          >
            {t(last ? 'checkAgain' : 'check')}
          </Button>
        )}
        {!goesOn && blocked && (
          <span className={css.soft}>
            {blocked === 'elsewhere' ? t('blocked.elsewhere') : t('blocked.job', { what: jobWord(blocked.kind) })}
          </span>
        )}
      </div>
    </Card>
  );
}

function useVerdict(last: Output<'site.checks'>): string {
  const { t } = useTranslation('checks');
  if (!last) return '';
  const amount = (status: string) => last.checks.filter((one) => one.status === status).length;
  const [fails, warns] = [amount('fail'), amount('warn')];
  const open = last.checks.filter(isOpen).length;
  if (fails + warns + open === 0) return t('allGood');
  return [
    fails > 0 && t('fails', { count: fails, formatted: count(fails) }),
    warns > 0 && t('warns', { count: warns, formatted: count(warns) }),
    open > 0 && t('opens', { count: open, formatted: count(open) }),
  ]
    .filter((part) => part !== false)
    .join(', ');
}
