import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import type { TeamAgreed } from '../../../main/contract/team.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { SecretField } from '../../design/SecretField.tsx';
import { useAction } from '../../design/useAction.ts';
import { isPoly } from '../../state/family.ts';
import { TeamRooms } from '../results/TeamRooms.tsx';
import type { RoomDialogProps } from './dialogProps.ts';
import css from './Room.module.css';

/** What an undo does to this room, before it does. */
export function UndoDialog({ room, detail, deeds, onClose }: RoomDialogProps) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  const [oldPassword, setOldPassword] = useState('');
  const [agreed, setAgreed] = useState<readonly TeamAgreed[]>([]);
  const starting = useAction();
  const cancel = useRef<HTMLButtonElement>(null);
  const taken = goingBack(detail);
  const isOfPoly = isPoly(room.family);
  const isByHand = detail.manual.some(({ kind }) => kind === 'device-by-hand');
  const isPrepared = !detail.backup.some(({ open }) => open);
  const undo = () =>
    starting.run(async () => {
      const insist = room.code === 'LOGIN_REFUSED';
      onClose();
      await deeds.start('jobs.undo', {
        rooms: [room.id],
        insist,
        oldPassword: oldPassword || null,
        taken: [...agreed],
      });
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('undo.title', { room: room.name })}
      onSubmit={undo}
      initialFocus={cancel}
      actions={
        <>
          <Button ref={cancel} onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button look="danger" submit disabled={starting.since !== null}>
            {room.undoUnfinished ? t('undo.finish') : t('undo.do')}
          </Button>
        </>
      }
    >
      <p>{isByHand ? t('undo.hand') : isPrepared ? t('undo.prepared') : isOfPoly ? t('undo.poly') : t('undo.cisco')}</p>
      {taken.length > 0 && (
        <section className={css.section}>
          <h3>{isOfPoly ? t('undo.settings') : t('undo.macros')}</h3>
          <ul className={css.list}>
            {taken.map((name) => (
              <li key={name} dir="auto">
                {name}
              </li>
            ))}
          </ul>
        </section>
      )}
      <TeamRooms ids={[room.id]} rooms={[room]} agreed={agreed} onAgree={setAgreed} />
      {isOfPoly && !isPrepared && (
        <SecretField
          label={t('undo.oldPassword')}
          optional
          value={oldPassword}
          onChange={setOldPassword}
          hint={t(detail.oldPasswordKept ? 'undo.oldPasswordKept' : 'undo.oldPasswordHint')}
        />
      )}
    </Dialog>
  );
}

/** Macros that were taken, or the settings of a calendar that were set. */
function goingBack({ backup, plan, room }: RoomDetail & { room: RoomRow }): string[] {
  if (isPoly(room.family)) {
    const set = plan?.steps.filter(({ stage }) => stage === 'cutover') ?? [];
    return set.flatMap(({ changes }) =>
      changes.filter(({ before, after }) => before !== after).map(({ setting }) => setting),
    );
  }
  return [...new Set(backup.filter(({ kind, open }) => kind === 'taken' && open).map(({ name }) => name))];
}
