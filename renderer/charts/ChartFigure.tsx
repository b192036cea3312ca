import type { ReactNode } from 'react';
import { classes } from '../design/classes.ts';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import css from './ChartFigure.module.css';
import type { Paper } from './plane.ts';
import { usePaper } from './usePaper.ts';

/** The same numbers in words, for those who do not see the drawing. */
export interface ChartTable {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface ChartFigureProps {
  /** For readers by ear; the card around it shows its own. */
  title: string;
  table: ChartTable;
  /** What stands above the drawing, such as a legend. */
  aside?: ReactNode;
  /** Sets the height of the drawing. */
  className?: string | undefined;
  draw(paper: Paper): ReactNode;
}

/** What all charts have in common: a title, a drawing of the size there is, and the numbers as a table. */
export function ChartFigure({ title, table, aside, className, draw }: ChartFigureProps) {
  const [place, paper] = usePaper<HTMLDivElement>();
  return (
    <figure className={css.figure}>
      <figcaption>
        <VisuallyHidden>{title}</VisuallyHidden>
        {aside}
      </figcaption>
      <div ref={place} className={classes(css.place, className)}>
        {paper && paper.width > 0 && (
          <svg className={css.drawing} width={paper.width} height={paper.height} aria-hidden="true">
            {draw(paper)}
          </svg>
        )}
      </div>
      <VisuallyHidden>
        <NumberTable title={title} table={table} />
      </VisuallyHidden>
    </figure>
  );
}

function NumberTable({ title, table }: { title: string; table: ChartTable }) {
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          {table.head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map(([name, ...cells]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, at) => (
              // Columns of a row have no other name than their place.
              <td key={table.head[at + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
