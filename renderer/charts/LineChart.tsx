import { classes } from '../design/classes.ts';
import { ChartFigure, type ChartTable } from './ChartFigure.tsx';
import css from './LineChart.module.css';
import { type Axes, type Paper, planeOf, type Series } from './plane.ts';

export interface ShownSeries extends Series {
  name: string;
  /** The newest value, as text. */
  value: string;
  /** Told apart by line as well as by colour: drawn through, or in dashes. */
  look: 'main' | 'trouble';
}

export interface LineChartProps {
  title: string;
  series: readonly ShownSeries[];
  axes: Axes;
  /** A count that the lines go towards. */
  goal?: { count: number; name: string };
  table: ChartTable;
  className?: string | undefined;
  /** Words for a tick below the chart. */
  tickX(value: number): string;
  /** Words for a tick at its left. */
  tickY(value: number): string;
}

/** Counts over time. */
export function LineChart({ title, series, table, className, ...drawn }: LineChartProps) {
  return (
    <ChartFigure
      title={title}
      table={table}
      className={className}
      aside={<Legend series={series} />}
      draw={(paper) => <Drawing paper={paper} series={series} {...drawn} />}
    />
  );
}

function Legend({ series }: Pick<LineChartProps, 'series'>) {
  return (
    <span className={css.legend}>
      {series.map(({ id, name, value, look }) => (
        <span key={id} className={css.entry}>
          <svg width="1.5rem" height="0.5rem" viewBox="0 0 24 8" aria-hidden="true">
            <line className={classes(css.line, css[look])} x1="1" x2="23" y1="4" y2="4" />
          </svg>
          {name}
          <b>{value}</b>
        </span>
      ))}
    </span>
  );
}

type DrawingProps = Pick<LineChartProps, 'series' | 'axes' | 'goal' | 'tickX' | 'tickY'> & { paper: Paper };

function Drawing({ paper, series, axes, goal, tickX, tickY }: DrawingProps) {
  const plane = planeOf(series, paper, goal ? { ...axes, most: goal.count } : axes);
  const { left, right, top, bottom } = plane;
  const { em } = paper;
  return (
    <>
      {plane.y.map(({ at, value }) => (
        <g key={value}>
          <line className={css.grid} x1={left} x2={right} y1={at} y2={at} />
          <text className={css.tick} x={left - em * 0.5} y={at} textAnchor="end" dominantBaseline="central">
            {tickY(value)}
          </text>
        </g>
      ))}
      {plane.x.map(({ at, value }) => (
        <g key={value}>
          <line className={css.axis} x1={at} x2={at} y1={bottom} y2={bottom + em * 0.35} />
          <text className={css.tick} x={at} y={bottom + em * 1.5} textAnchor="middle">
            {tickX(value)}
          </text>
        </g>
      ))}
      <line className={css.axis} x1={left} x2={right} y1={bottom} y2={bottom} />
      {goal && (
        <g>
          <line
            className={css.goal}
            x1={left}
            x2={right}
            y1={plane.heightOf(goal.count)}
            y2={plane.heightOf(goal.count)}
          />
          <text
            className={css.tick}
            x={right}
            y={Math.max(top, plane.heightOf(goal.count) - em * 0.4)}
            textAnchor="end"
          >
            {goal.name}
          </text>
        </g>
      )}
      {series.map(({ id, look }) => {
        const path = plane.paths.find((one) => one.id === id);
        return (
          path && (
            <g key={id}>
              {path.ground && <path className={classes(css.ground, css[look])} d={path.ground} />}
              <path className={classes(css.line, css[look])} d={path.path} />
              {path.end && (
                <circle className={classes(css.end, css[look])} cx={path.end.x} cy={path.end.y} r={em * 0.25} />
              )}
            </g>
          )
        );
      })}
    </>
  );
}
