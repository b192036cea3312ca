import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { SiteView } from '../../../main/contract/site.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { SecretField } from '../../design/SecretField.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { useApp, useJob } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { unlocked } from '../../state/unlock.ts';
import css from './Settings.module.css';

/** Whether the site is open, and whether this computer opens it by itself. */
export function PassphraseCard({ site: { locked, remembered, path } }: { site: SiteView }) {
  const { t } = useTranslation('settings');
  const keychain = useApp()?.keychain ?? false;
  const result = useJob('practice')?.result;
  const practice = result?.kind === 'practice' && result.path === path ? result.passphrase : null;
  const [asked, setAsked] = useState(false);
  const forget = async () => {
    useStore.setState({ site: await call('site.forgetKey', undefined) });
    notify({ title: t('passphrase.forgotten') });
  };
  return (
    <Card title={t('section.passphrase')}>
      <div className={css.line}>
        <p>{t(locked ? 'passphrase.locked' : 'passphrase.unlocked')}</p>
        {locked && <Button onClick={() => void unlocked()}>{t('passphrase.unlock')}</Button>}
      </div>
      {practice !== null && (
        <p>
          {t('passphrase.practice')} <code>{practice}</code>
        </p>
      )}
      {keychain ? (
        <div className={css.line}>
          <p>{t(remembered ? 'passphrase.remembered' : 'passphrase.notRemembered')}</p>
          {remembered ? (
            <Button onClick={() => void forget().catch(notifyProblem)}>{t('passphrase.forget')}</Button>
          ) : (
            <Button onClick={() => setAsked(true)}>{t('passphrase.remember')}</Button>
          )}
        </div>
      ) : (
        <p>{t('passphrase.noKeychain')}</p>
      )}
      <p className={css.soft}>{t('passphrase.noChange')}</p>
      {asked && <RememberDialog onClose={() => setAsked(false)} />}
    </Card>
  );
}

function RememberDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation(['settings', 'common']);
  const [passphrase, setPassphrase] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refused, setRefused] = useState(false);
  const { since, run } = useAction();
  const remember = async () => {
    setProblem(null);
    setRefused(false);
    await run(
      async () => {
        const site = await call('site.unlock', { passphrase, remember: true });
        useStore.setState({ site });
        if (!site.remembered) return setRefused(true);
        notify({ title: t('passphrase.rememberDone') });
        onClose();
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('passphrase.remember')}
      description={t('passphrase.rememberMeans')}
      onSubmit={remember}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" submit busy={since === null ? null : { what: t('saving'), since }}>
            {t('passphrase.rememberDo')}
          </Button>
        </>
      }
    >
      <SecretField
        label={t('passphrase.passphrase')}
        value={passphrase}
        onChange={setPassphrase}
        autoFocus
        error={refused ? t('passphrase.rememberNot') : null}
      />
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}
