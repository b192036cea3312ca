import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import type { TeamAgreed } from '../../../main/contract/team.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { TeamRooms } from '../results/TeamRooms.tsx';
import { Blocked } from './RunDialog.tsx';
import { manualScope, undoScope } from './scope.ts';
import { useBlocked, useStarter } from './useWork.ts';

export interface BulkDialogProps {
  /** The rooms that somebody chose. */
  rooms: readonly RoomRow[];
  onClose(): void;
}

function amount(value: number): { count: number; formatted: string } {
  return { count: value, formatted: count(value) };
}

/** A dialog that only says why nothing can be done. */
function Nothing({ title, text, onClose }: { title: string; text: ReactNode; onClose(): void }) {
  const { t } = useTranslation('common');
  return (
    <Dialog open onClose={onClose} title={title} actions={<Button onClick={onClose}>{t('close')}</Button>}>
      {text}
    </Dialog>
  );
}

export function UndoDialog({ rooms, onClose }: BulkDialogProps) {
  const { t } = useTranslation(['rooms', 'common']);
  const { start } = useStarter();
  const blocked = useBlocked();
  const [agreed, setAgreed] = useState<readonly TeamAgreed[]>([]);
  const { ids, moved, poly, nothing, underWay } = undoScope(rooms);
  const many = amount(ids.length);
  const title = t('undo.title', many);
  if (blocked !== null) return <Nothing title={title} text={<Blocked blocked={blocked} />} onClose={onClose} />;
  if (ids.length === 0) return <Nothing title={title} text={<p>{t('undo.none')}</p>} onClose={onClose} />;
  const lines = [
    moved > 0 && t('undo.moved', amount(moved)),
    ids.length > moved && t('undo.prepared', amount(ids.length - moved)),
    poly > 0 && t('undo.poly', amount(poly)),
    nothing > 0 && t('undo.nothing', amount(nothing)),
    underWay > 0 && t('undo.underWay', amount(underWay)),
  ].filter((line) => line !== false);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={title}
      action={t('undo.go', many)}
      word={t('undo.word')}
      onConfirm={() => void start({ do: 'undo', rooms: ids, taken: agreed })}
    >
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <TeamRooms ids={ids} rooms={rooms} agreed={agreed} onAgree={setAgreed} />
    </ConfirmDialog>
  );
}

export function TickDialog({ rooms, onClose }: BulkDialogProps) {
  const { t } = useTranslation(['rooms', 'common']);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const { since, run } = useAction();
  const field = useRef<HTMLInputElement>(null);
  const { ids, steps } = manualScope(rooms);
  const title = t('tick.title', amount(ids.length));
  if (ids.length === 0) return <Nothing title={title} text={<p>{t('tick.none')}</p>} onClose={onClose} />;
  const tick = async () => {
    const { ticked } = await call('rooms.tick', { roomIds: [...ids], kind: null, note: note.trim() });
    notify({ title: t('tick.done', amount(ticked)) });
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={field}
      title={title}
      description={t('tick.text', amount(steps))}
      onSubmit={() => {
        setProblem(null);
        void run(tick, (thrown) => setProblem(problemOf(thrown)));
      }}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button submit look="primary" busy={since === null ? null : { what: t('run.starting'), since }}>
            {t('tick.go')}
          </Button>
        </>
      }
    >
      {problem && <ProblemCard problem={problem} />}
      <TextField
        ref={field}
        label={t('tick.note')}
        optional
        example={t('tick.noteExample')}
        value={note}
        onChange={setNote}
      />
    </Dialog>
  );
}
