import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Take } from '../../../main/contract/conflict.ts';
import type { Problem } from '../../../main/contract/errors.ts';
import type { Output } from '../../../main/contract/methods.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import css from './Sync.module.css';

type Changed = Output<'outbox.list'>[number];
type Conflict = NonNullable<Changed['conflict']>;

export interface ConflictDialogProps {
  room: string;
  roomId: number;
  conflict: Conflict;
  /** Work goes on, so nothing can be decided now. */
  blocked: boolean;
  onClose(): void;
  settled(): void;
}

/** What somebody has set on Infinity beside what we wrote and what the site file has, and the decision. */
export function ConflictDialog({ room, roomId, conflict, blocked, onClose, settled }: ConflictDialogProps) {
  const { t } = useTranslation(['sync', 'common']);
  const [problem, setProblem] = useState<Problem | null>(null);
  const saving = useAction();
  const how = conflict.gone ? 'gone' : conflict.foreign ? 'foreign' : conflict.wish;
  const take = async (whose: Take) => {
    setProblem(null);
    const ok = await saving.run(
      () => call('outbox.settle', { roomId, take: whose }),
      (thrown) => setProblem(problemOf(thrown)),
    );
    if (!ok) return;
    notify({ title: t(`conflict.${how}.${whose}Done`) });
    settled();
    onClose();
  };
  const disabled = blocked || saving.since !== null;
  return (
    <Dialog
      open
      onClose={onClose}
      size="l"
      title={t(conflict.foreign ? 'conflict.titleForeign' : 'conflict.title', { room: room.slice(0, 100) })}
      description={t(`conflict.${how}.means`)}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button disabled={disabled} onClick={() => void take('infinity')}>
            {t(`conflict.${how}.infinity`)}
          </Button>
          {/* One from before us that is gone cannot be put back. */}
          {!(conflict.gone && conflict.wish === 'restore') && (
            <Button disabled={disabled} look="danger" onClick={() => void take('site')}>
              {t(`conflict.${how}.site`)}
            </Button>
          )}
        </>
      }
    >
      <table className={css.three} aria-label={t('conflict.values')}>
        <thead>
          <tr>
            <th scope="col">{t('conflict.field')}</th>
            <th scope="col">{t('conflict.base')}</th>
            <th scope="col">{t('conflict.theirs')}</th>
            {conflict.wish !== 'remove' && <th scope="col">{t('conflict.ours')}</th>}
          </tr>
        </thead>
        <tbody>
          {conflict.fields.map(({ field, base, theirs, ours }) => (
            <tr key={field}>
              <th scope="row">
                <code>{field}</code>
              </th>
              <Value value={base} />
              <Value value={theirs} />
              {conflict.wish !== 'remove' && <Value value={ours} />}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.soft}>{t('conflict.password')}</p>
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}

/** As it stands on Infinity: text of somebody else, so it is shown as text and clipped. */
function Value({ value }: { value: Conflict['fields'][number]['theirs'] }) {
  const text = value === null || value === '' ? '–' : String(value);
  return (
    <td dir="auto" title={text.slice(0, 1000)}>
      {text.slice(0, 300)}
    </td>
  );
}
