import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { Input } from '../../../main/contract/methods.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { useRunningJob, useSite } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import css from './Settings.module.css';
import { onThisSite } from './sameSite.ts';

type Change = Input<'site.change'>;

export interface SavedCardProps {
  title: string;
  dirty: boolean;
  /** What would be saved; null = something does not fit. */
  change: Change | null;
  /** What takes it back. */
  before: Change;
  onTried(): void;
  onDiscard(): void;
  children: ReactNode;
}

/** A part of the settings that is saved as one. */
export function SavedCard({ title, dirty, change, before, onTried, onDiscard, children }: SavedCardProps) {
  const { t } = useTranslation('settings');
  const [problem, setProblem] = useState<Problem | null>(null);
  const blocked = useSavingBlocked();
  const saving = useAction();
  const save = async () => {
    onTried();
    setProblem(null);
    if (!change || !dirty) return;
    await saving.run(
      async () => {
        await send(change);
        onDiscard();
        notify({
          title: t('saved', { section: title }),
          undo: onThisSite(() => void send(before).catch(notifyProblem)),
        });
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return (
    <Card title={title}>
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {children}
        {problem && <ProblemCard problem={problem} />}
        <div className={css.line}>
          <Button
            submit
            look={dirty ? 'primary' : 'plain'}
            disabled={!dirty || blocked !== null}
            busy={saving.since === null ? null : { what: t('saving'), since: saving.since }}
          >
            {t('save')}
          </Button>
          {dirty && (
            <>
              <Button look="quiet" onClick={onDiscard}>
                {t('discard')}
              </Button>
              <span className={css.soft} role="status">
                {blocked === null ? t('unsaved') : t(`blocked.${blocked}`)}
              </span>
            </>
          )}
        </div>
      </form>
    </Card>
  );
}

async function send(change: Change): Promise<void> {
  useStore.setState({ site: await call('site.change', change) });
}

/** Why nothing of the site can be changed now; null = it can. */
export function useSavingBlocked(): 'job' | 'elsewhere' | null {
  const site = useSite();
  const job = useRunningJob();
  if (site?.busyElsewhere) return 'elsewhere';
  return job === null ? null : 'job';
}
