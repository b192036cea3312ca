import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import css from './Tabs.module.css';

export interface TabView<V extends string> {
  value: V;
  label: string;
  /** Behind the label: a count. */
  detail?: string;
  content: ReactNode;
}

export function Tabs<V extends string>({
  label,
  value,
  views,
  onChange,
}: {
  /** Name of the row of tabs, read only. */
  label: string;
  value: V;
  views: readonly TabView<V>[];
  onChange(value: V): void;
}) {
  return (
    <Base.Root className={css.root} value={value} onValueChange={(chosen: V) => onChange(chosen)}>
      <Base.List className={css.list} aria-label={label} activateOnFocus>
        {views.map((view) => (
          <Base.Tab key={view.value} value={view.value} className={css.tab}>
            {view.label}
            {view.detail && <span className={css.detail}>{view.detail}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {views.map((view) => (
        <Base.Panel key={view.value} value={view.value} className={css.panel}>
          {view.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
