import { FileInput, FileText, Settings2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { AccessCut, AccessResult, AccessScript } from '../../../main/contract/microsoft/access.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx';
import { DataList } from '../../design/DataList.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count, moment } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import { isGoingOn, useAnswer, useJob, useRooms, useSite } from '../../state/hooks.ts';
import { useBlocked } from '../checks/useBlocked.ts';
import css from '../infinity/Infinity.module.css';
import { base64Of } from '../rooms/importing.ts';
import { AccessDialog } from './AccessDialog.tsx';
import { AccessRooms } from './AccessRooms.tsx';
import { ResultWords } from './ResultWords.tsx';
import { RunDialog } from './RunDialog.tsx';
import { ScriptDialog } from './ScriptDialog.tsx';
import { ScriptWords } from './ScriptWords.tsx';

/** Which app may read the rooms' mailboxes: by a script that an Exchange administrator runs, and its result. */
export function AccessCard() {
  const { t } = useTranslation('microsoft');
  const site = useSite();
  const blocked = useBlocked();
  const { rooms } = useRooms();
  const [asked, setAsked] = useState<'set' | 'script' | null>(null);
  const [run, setRun] = useState<{ script: AccessScript; beforeAllMoved: boolean } | null>(null);
  const job = useJob('access');
  const [result, setResult] = useState<AccessResult | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [changed, setChanged] = useState(0);
  const reading = useAction();
  const input = useRef<HTMLInputElement>(null);
  const { data } = useAnswer('microsoft.access', undefined, [site?.path, rooms.length, changed, job?.endedAt]);
  if (!site) return null;
  const again = () => setChanged((was) => was + 1);
  const take = (file: File) => {
    setProblem(null);
    setResult(null);
    void reading.run(
      async () => {
        setResult(await call('microsoft.result', { base64: await base64Of(file) }));
        again();
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  const isSet = data?.settings !== null && data?.settings !== undefined;
  const [last] = data?.signed ?? [];
  const told = data?.rooms.filter(({ state }) => state !== 'unknown') ?? [];
  return (
    <Card title={t('card.title')}>
      <p className={css.soft}>{t('card.means')}</p>
      <div className={css.line}>
        <Button icon={Settings2} disabled={blocked !== null || !data} onClick={() => setAsked('set')}>
          {t(isSet ? 'card.change' : 'card.set')}
        </Button>
        <Button
          icon={FileText}
          disabled={blocked !== null || !isSet || rooms.length === 0}
          onClick={() => setAsked('script')}
        >
          {t('card.script')}
        </Button>
        <Button
          icon={FileInput}
          disabled={blocked !== null || !last}
          busy={reading.since === null ? null : { what: t('card.reading'), since: reading.since }}
          onClick={() => input.current?.click()}
        >
          {t('card.result')}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept=".json,application/json"
          aria-label={t('card.file')}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) take(file);
            target.value = '';
          }}
        />
      </div>
      {job && isGoingOn(job) && run === null && (
        <div className={css.line}>
          <Elapsed what={t('run.goesOn')} since={job.startedAt} />
          <Button
            disabled={job.status === 'stopping'}
            onClick={() => void call('jobs.stop', { job: job.id, how: 'now' }).catch(notifyProblem)}
          >
            {t('run.stop')}
          </Button>
        </div>
      )}
      {problem && <ProblemCard problem={problem} />}
      {result && <ResultWords result={result} />}
      {data?.settings && (
        <DataList
          items={[
            { term: t('card.app'), value: data.settings.appId },
            { term: t('card.group'), value: data.settings.group },
          ]}
        />
      )}
      {last && (
        <p className={css.soft}>
          {t('card.signed', { kind: t(`kind.${last.kind}`), by: last.by, moment: moment(last.at) })}
        </p>
      )}
      {data?.cut && (
        <p className={css.late} role="status">
          {t(`card.cut.${data.cut.state}`, {
            ...{ kind: t(`kind.${data.cut.kind}`), moment: moment(data.cut.at), file: data.cut.file },
          })}
        </p>
      )}
      {data?.cut?.problem && <CutProblem problem={data.cut.problem} />}
      {data?.cut?.state === 'kept' && <Dismiss cut={data.cut} disabled={blocked !== null} onDone={again} />}
      {data?.told.map((one) => (
        <ScriptWords key={one.kind} told={one} />
      ))}
      {data && told.length > 0 && (
        <>
          <p role="status">
            {t('card.granted', {
              granted: count(told.filter(({ state }) => state === 'granted').length),
              all: count(data.rooms.length),
            })}
          </p>
          <AccessRooms rooms={data.rooms} />
        </>
      )}
      {asked === 'set' && data && (
        <AccessDialog
          settings={data.settings}
          cloud={data.cloud}
          onClose={() => {
            setAsked(null);
            again();
          }}
        />
      )}
      {asked === 'script' && data?.settings && (
        <ScriptDialog
          settings={data.settings}
          onClose={() => {
            setAsked(null);
            again();
          }}
          onRun={(script, beforeAllMoved) => {
            setAsked(null);
            setResult(null);
            setRun({ script, beforeAllMoved });
          }}
        />
      )}
      {run && (
        <RunDialog
          {...run}
          onClose={() => {
            setRun(null);
            again();
          }}
        />
      )}
    </Card>
  );
}

/** Gives up the very result that is shown, after a question: nothing brings it back. */
function Dismiss({ cut, disabled, onDone }: { cut: AccessCut; disabled: boolean; onDone(): void }) {
  const { t } = useTranslation('microsoft');
  const [asked, setAsked] = useState<AccessCut | null>(null);
  return (
    <div className={css.line}>
      <Button disabled={disabled} onClick={() => setAsked(cut)}>
        {t('card.dismiss')}
      </Button>
      <span className={css.soft}>{t('card.dismissMeans')}</span>
      {asked && (
        <ConfirmDialog
          open
          onClose={() => setAsked(null)}
          title={t('card.dismissTitle')}
          action={t('card.dismiss')}
          onConfirm={() => void call('microsoft.dismissRun', { at: asked.at }).then(onDone, notifyProblem)}
        >
          <p>{t('card.dismissAsk', { kind: t(`kind.${asked.kind}`), moment: moment(asked.at) })}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

/** Why a result was not taken; that another file should be chosen is no help here. No card, which would say that nothing was changed: what that run has changed, nobody can say here. */
function CutProblem({ problem }: { problem: Problem }) {
  const { happened, todo } = problemText(problem);
  return (
    <p className={css.late}>
      {happened} {problem.words && `(${problem.words})`} {problem.code !== 'RESULT_UNREADABLE' && todo}
    </p>
  );
}
