import type { TFunction } from 'i18next';
import { memo } from 'react';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { classes } from '../../design/classes.ts';
import { useNow } from '../../design/Elapsed.tsx';
import { StateGlyph } from '../../design/StateBadge.tsx';
import { count, duration, wholeDuration } from '../../i18n/format.ts';
import { familyWord, problemText, stateWord } from '../../i18n/words.ts';
import { TeamWord } from '../results/TeamWord.tsx';
import { halfWay } from './arrange.ts';
import { placeName } from './groupName.ts';
import css from './RoomsTable.module.css';

export interface RoomRowProps {
  row: RoomRow;
  /** Place among all lines. */
  at: number;
  /** Pixels from the first line. */
  top: number;
  /** It is the one line that Tab leads to. */
  focusable: boolean;
  chosen: boolean;
  /** It is shown beside the table. */
  shown: boolean;
  /** Depth in a grouped table; null = there are no groups. */
  level: number | null;
  withBuilding: boolean;
  /** Of the table: a hook of its own in each cell would cost more than the cells themselves. */
  t: TFunction<'rooms'>;
}

/** One room. Drawn anew only when it, its place or its being chosen changes. */
export const RoomRowView = memo(function RoomRowView(props: RoomRowProps) {
  const { row, at, top, focusable, chosen, shown, level, withBuilding, t } = props;
  const { name, model, family, address, mailbox } = row;
  const device = model ?? (family === null ? '' : familyWord(family));
  const place = placeName(row, withBuilding);
  return (
    <tr
      aria-rowindex={at + 2}
      aria-selected={chosen}
      {...(level === null ? {} : { 'aria-level': level })}
      tabIndex={focusable ? 0 : -1}
      data-at={at}
      data-room={row.id}
      className={classes(css.row, css.line, shown && css.shown)}
      style={{ top }}
    >
      <td aria-colindex={1} className={css.choose} data-choose="">
        <input type="checkbox" tabIndex={-1} checked={chosen} readOnly aria-label={t('table.chooseRoom', { name })} />
      </td>
      <td aria-colindex={2} className={classes(css.cell, css.state)}>
        <StateGlyph state={row.state} />
        <span className={css.word} data-state={row.state}>
          {stateWord(row.state)}
        </span>
      </td>
      <td aria-colindex={3} className={classes(css.cell, css.room)} title={`${name}\n${mailbox}`}>
        <span className={css.name} dir="auto">
          {name}
        </span>
        {row.team ? <TeamWord team={row.team} className={css.reason} /> : <Reason row={row} t={t} />}
      </td>
      <td aria-colindex={4} className={classes(css.cell, css.place)} title={place} dir="auto">
        {row.floor || t('unnamedFloor')}
        {withBuilding && <span className={css.building}>{row.building}</span>}
      </td>
      <td aria-colindex={5} className={classes(css.cell, css.device)} title={device} dir="auto">
        {device || <span className={css.soft}>{t('table.noDevice')}</span>}
      </td>
      <td aria-colindex={6} className={classes(css.cell, css.address)} title={address ?? ''} dir="auto">
        {address ?? <span className={css.soft}>{t('table.noAddress')}</span>}
      </td>
      <td aria-colindex={7} className={classes(css.cell, css.without)}>
        <Without row={row} t={t} />
      </td>
      <td aria-colindex={8} className={classes(css.cell, css.remaining)}>
        {remaining(row, t)}
      </td>
    </tr>
  );
});

type CellProps = Pick<RoomRowProps, 'row' | 't'>;

/** Why the room waits for somebody, in a few words beside its name. */
function Reason({ row, t }: CellProps) {
  const half = halfWay(row);
  if (half !== null) {
    const word = t(half === 'cut-off' ? 'table.cutOff' : 'table.halfUndone');
    return (
      <span className={classes(css.reason, css.warn)} title={word}>
        {word}
      </span>
    );
  }
  if (row.code === null || row.state !== 'needs attention') return null;
  const { happened: reason } = problemText({ code: row.code });
  const isWithout = row.withoutSince !== null;
  const word = isWithout ? t('table.withoutNow', { reason }) : reason;
  return (
    <span className={classes(css.reason, isWithout && css.warn)} title={word}>
      {word}
    </span>
  );
}

function Without({ row: { withoutSince, withoutOtjMs, state }, t }: CellProps) {
  if (withoutSince !== null && state !== 'undone') return <GoesOn since={withoutSince} t={t} />;
  return withoutOtjMs === null ? null : duration(withoutOtjMs);
}

function GoesOn({ since, t }: { since: string; t: CellProps['t'] }) {
  const passed = wholeDuration(Math.max(0, useNow() - Date.parse(since)));
  return <span className={css.warn}>{t('table.goesOn', { duration: passed })}</span>;
}

function remaining({ owed, manual }: RoomRow, t: CellProps['t']): string {
  const parts = [
    owed > 0 ? t('table.owed', { formatted: count(owed) }) : '',
    manual > 0 ? t('table.manual', { formatted: count(manual) }) : '',
  ].filter(Boolean);
  return parts.join(', ');
}
