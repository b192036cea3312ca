import type { ReactNode } from 'react';
import css from './DataList.module.css';

export interface Datum {
  term: string;
  /** null is shown as a dash. */
  value: ReactNode;
}

/** Facts as term and value. Values may be strings of devices: they keep their own direction and never push the layout. */
export function DataList({ items }: { items: readonly Datum[] }) {
  return (
    <dl className={css.list}>
      {items.map(({ term, value }) => (
        <div key={term} className={css.pair}>
          <dt className={css.term}>{term}</dt>
          <dd className={css.value} dir="auto">
            {value ?? '–'}
          </dd>
        </div>
      ))}
    </dl>
  );
}
