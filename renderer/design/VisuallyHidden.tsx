import type { ReactNode } from 'react';
import css from './VisuallyHidden.module.css';

/** For readers of the page by ear only. */
export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className={css.hidden}>{children}</span>;
}
