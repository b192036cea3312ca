import type { ReactNode } from 'react';
import css from './EmptyState.module.css';

/** Nothing here yet: one sentence that teaches, and one action. */
export function EmptyState({ text, action, children }: { text: string; action?: ReactNode; children?: ReactNode }) {
  return (
    <div className={css.empty}>
      <p className={css.text}>{text}</p>
      {action}
      {children}
    </div>
  );
}
