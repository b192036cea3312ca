import { Play, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { AccessRun, AccessRunMode, AccessRunWay, AccessScript } from '../../../main/contract/microsoft/access.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Select } from '../../design/Select.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { count, wholeDuration } from '../../i18n/format.ts';
import { isGoingOn, useItems, useJob } from '../../state/hooks.ts';
import css from '../infinity/Infinity.module.css';
import { ResultWords } from './ResultWords.tsx';
import { Transcript } from './Transcript.tsx';

const WAYS = ['browser', 'device-code'] as const;

interface RunDialogProps {
  /** As it was read and signed off. */
  script: AccessScript;
  /** A removal although rooms have not moved. */
  beforeAllMoved: boolean;
  onClose(): void;
}

/** A script runs on this computer: it looks first, and makes its changes once they were read. */
export function RunDialog({ script, beforeAllMoved, onClose }: RunDialogProps) {
  const { t } = useTranslation(['microsoft', 'common']);
  const { id, kind, sha256 } = script;
  const [way, setWay] = useState<AccessRunWay>({
    ...{ signIn: 'browser', user: null, createGroup: false, consentRemoved: false },
  });
  const [own, setOwn] = useState<number | null>(null);
  const [agreed, setAgreed] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const newest = useJob('access');
  const job = newest && newest.id === own ? newest : null;
  const items = useItems(own);
  const goesOn = job !== null && isGoingOn(job);
  const run = job?.result?.kind === 'access' ? job.result.run : null;
  const isLooked = run?.mode === 'look' && wentWell(run);
  const isDone = run?.mode === 'apply' && wentWell(run);
  const set = (part: Partial<AccessRunWay>) => setWay((was) => ({ ...was, ...part }));
  const start = (mode: AccessRunMode) => {
    setProblem(null);
    setAgreed(false);
    void call('jobs.access', { id, kind, sha256, beforeAllMoved, mode, way }).then(
      (started) => setOwn(started.job),
      (thrown: unknown) => setProblem(problemOf(thrown)),
    );
  };
  const stop = () => job && void call('jobs.stop', { job: job.id, how: 'now' }).catch(notifyProblem);
  const mayApply = isLooked && agreed && (kind !== 'remove' || way.consentRemoved);
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={t('run.title')}
      description={t('run.means')}
      actions={
        goesOn ? (
          <>
            <Elapsed what={t(job.status === 'stopping' ? 'run.stopping' : 'run.goesOn')} since={job.startedAt} />
            <Button disabled={job.status === 'stopping'} onClick={stop}>
              {t('run.stop')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t(own === null ? 'common:cancel' : 'common:close')}</Button>
            {!isDone && (
              <Button look={isLooked ? 'plain' : 'primary'} icon={Search} onClick={() => start('look')}>
                {t(isLooked ? 'run.lookAgain' : 'run.look')}
              </Button>
            )}
            {isLooked && (run?.would ?? 0) > 0 && (
              <Button look="primary" icon={Play} disabled={!mayApply} onClick={() => start('apply')}>
                {t('run.apply')}
              </Button>
            )}
          </>
        )
      }
    >
      {problem && <ProblemCard problem={problem} />}
      {own === null && (
        <>
          <div className={css.two}>
            <Select
              label={t('run.signIn')}
              value={way.signIn}
              choices={WAYS.map((value) => ({ value, label: t(`run.way.${value}`) }))}
              onChange={(signIn) => set({ signIn })}
              hint={t(`run.wayMeans.${way.signIn}`)}
            />
            <TextField
              label={t('run.user')}
              optional
              value={way.user ?? ''}
              mono
              onChange={(user) => set({ user: user.trim() === '' ? null : user.trim() })}
              hint={t('run.userHint')}
            />
          </div>
          {kind !== 'remove' && (
            <Checkbox
              checked={way.createGroup}
              onChange={(createGroup) => set({ createGroup })}
              label={t('run.createGroup')}
            />
          )}
        </>
      )}
      {own !== null && <Transcript items={items} />}
      {job?.problem && <ProblemCard problem={job.problem} />}
      {run && <RunWords run={run} />}
      {isLooked && (run?.would ?? 0) > 0 && <Checkbox checked={agreed} onChange={setAgreed} label={t('run.agreed')} />}
      {isLooked && (run?.would ?? 0) > 0 && kind === 'remove' && (
        <Checkbox
          checked={way.consentRemoved}
          onChange={(consentRemoved) => set({ consentRemoved })}
          label={t('run.consentRemoved')}
        />
      )}
    </Dialog>
  );
}

function wentWell({ stopped, problem, exitCode, result }: AccessRun): boolean {
  return !stopped && problem === null && exitCode === 0 && result !== null && result.failure === '';
}

/** What came of a run, and what is not known of it. */
function RunWords({ run }: { run: AccessRun }) {
  const { t } = useTranslation('microsoft');
  const { mode, stopped, exitCode, ms, would, dropped, result, kept, problem } = run;
  return (
    <>
      <p role="status">
        {stopped
          ? t('run.stopped', { duration: wholeDuration(ms) })
          : t('run.ended', { duration: wholeDuration(ms), exit: exitCode ?? '–' })}{' '}
        {mode === 'look' && !stopped && wentWell(run) && (
          <b>{would === 0 ? t('run.wouldNothing') : t('run.would', { count: would, formatted: count(would) })}</b>
        )}
      </p>
      {dropped > 0 && <p className={css.soft}>{t('run.dropped', { formatted: count(dropped) })}</p>}
      {stopped && <p>{t(mode === 'look' ? 'run.nothing' : result ? 'run.partly' : 'run.unknown')}</p>}
      {problem && <ProblemCard problem={problem} />}
      {kept && <p>{t('run.kept', { file: kept, card: t('card.title') })}</p>}
      {result && <ResultWords result={result} />}
    </>
  );
}
