import type { ReactNode } from 'react';
import css from './Toolbar.module.css';

/** Controls in one line that wraps; `end` goes to the right. */
export function Toolbar({ children, end, label }: { children?: ReactNode; end?: ReactNode; label: string }) {
  return (
    <fieldset className={css.bar} aria-label={label}>
      <div className={css.start}>{children}</div>
      {end !== undefined && <div className={css.end}>{end}</div>}
    </fieldset>
  );
}

/** A line across the screen that says how things stand, with one action at most. */
export function Banner({
  kind = 'note',
  children,
  action,
}: {
  kind?: 'note' | 'warn';
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={kind === 'warn' ? css.warn : css.note} role="status">
      <div className={css.text}>{children}</div>
      {action}
    </div>
  );
}
