import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { ResultConflict, ResultTake } from '../../../main/contract/microsoft/results.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import sync from '../sync/Sync.module.css';

export interface ResultDialogProps {
  room: string;
  roomId: number;
  conflict: ResultConflict;
  /** Of what is shown. */
  mark: string;
  /** Work goes on, so nothing can be decided now. */
  blocked: boolean;
  onClose(): void;
  settled(): void;
}

/** What somebody has changed in the list beside what we wrote and what the site file has, and the decision. */
export function ResultDialog({ room, roomId, conflict, mark, blocked, onClose, settled }: ResultDialogProps) {
  const { t } = useTranslation(['results', 'common']);
  const [problem, setProblem] = useState<Problem | null>(null);
  const saving = useAction();
  const take = async (whose: ResultTake) => {
    setProblem(null);
    const ok = await saving.run(
      () => call('results.decide', { roomId, take: whose, shown: mark }),
      (thrown) => {
        setProblem(problemOf(thrown));
        // The table behind is to have what is true now.
        settled();
      },
    );
    if (!ok) return;
    notify({ title: t('conflict.settled') });
    settled();
    onClose();
  };
  const disabled = blocked || saving.since !== null;
  return (
    <Dialog
      open
      onClose={onClose}
      size="l"
      title={t('conflict.title', { room: room.slice(0, 100) })}
      description={t(conflict.gone ? 'conflict.goneMeans' : 'conflict.means')}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button disabled={disabled} onClick={() => void take('list')}>
            {t(conflict.gone ? 'conflict.listGone' : 'conflict.list')}
          </Button>
          <Button disabled={disabled} look="danger" onClick={() => void take('site')}>
            {t(conflict.gone ? 'conflict.siteGone' : 'conflict.site')}
          </Button>
        </>
      }
    >
      <table className={sync.three} aria-label={t('conflict.values')}>
        <thead>
          <tr>
            <th scope="col">{t('conflict.column')}</th>
            <th scope="col">{t('conflict.base')}</th>
            {!conflict.gone && <th scope="col">{t('conflict.theirs')}</th>}
            <th scope="col">{t('conflict.ours')}</th>
          </tr>
        </thead>
        <tbody>
          {conflict.fields.map(({ column, base, theirs, ours }) => (
            <tr key={column}>
              <th scope="row">{t(`column.${column}`)}</th>
              <Value value={base} />
              {!conflict.gone && <Value value={theirs} />}
              <Value value={ours} />
            </tr>
          ))}
        </tbody>
      </table>
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}

/** Text of somebody else, so it is shown as text and clipped. */
function Value({ value }: { value: string | number | null }) {
  const text = value === null || value === '' ? '–' : String(value);
  return (
    <td dir="auto" title={text.slice(0, 1000)}>
      {text.slice(0, 300)}
    </td>
  );
}
