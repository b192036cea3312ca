import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { Purpose } from '../../../main/contract/site.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { SecretField } from '../../design/SecretField.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { useSite } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { unlocked } from '../../state/unlock.ts';

export interface StoreLoginDialogProps {
  purpose: Purpose;
  /** null = for the whole site. */
  roomId?: number | null;
  onClose(): void;
  saved?(): void;
}

/** Stores a login, or replaces the one there is. */
export function StoreLoginDialog({ purpose, roomId = null, onClose, saved }: StoreLoginDialogProps) {
  const { t } = useTranslation(['settings', 'common']);
  const known = useSite()?.credentials.find((one) => one.purpose === purpose && one.roomId === roomId);
  const [username, setUsername] = useState(known?.username ?? '');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const saving = useAction();
  const first = useRef<HTMLInputElement>(null);
  const name = t(`logins.purpose.${purpose}`);
  const save = async () => {
    setTried(true);
    setProblem(null);
    if (username.trim() === '' || password === '') return;
    const login = { purpose, roomId, username: username.trim(), password };
    if (!(await unlocked())) return;
    await saving.run(
      async () => {
        useStore.setState({ site: await call('credentials.save', login) });
        notify({ title: t('storeLogin.saved', { purpose: name }) });
        onClose();
        saved?.();
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('storeLogin.title', { purpose: name })}
      description={t(`logins.for.${purpose}`)}
      onSubmit={save}
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button
            look="primary"
            submit
            busy={saving.since === null ? null : { what: t('saving'), since: saving.since }}
          >
            {t('storeLogin.save')}
          </Button>
        </>
      }
    >
      <TextField
        ref={first}
        label={t('logins.username')}
        value={username}
        onChange={setUsername}
        example={t('storeLogin.usernameExample')}
        error={tried && username.trim() === '' ? t('storeLogin.usernameMissing') : null}
      />
      <SecretField
        label={t('logins.password')}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint={t('storeLogin.passwordHint')}
        error={tried && password === '' ? t('storeLogin.passwordMissing') : null}
      />
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}
