import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../main/contract/methods.ts';
import type { BackupItemView } from '../../../main/contract/rooms.ts';
import { Dialog } from '../../design/Dialog.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { useAnswer } from '../../state/hooks.ts';
import { TextView } from './diff/TextView.tsx';

export interface BackupDialogProps {
  roomId: number;
  /** What to show; the site must be unlocked by then. */
  item: BackupItemView;
  onClose(): void;
}

/** One text of the backup, redacted. */
export function BackupDialog({ roomId, item, onClose }: BackupDialogProps) {
  const { t } = useTranslation('room');
  const common = useTranslation('common').t;
  const { data, problem, slow } = useAnswer('rooms.backup', { roomId });
  const [since] = useState(() => Date.now());
  const text = data && textOf(data, item);
  return (
    <Dialog
      open
      onClose={onClose}
      size="l"
      title={t('evidence.viewing', { kind: item.kind, name: item.name })}
      description={t('evidence.redacted')}
    >
      {slow && <Elapsed what={common('loading')} since={since} />}
      {problem && <ProblemCard problem={problem} />}
      {text !== null && <TextView name={item.name} text={text} />}
    </Dialog>
  );
}

/** Texts come without their hashes: the last one of a kind and name is the one that an undo puts back. */
function textOf(texts: Output<'rooms.backup'>, { kind, name, open }: BackupItemView): string | null {
  const fitting = texts.filter((one) => one.kind === kind && one.name === name);
  return (fitting.findLast((one) => one.open === open) ?? fitting.at(-1))?.content ?? null;
}
