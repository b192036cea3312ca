import type { ReactNode } from 'react';
import css from './DiffView.module.css';

/** What scrolls must be reachable by keyboard, though it is no control. */
const REACHABLE = 0;

/** A named box that scrolls by itself. */
export function Scroller({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className={css.scroll} aria-label={label} tabIndex={REACHABLE}>
      {children}
    </section>
  );
}
