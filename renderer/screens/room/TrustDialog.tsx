import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { DataList } from '../../design/DataList.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { useAction } from '../../design/useAction.ts';
import type { RoomDialogProps } from './dialogProps.ts';
import css from './Room.module.css';
import { keyChanges } from './said.ts';
import { fingerprint } from './words.ts';

/** The key that the device was known by beside the one it shows, and the decision which is right. */
export function TrustDialog({ room, detail, changed, onClose }: RoomDialogProps) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  const [problem, setProblem] = useState<Problem | null>(null);
  const trusting = useAction();
  const cancel = useRef<HTMLButtonElement>(null);
  const [change] = keyChanges(detail.problem?.words ?? '');
  // Which key is to be believed has to have been seen: the password goes to whoever shows it.
  const trust = async (shown: string) => {
    const isDone = await trusting.run(
      () => call('rooms.trust', { roomId: room.id, shown }),
      (thrown) => setProblem(problemOf(thrown)),
    );
    if (!isDone) return;
    changed();
    onClose();
  };
  const print = (sha256: string) => <code className={css.fingerprint}>{fingerprint(sha256)}</code>;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('trust.title')}
      description={t('trust.means')}
      initialFocus={cancel}
      actions={
        <>
          <Button ref={cancel} onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button
            look="danger"
            disabled={!change || trusting.since !== null}
            onClick={() => change && void trust(change.shown)}
          >
            {t('trust.do')}
          </Button>
        </>
      }
    >
      {change ? (
        <>
          <h3>{t(`trust.${change.kind}`)}</h3>
          <DataList
            items={[
              { term: t('trust.known'), value: print(change.known) },
              { term: t('trust.shown'), value: print(change.shown) },
            ]}
          />
        </>
      ) : (
        <>
          <p className={css.said}>{detail.problem?.words}</p>
          <p>{t('trust.unread')}</p>
        </>
      )}
      <p className={css.soft}>{t('trust.after')}</p>
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}
