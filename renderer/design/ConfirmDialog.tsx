import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { TextField } from './Field.tsx';

export interface ConfirmDialogProps {
  open: boolean;
  onClose(): void;
  title: string;
  /** What it touches, in numbers. */
  children: ReactNode;
  /** Label of the button that does it. */
  action: string;
  /** Word to be typed first, for what cannot be taken back at once; in the chosen language. */
  word?: string;
  onConfirm(): void;
}

/** For dangerous actions only: ordinary ones are done at once and can be undone from a toast. */
export function ConfirmDialog({ open, onClose, title, children, action, word, onConfirm }: ConfirmDialogProps) {
  const { t } = useTranslation('common');
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (open) setTyped('');
  }, [open]);
  const isMeant = word === undefined || typed.trim().toLocaleLowerCase() === word.toLocaleLowerCase();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      onSubmit={() => {
        if (!isMeant) return;
        onClose();
        onConfirm();
      }}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="danger" submit disabled={!isMeant}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      {word !== undefined && <TextField label={t('typeWord', { word })} value={typed} onChange={setTyped} />}
    </Dialog>
  );
}
