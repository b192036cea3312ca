import { type Bucket, columnsOf } from './buckets.ts';
import { ChartFigure, type ChartTable } from './ChartFigure.tsx';
import css from './Histogram.module.css';
import type { Paper } from './plane.ts';

export interface HistogramProps {
  title: string;
  buckets: readonly Bucket[];
  table: ChartTable;
  className?: string | undefined;
  /** Words for a range, such as `15 to 30 s`. */
  rangeWord(bucket: Bucket): string;
  countWord(count: number): string;
}

/** How many values fall into each range. Each column has its count above it. */
export function Histogram({ title, table, className, ...drawn }: HistogramProps) {
  return (
    <ChartFigure
      title={title}
      table={table}
      className={className}
      draw={(paper) => <Drawing paper={paper} {...drawn} />}
    />
  );
}

type DrawingProps = Pick<HistogramProps, 'buckets' | 'rangeWord' | 'countWord'> & { paper: Paper };

function Drawing({ paper, buckets, rangeWord, countWord }: DrawingProps) {
  const { left, right, bottom, y, columns, roomy } = columnsOf(buckets, paper);
  const { em } = paper;
  return (
    <>
      {y.map(({ at, value }) => (
        <g key={value}>
          <line className={css.grid} x1={left} x2={right} y1={at} y2={at} />
          <text className={css.tick} x={left - em * 0.5} y={at} textAnchor="end" dominantBaseline="central">
            {countWord(value)}
          </text>
        </g>
      ))}
      {columns.map(({ bucket, x, y: top, width, height }) => {
        const middle = x + width / 2;
        const below = bottom + em * 1.4;
        return (
          <g key={bucket.from}>
            <rect className={css.column} x={x} y={top} width={width} height={height} />
            {bucket.count > 0 && (
              <text className={css.count} x={middle} y={top - em * 0.35} textAnchor="middle">
                {countWord(bucket.count)}
              </text>
            )}
            <text
              className={css.tick}
              x={middle}
              y={below}
              textAnchor={roomy ? 'middle' : 'end'}
              transform={roomy ? undefined : `rotate(-35 ${middle} ${below})`}
            >
              {rangeWord(bucket)}
            </text>
          </g>
        );
      })}
      <line className={css.axis} x1={left} x2={right} y1={bottom} y2={bottom} />
    </>
  );
}
