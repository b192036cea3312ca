import type { TFunction } from 'i18next';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { classes } from '../../design/classes.ts';
import { Icon } from '../../design/Icon.tsx';
import { StateGlyph } from '../../design/StateBadge.tsx';
import { count } from '../../i18n/format.ts';
import type { GroupLine } from './arrange.ts';
import { groupName } from './groupName.ts';
import css from './RoomsTable.module.css';

export interface GroupRowProps {
  line: GroupLine;
  at: number;
  top: number;
  focusable: boolean;
  chosen: 'all' | 'some' | 'none';
  withBuilding: boolean;
  /** Of the table. */
  t: TFunction<'rooms'>;
}

/** Heading of a group: folds its rooms away, chooses all of them. */
export const GroupRow = memo(function GroupRow({ line, at, top, focusable, chosen, withBuilding, t }: GroupRowProps) {
  const { group, rooms, open } = line;
  const name = groupName(group, withBuilding);
  return (
    <tr
      aria-rowindex={at + 2}
      aria-level={1}
      aria-expanded={open}
      aria-selected={chosen === 'all'}
      tabIndex={focusable ? 0 : -1}
      data-at={at}
      className={classes(css.row, css.line, css.group)}
      style={{ top }}
    >
      <td aria-colindex={1} className={css.choose} data-choose="">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={chosen === 'all'}
          ref={(box) => {
            if (box) box.indeterminate = chosen === 'some';
          }}
          readOnly
          aria-label={t('table.chooseRoom', { name })}
        />
      </td>
      <td aria-colindex={2} colSpan={7} className={css.groupCell}>
        <button
          type="button"
          tabIndex={-1}
          data-fold=""
          className={css.fold}
          aria-label={t(open ? 'group.close' : 'group.open', { name })}
        >
          <Icon icon={open ? ChevronDown : ChevronRight} size={14} />
        </button>
        {group.by === 'state' && <StateGlyph state={group.state} />}
        <span className={css.name} dir="auto" title={name}>
          {name}
        </span>
        <span className={css.soft}>{t('count', { count: rooms.length, formatted: count(rooms.length) })}</span>
      </td>
    </tr>
  );
});
