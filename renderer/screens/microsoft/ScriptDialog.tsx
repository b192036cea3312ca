import { ExternalLink, Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { AccessScript, AccessSettings, ScriptKind } from '../../../main/contract/microsoft/access.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextArea } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Select } from '../../design/Select.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import { useAnswer } from '../../state/hooks.ts';
import css from '../infinity/Infinity.module.css';
import own from './Microsoft.module.css';

interface ScriptDialogProps {
  settings: AccessSettings;
  onClose(): void;
  /** It was read, and is to be run on this computer. */
  onRun(script: AccessScript, beforeAllMoved: boolean): void;
}

/** A script is read, signed off, and written, or run where PowerShell is at hand. */
export function ScriptDialog({ settings, onClose, onRun }: ScriptDialogProps) {
  const { t } = useTranslation(['microsoft', 'common']);
  const kinds: ScriptKind[] = [settings.scope, ...(settings.oldAppId === null ? [] : ['remove' as const])];
  const [kind, setKind] = useState<ScriptKind>(settings.scope);
  const [read, setRead] = useState(false);
  const [early, setEarly] = useState(false);
  const [path, setPath] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  const signing = useAction();
  const { data: script, problem: unmade } = useAnswer('microsoft.script', { kind }, [tries]);
  const { data: shell } = useAnswer('microsoft.powershell', undefined);
  const sign = () => {
    if (!script) return;
    setProblem(null);
    const { id, sha256 } = script;
    void signing.run(
      async () => setPath((await call('microsoft.sign', { kind, id, sha256, beforeAllMoved: early })).path),
      (thrown) => {
        setProblem(problemOf(thrown));
        setRead(false);
        // It is shown as it is now.
        setTries((was) => was + 1);
      },
    );
  };
  const mayWrite = script !== null && read && (script.notMoved === 0 || early);
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={t('script.title')}
      description={t('script.means')}
      onSubmit={path === null ? sign : onClose}
      actions={
        path === null ? (
          <>
            <Button onClick={onClose}>{t('common:cancel')}</Button>
            {shell?.state === 'ready' && (
              <Button icon={Play} disabled={!mayWrite} onClick={() => script && onRun(script, early)}>
                {t('script.run')}
              </Button>
            )}
            <Button
              look="primary"
              submit
              disabled={!mayWrite}
              busy={signing.since === null ? null : { what: t('script.writing'), since: signing.since }}
            >
              {t('script.sign')}
            </Button>
          </>
        ) : (
          <Button look="primary" submit>
            {t('common:close')}
          </Button>
        )
      }
    >
      {(problem ?? unmade) && <ProblemCard problem={(problem ?? unmade) as Problem} />}
      {path !== null && (
        <section className={css.part} role="status" aria-label={t('script.written')}>
          <p>{t('script.written')}</p>
          <p className={css.evidence} dir="auto">
            {path}
          </p>
          <div>
            <Button icon={ExternalLink} onClick={() => void call('files.open', { path }).catch(notifyProblem)}>
              {t('script.open')}
            </Button>
          </div>
          <ol className={own.next}>
            <li>{t('script.next1')}</li>
            <li>
              {t('script.next2')} <code className={css.evidence}>{t('script.look', { file: nameOf(path) })}</code>
            </li>
            <li>
              {t('script.next3')} <code className={css.evidence}>{t('script.apply', { file: nameOf(path) })}</code>
            </li>
            <li>{t('script.next4')}</li>
          </ol>
        </section>
      )}
      {path === null && kinds.length > 1 && (
        <Select
          label={t('script.which')}
          value={kind}
          choices={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          onChange={(value) => {
            setKind(value);
            setRead(false);
          }}
        />
      )}
      {path === null && script && (
        <>
          {script.left.map(({ room, problem: why }) => (
            <p key={room} dir="auto">
              {t('script.left')} <b>{room}</b> {problemText(why).happened} <code>{why.words}</code>
            </p>
          ))}
          <TextArea label={t('script.text')} value={script.text} onChange={() => undefined} readOnly mono rows={16} />
          <p className={css.soft}>
            {t('script.hash')} <span className={css.evidence}>{script.sha256}</span>
          </p>
          <Checkbox checked={read} onChange={setRead} label={t('script.read')} />
          {shell && (
            <p className={css.soft}>
              {t(`shell.${shell.state}`, { version: shell.version ?? '', module: shell.module ?? '' })}{' '}
              {shell.words && (
                <span className={css.evidence} dir="auto">
                  {shell.words}
                </span>
              )}
            </p>
          )}
          {script.notMoved > 0 && (
            <Checkbox
              checked={early}
              onChange={setEarly}
              label={t('script.early', { count: script.notMoved, formatted: count(script.notMoved) })}
            />
          )}
        </>
      )}
    </Dialog>
  );
}

function nameOf(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return /[^\w.-]/.test(name) ? `"${name}"` : name;
}
