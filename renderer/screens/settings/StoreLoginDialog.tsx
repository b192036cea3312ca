import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { CredentialKind, Purpose } from '../../../main/contract/site.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { SecretField } from '../../design/SecretField.tsx';
import { Select } from '../../design/Select.tsx';
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

const KINDS: readonly CredentialKind[] = ['basic', 'oauth2'];

/** Stores a login, or replaces the one there is. */
export function StoreLoginDialog({ purpose, roomId = null, onClose, saved }: StoreLoginDialogProps) {
  const { t } = useTranslation(['settings', 'common']);
  const known = useSite()?.credentials.find((one) => one.purpose === purpose && one.roomId === roomId);
  const [kind, setKind] = useState<CredentialKind>(known?.kind ?? 'basic');
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
    const login = { purpose, roomId, username: username.trim(), password, kind };
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
      {purpose === 'infinity' && roomId === null && (
        <Select<CredentialKind>
          label={t('storeLogin.kind')}
          value={kind}
          choices={KINDS.map((value) => ({ value, label: t(`storeLogin.kinds.${value}`) }))}
          onChange={setKind}
          hint={t(`storeLogin.kindMeans.${kind}`)}
        />
      )}
      <TextField
        ref={first}
        label={t(`storeLogin.name.${kind}`)}
        value={username}
        onChange={setUsername}
        example={t(`storeLogin.nameExample.${kind}`)}
        error={tried && username.trim() === '' ? t(`storeLogin.nameMissing.${kind}`) : null}
      />
      <SecretField
        label={t(`storeLogin.secret.${kind}`)}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint={t(`storeLogin.secretHint.${kind}`)}
        error={tried && password === '' ? t(`storeLogin.secretMissing.${kind}`) : null}
      />
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}
