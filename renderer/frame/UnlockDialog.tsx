import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../main/contract/errors.ts';
import { call, problemOf } from '../bridge/bridge.ts';
import { Button } from '../design/Button.tsx';
import { Checkbox } from '../design/Checkbox.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { SecretField } from '../design/SecretField.tsx';
import { useAction } from '../design/useAction.ts';
import { problemText } from '../i18n/words.ts';
import { useApp } from '../state/hooks.ts';
import { useStore } from '../state/store.ts';

/** Asks for the passphrase at the moment when something sealed is needed (see state/unlock.ts). */
export function UnlockDialog() {
  const { t } = useTranslation(['frame', 'common']);
  const unlocking = useStore((store) => store.unlocking);
  const keychain = useApp()?.keychain ?? false;
  const { since, run } = useAction();
  const [passphrase, setPassphrase] = useState('');
  const [remember, setRemember] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    if (unlocking) return;
    // Not a moment longer than it is needed.
    setPassphrase('');
    setProblem(null);
  }, [unlocking]);
  const end = (opened: boolean) => {
    useStore.setState({ unlocking: null });
    unlocking?.(opened);
  };
  const submit = async () => {
    setProblem(null);
    const ok = await run(
      async () => useStore.setState({ site: await call('site.unlock', { passphrase, remember }) }),
      (thrown) => setProblem(problemOf(thrown)),
    );
    if (ok) end(true);
  };
  return (
    <Dialog
      open={unlocking !== null}
      onClose={() => end(false)}
      title={t('unlocking.title')}
      description={t('unlocking.why')}
      onSubmit={submit}
      actions={
        <>
          <Button onClick={() => end(false)}>{t('common:cancel')}</Button>
          <Button look="primary" submit busy={since === null ? null : { what: t('unlocking.working'), since }}>
            {t('unlock')}
          </Button>
        </>
      }
    >
      <SecretField
        label={t('unlocking.passphrase')}
        value={passphrase}
        onChange={setPassphrase}
        autoFocus
        error={problem && `${problemText(problem).happened} ${problemText(problem).todo}`}
      />
      {keychain && (
        <Checkbox
          label={t('unlocking.remember')}
          hint={t('unlocking.rememberMeans')}
          checked={remember}
          onChange={setRemember}
        />
      )}
    </Dialog>
  );
}
