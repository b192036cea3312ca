import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { SecretField } from '../../design/SecretField.tsx';
import { useAction } from '../../design/useAction.ts';
import { useUnlock } from '../../state/unlock.ts';
import css from './Room.module.css';
import { Title } from './Title.tsx';

export interface OldPasswordProps {
  room: RoomRow;
  detail: RoomDetail;
  changed(): void;
}

/** The calendar password that the device has before its move: no device tells it, so only a person can keep it for an undo. */
export function OldPassword({ room, detail: { oldPasswordKept }, changed }: OldPasswordProps) {
  const { t } = useTranslation('room');
  const unlock = useUnlock();
  const [password, setPassword] = useState('');
  const saving = useAction();
  const keep = async (typed: string) => {
    let isDone = false;
    await saving.run(async () => {
      const input = { roomId: room.id, password: typed };
      isDone = (await unlock(() => call('rooms.oldPassword', input))) !== undefined;
    });
    if (!isDone) return;
    setPassword('');
    changed();
  };
  return (
    <section className={css.section}>
      <Title>{t('oldPassword.title')}</Title>
      <p className={css.soft}>{t('oldPassword.means')}</p>
      <p>{t(oldPasswordKept ? 'oldPassword.kept' : 'oldPassword.none')}</p>
      <SecretField
        label={t(oldPasswordKept ? 'oldPassword.another' : 'oldPassword.label')}
        optional
        value={password}
        onChange={setPassword}
        disabled={saving.since !== null}
      />
      <div className={css.buttons}>
        <Button disabled={password === '' || saving.since !== null} onClick={() => keep(password)}>
          {t('oldPassword.seal')}
        </Button>
        {oldPasswordKept && (
          <Button look="quiet" disabled={saving.since !== null} onClick={() => keep('')}>
            {t('oldPassword.forget')}
          </Button>
        )}
      </div>
    </section>
  );
}
