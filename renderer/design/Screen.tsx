import { type ReactNode, useEffect, useRef } from 'react';
import css from './Screen.module.css';

export interface ScreenProps {
  title: string;
  /** At the right of the title: the main action last. */
  actions?: ReactNode;
  /** Between title and content: search, filters. */
  toolbar?: ReactNode;
  /** `page` (default): text width, scrolls as a whole. `wide`: the same over the full width. `fill`: the content fills the height and scrolls itself: tables, SplitView. */
  layout?: 'page' | 'wide' | 'fill';
  children: ReactNode;
}

/** The frame of every screen: title, actions, content. When it opens, its heading takes the focus. */
export function Screen({ title, actions, toolbar, layout = 'page', children }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className={css.screen}>
      <header className={css.head}>
        <h1 ref={heading} tabIndex={-1} className={css.title} dir="auto">
          {title}
        </h1>
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
        {toolbar !== undefined && <div className={css.toolbar}>{toolbar}</div>}
      </header>
      {layout === 'fill' ? (
        <div className={css.fill}>{children}</div>
      ) : (
        <div className={css.scroll}>
          <div className={layout === 'wide' ? css.wide : css.page}>{children}</div>
        </div>
      )}
    </div>
  );
}
