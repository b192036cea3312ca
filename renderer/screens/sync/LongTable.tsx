import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import css from './LongTable.module.css';

export interface LongColumn<T> {
  id: string;
  name: string;
  /** Share of the width. */
  share: number;
  /** A string is clipped and told whole on pointing; so are strings of devices kept from pushing the layout. */
  cell(row: T): ReactNode;
  title?(row: T): string;
}

export interface LongTableProps<T> {
  /** For readers by ear. */
  name: string;
  columns: readonly LongColumn<T>[];
  rows: readonly T[];
  keyOf(row: T): string;
}

/** Height of a row in sizes of the text; the same as in the style. */
const ROW_EM = 2.3;
/** With more rows than these at a time, the table scrolls in itself. */
const MOST_SEEN = 12;

/** A table of thousands of rows; only those in sight are drawn. */
export function LongTable<T>({ name, columns, rows, keyOf }: LongTableProps<T>) {
  const scroll = useRef<HTMLDivElement>(null);
  const em = scroll.current ? Number.parseFloat(getComputedStyle(scroll.current).fontSize) : 13;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => em * ROW_EM,
    overscan: 8,
    initialRect: { width: 0, height: em * ROW_EM * MOST_SEEN },
  });
  const shown = virtual.getVirtualItems();
  const above = shown.at(0)?.start ?? 0;
  const below = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  return (
    // Its rows hold no control, so the keys can reach what is below only through the box itself.
    <section ref={scroll} className={css.scroll} tabIndex={rows.length > MOST_SEEN ? 0 : undefined} aria-label={name}>
      <table
        className={css.table}
        aria-rowcount={rows.length + 1}
        // In place of the rows that are out of sight.
        style={{ marginBlockStart: above, marginBlockEnd: below }}
      >
        <caption className={css.caption}>{name}</caption>
        <colgroup>
          {columns.map(({ id, share }) => (
            <col key={id} width={`${(share / whole) * 100}%`} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={css.head}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ index }) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <tr key={keyOf(row)} aria-rowindex={index + 2}>
                  {columns.map(({ id, cell, title }) => (
                    <td key={id} className={css.cell} title={title?.(row)} dir="auto">
                      {cell(row)}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
