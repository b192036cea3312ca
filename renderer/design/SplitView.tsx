import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import css from './SplitView.module.css';

/**
 * Main part with details at its right: beside it where the window is 1100 px wide or more, else sliding over it.
 * Escape in the details closes them.
 */
export function SplitView({
  children,
  details,
  label,
  onClose,
}: {
  children: ReactNode;
  /** null = nothing is open. */
  details: ReactNode | null;
  /** Name of the details, for readers by ear. */
  label: string;
  onClose(): void;
}) {
  const { t } = useTranslation('common');
  return (
    <div className={css.split}>
      <div className={css.main}>{children}</div>
      {details !== null && (
        <aside
          className={css.details}
          aria-label={label}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || event.defaultPrevented) return;
            event.preventDefault();
            onClose();
          }}
        >
          <div className={css.close}>
            <IconButton icon={X} label={t('close')} onClick={onClose} />
          </div>
          <div className={css.scroll}>{details}</div>
        </aside>
      )}
    </div>
  );
}
