import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox } from '../../design/Checkbox.tsx';
import { classes } from '../../design/classes.ts';
import { Icon } from '../../design/Icon.tsx';
import { useStore } from '../../state/store.ts';
import { toggled } from './movement.ts';
import { LIST_ORDER, SORT_KEYS, type SortKey, sortAfter } from './order.ts';
import css from './RoomsTable.module.css';
import { look, useView } from './viewStore.ts';

export interface TableHeadProps {
  withBuilding: boolean;
  /** Ids of all rooms that are shown. */
  all: readonly number[];
  chosen: 'all' | 'some' | 'none';
}

/** Headings that sort, and the box that chooses all. Scrolling does not draw them anew. */
export const TableHead = memo(function TableHead({ withBuilding, all, chosen }: TableHeadProps) {
  const { t } = useTranslation('rooms');
  const { selection, select } = useStore.getState();
  return (
    <thead className={css.head}>
      <tr aria-rowindex={1} className={css.row}>
        <th scope="col" aria-colindex={1} aria-label={t('table.choose')} className={css.choose}>
          <Checkbox
            checked={chosen === 'some' ? 'mixed' : chosen === 'all'}
            onChange={() => select(toggled(selection, all))}
            name={t('table.chooseAll')}
            disabled={all.length === 0}
          />
        </th>
        {SORT_KEYS.map((key, at) => (
          <Heading
            key={key}
            by={key}
            index={at + 2}
            text={t(key === 'place' && withBuilding ? 'table.placeBuilding' : `table.${key}`)}
          />
        ))}
      </tr>
    </thead>
  );
});

function Heading({ by, index, text }: { by: SortKey; index: number; text: string }) {
  const sort = useView((view) => view.sort);
  const sorted = sort.by === by;
  const order = !sorted ? 'none' : sort.descending ? 'descending' : 'ascending';
  // The order of the list is the usual one and needs no mark.
  const marked = sorted && (sort.by !== LIST_ORDER.by || sort.descending);
  return (
    <th scope="col" aria-colindex={index} aria-sort={order} className={classes(css.cell, css[by])}>
      <button type="button" className={css.heading} onClick={() => look({ sort: sortAfter(sort, by) })}>
        <span className={css.clip}>{text}</span>
        {marked && <Icon icon={sort.descending ? ArrowDown : ArrowUp} size={12} />}
      </button>
    </th>
  );
}
