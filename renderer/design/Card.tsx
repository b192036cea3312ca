import { type ReactNode, useId } from 'react';
import css from './Card.module.css';

/** A part of a screen with a heading of its own. */
export function Card({
  title,
  actions,
  flush = false,
  children,
}: {
  title: string;
  /** At the right of the heading. */
  actions?: ReactNode;
  /** The content goes to the edges: for tables. */
  flush?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={css.card} aria-labelledby={id}>
      <header className={css.head}>
        <h2 id={id} className={css.title}>
          {title}
        </h2>
        {actions}
      </header>
      <div className={flush ? css.flush : css.body}>{children}</div>
    </section>
  );
}
