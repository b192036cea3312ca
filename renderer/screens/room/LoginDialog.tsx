import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { DrivenFamily, Family } from '../../../main/contract/plan.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { SecretField } from '../../design/SecretField.tsx';
import { Select } from '../../design/Select.tsx';
import { useAction } from '../../design/useAction.ts';
import { familyWord } from '../../i18n/words.ts';
import { useSite } from '../../state/hooks.ts';
import { useUnlock } from '../../state/unlock.ts';
import type { RoomDialogProps } from './dialogProps.ts';
import { loginOf } from './logins.ts';

/** The login with which this room's device, or all of its kind, are signed in to. */
export function LoginDialog({ room, changed, onClose }: RoomDialogProps) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  const known = loginOf(useSite()?.credentials ?? [], room);
  const unlock = useUnlock();
  const [family, setFamily] = useState<DrivenFamily>(drivenFamily(room.family));
  // A login that is missing altogether is missing for all rooms; one that was refused here is this room's affair.
  const [scope, setScope] = useState<'room' | 'site'>(known ? 'room' : 'site');
  const [username, setUsername] = useState(known?.username ?? '');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const saving = useAction();
  const first = useRef<HTMLInputElement>(null);
  const save = async () => {
    setTried(true);
    if (username.trim() === '' || password === '') return;
    const credential = {
      purpose: family,
      roomId: scope === 'room' ? room.id : null,
      username: username.trim(),
      password,
    };
    let isDone = false;
    await saving.run(
      async () => {
        isDone = (await unlock(() => call('credentials.save', credential))) !== undefined;
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
    if (!isDone) return;
    changed();
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('login.title', { room: room.name })}
      description={t('login.hint')}
      onSubmit={save}
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" submit disabled={saving.since !== null}>
            {t('login.save')}
          </Button>
        </>
      }
    >
      {room.family === null && (
        <Select<DrivenFamily>
          label={t('login.family')}
          value={family}
          onChange={setFamily}
          choices={[
            { value: 'cisco-roomos', label: familyWord('cisco-roomos') },
            { value: 'poly-videoos', label: familyWord('poly-videoos') },
            { value: 'poly-group', label: familyWord('poly-group') },
            { value: 'poly-trio', label: familyWord('poly-trio') },
          ]}
        />
      )}
      <TextField
        ref={first}
        label={t('login.username')}
        value={username}
        onChange={setUsername}
        example={t('login.usernameExample')}
        error={isTried && username.trim() === '' ? t('login.usernameMissing') : null}
      />
      <SecretField
        label={t('login.password')}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        error={isTried && password === '' ? t('login.passwordMissing') : null}
      />
      <Select<'room' | 'site'>
        label={t('login.scope')}
        value={scope}
        onChange={setScope}
        choices={[
          { value: 'room', label: t('login.scopeRoom') },
          { value: 'site', label: t('login.scopeSite', { family: familyWord(family) }) },
        ]}
      />
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}

/** Devices that are moved by hand need no login. */
function drivenFamily(family: Family | null): DrivenFamily {
  return family === null || family === 'poly-hdx' || family === 'poly-debut' ? 'cisco-roomos' : family;
}
