import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { useAction } from '../../design/useAction.ts';
import type { RoomDialogProps } from './dialogProps.ts';

/** Where the room's device is, and which one is expected there. */
export function AddressDialog({ room, changed, onClose }: RoomDialogProps) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  const [address, setAddress] = useState(room.address ?? '');
  const [serial, setSerial] = useState(room.serial ?? '');
  const [isTried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const saving = useAction();
  const first = useRef<HTMLInputElement>(null);
  const missing = address.trim() === '' && room.address !== null;
  const nothing = address.trim() === '' && serial.trim() === (room.serial ?? '');
  const save = async () => {
    setTried(true);
    if (missing || nothing) return;
    const isSaved = await saving.run(
      () =>
        call('rooms.correct', {
          roomId: room.id,
          address: changedTo(address, room.address),
          serial: changedTo(serial, room.serial),
        }),
      (thrown) => setProblem(problemOf(thrown)),
    );
    if (!isSaved) return;
    changed();
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('address.title', { room: room.name })}
      onSubmit={save}
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" submit disabled={saving.since !== null}>
            {t('address.save')}
          </Button>
        </>
      }
    >
      <TextField
        ref={first}
        label={t('address.address')}
        value={address}
        onChange={setAddress}
        example={t('address.addressExample')}
        error={isTried && (missing || nothing) ? t('address.addressMissing') : null}
      />
      <TextField
        label={t('address.serial')}
        optional
        value={serial}
        onChange={setSerial}
        hint={t('address.serialHint')}
        example={t('address.serialExample')}
      />
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}

/** What was not changed is not sent: null keeps it. */
function changedTo(typed: string, was: string | null): string | null {
  return typed.trim() === (was ?? '') ? null : typed.trim();
}
