import { useTranslation } from 'react-i18next';
import type { RoomState } from '../../main/contract/plan.ts';
import { stateWord } from '../i18n/words.ts';
import { classes } from './classes.ts';
import css from './StateBadge.module.css';

const CLASSES = {
  'not started': css.notStarted,
  ready: css.ready,
  'in progress': css.inProgress,
  migrated: css.migrated,
  'awaiting sync': css.awaitingSync,
  'needs attention': css.needsAttention,
  undone: css.undone,
} satisfies Record<RoomState, string | undefined>;

/** Shape and colour of a state, without its word: the word must stand or be named beside it. */
export function StateGlyph({ state, size = 14 }: { state: RoomState; size?: number }) {
  return (
    <svg
      className={classes(css.glyph, CLASSES[state])}
      viewBox="0 0 16 16"
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      aria-hidden="true"
    >
      <Shape state={state} />
    </svg>
  );
}

/** Glyph, colour and word of a state. */
export function StateBadge({ state }: { state: RoomState }) {
  // Another language gives other words.
  useTranslation('states');
  return (
    <span className={css.badge}>
      <StateGlyph state={state} />
      <span className={CLASSES[state]}>{stateWord(state)}</span>
    </span>
  );
}

/** ○ ◇ ◐ ● ◑ ▲ ↺, the same shapes as in the terminal. */
function Shape({ state }: { state: RoomState }) {
  const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.75 };
  switch (state) {
    case 'not started':
      return <circle cx="8" cy="8" r="5.75" {...line} />;
    case 'ready':
      return <path d="M8 1.5 14.5 8 8 14.5 1.5 8Z" {...line} strokeLinejoin="round" />;
    case 'in progress':
      return (
        <>
          <circle cx="8" cy="8" r="5.75" {...line} />
          <path d="M8 2.25a5.75 5.75 0 0 0 0 11.5Z" fill="currentColor" />
        </>
      );
    case 'migrated':
      return <circle cx="8" cy="8" r="6.5" fill="currentColor" />;
    case 'awaiting sync':
      return (
        <>
          <circle cx="8" cy="8" r="5.75" {...line} />
          <path d="M8 2.25a5.75 5.75 0 0 1 0 11.5Z" fill="currentColor" />
        </>
      );
    case 'needs attention':
      return <path d="M8 1.5 15.25 14H.75Z" fill="currentColor" strokeLinejoin="round" />;
    case 'undone':
      return (
        <>
          <path d="M3.2 8.6a5 5 0 1 0 1.6-4.1" {...line} strokeLinecap="round" />
          <path d="M6.6 5.6 2 6.1 2.6 1.4Z" fill="currentColor" />
        </>
      );
  }
}
