import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { FormEvent, ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import { classes } from './classes.ts';
import css from './Dialog.module.css';

export interface DialogProps {
  open: boolean;
  /** Escape, the cross, a click outside. */
  onClose(): void;
  title: string;
  /** One sentence below the title. */
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons at the bottom, the main one last. */
  actions?: ReactNode;
  /** Given: the content is a form; Enter and a button with `submit` send it. */
  onSubmit?(): void;
  /** `m` 32rem (default), `l` 48rem, `xl` nearly the whole window. */
  size?: 'm' | 'l' | 'xl';
  /** What takes the focus at first; else the first control. */
  initialFocus?: RefObject<HTMLElement | null>;
}

export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  actions,
  onSubmit,
  size = 'm',
  initialFocus,
}: DialogProps) {
  const { t } = useTranslation('common');
  const content = (
    <>
      {children !== undefined && <div className={css.body}>{children}</div>}
      {actions !== undefined && <div className={css.actions}>{actions}</div>}
    </>
  );
  return (
    <Base.Root
      open={open}
      onOpenChange={(now) => {
        if (!now) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={css.backdrop} />
        <Base.Popup className={classes(css.popup, css[size])} {...(initialFocus ? { initialFocus } : {})}>
          <Base.Title className={css.title}>{title}</Base.Title>
          {description !== undefined && <Base.Description className={css.description}>{description}</Base.Description>}
          {onSubmit ? (
            <form
              className={css.form}
              noValidate
              onSubmit={(event: FormEvent) => {
                event.preventDefault();
                onSubmit();
              }}
            >
              {content}
            </form>
          ) : (
            content
          )}
          {/* Last, so that the focus comes to what is asked and not to the way out. */}
          <div className={css.close}>
            <Base.Close render={<IconButton icon={X} label={t('close')} />} />
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
