import { type ReactNode, useId } from 'react';
import type { RoomState } from '../../main/contract/plan.ts';
import { classes } from '../design/classes.ts';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import css from './StateBar.module.css';
import { sharesOf } from './shares.ts';
import { usePaper } from './usePaper.ts';

export interface StatePart {
  id: RoomState;
  count: number;
  /** The state as a word. */
  name: string;
  /** The count as text. */
  value: string;
  /** Its shape, for the legend. */
  glyph: ReactNode;
}

export interface StateBarProps {
  title: string;
  /** In the order of the bar; empty ones are in neither bar nor legend. */
  parts: readonly StatePart[];
}

/** All rooms and how many are in which state. The legend is a list of the same, so it needs no other text. */
export function StateBar({ title, parts }: StateBarProps) {
  const [place, paper] = usePaper<HTMLDivElement>();
  const own = useId();
  const there = parts.filter(({ count }) => count > 0);
  const fillOf = (state: RoomState) => `url(#${own}${state.replaceAll(' ', '-')})`;
  return (
    <figure className={css.figure}>
      <figcaption>
        <VisuallyHidden>{title}</VisuallyHidden>
      </figcaption>
      <div ref={place} className={css.place}>
        {paper && (
          <svg width={paper.width} height={paper.height} className={css.bar} aria-hidden="true">
            <defs>
              {there.map(({ id }) => (
                <Pattern key={id} id={`${own}${id.replaceAll(' ', '-')}`} state={id} unit={paper.em * 0.5} />
              ))}
            </defs>
            {sharesOf(there, paper.width, paper.em * 0.5).map(({ id, x, width }) => (
              <rect key={id} className={css.part} x={x} width={width} height={paper.height} fill={fillOf(id)} />
            ))}
          </svg>
        )}
      </div>
      <ul className={css.legend}>
        {there.map(({ id, name, value, glyph }) => (
          <li key={id} className={css.entry}>
            <svg className={css.sample} width="20" height="12" aria-hidden="true">
              <rect className={css.part} width="20" height="12" fill={fillOf(id)} />
            </svg>
            {glyph}
            <b>{value}</b>
            <span>{name}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/**
 * How a state fills its part, so that it is known without its colour.
 * @param unit side of the pattern, pixels
 */
function Pattern({ id, state, unit }: { id: string; state: RoomState; unit: number }) {
  return (
    <pattern id={id} data-state={state} className={css.fill} width={unit} height={unit} patternUnits="userSpaceOnUse">
      <rect className={classes(css.ground, state === 'migrated' && css.solid)} width={unit} height={unit} />
      <path className={css.marks} d={marksOf(state, unit)} />
    </pattern>
  );
}

function marksOf(state: RoomState, u: number): string {
  switch (state) {
    case 'awaiting sync':
      return `M${u / 2},0V${u}`;
    case 'needs attention':
      return `M0,0L${u},${u}M0,${u}L${u},0`;
    case 'in progress':
      return `M0,${u}L${u},0`;
    case 'ready':
      return `M0,${u / 2}H${u}`;
    case 'undone':
      return `M0,0L${u},${u}`;
    default:
      return '';
  }
}
