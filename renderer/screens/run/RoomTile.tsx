import { memo, type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { StateGlyph } from '../../design/StateBadge.tsx';
import { stateWord } from '../../i18n/words.ts';
import type { Tile } from './follow.ts';
import css from './RoomTile.module.css';

export interface RoomTileProps extends Omit<Tile, 'step'> {
  index: number;
  /** From 1. */
  column: number;
  /** Title of the step that goes on. */
  step: string | null;
  /** Pixels. */
  size: number;
  /** Pixels at the usual size of the text: it grows by itself. */
  glyph: number;
  /** The one that Tab leads to. */
  isActive: boolean;
  isChosen: boolean;
  /** Set by a key: the tile that becomes active takes the focus, even if it has just scrolled into sight. */
  wantsFocus: RefObject<boolean>;
  onChoose(index: number, roomId: number): void;
  onRead(index: number | null): void;
}

/** Drawn anew only when something of its own changes: there are thousands. */
export const RoomTile = memo(function RoomTile(props: RoomTileProps) {
  const {
    index,
    column,
    roomId,
    name,
    state,
    status,
    step,
    size,
    glyph,
    isActive,
    isChosen,
    wantsFocus,
    onChoose,
    onRead,
  } = props;
  const { t } = useTranslation('run');
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isActive || !wantsFocus.current) return;
    wantsFocus.current = false;
    button.current?.focus({ preventScroll: true });
  }, [isActive, wantsFocus]);
  const words = [name, stateWord(state), t(`tiles.status.${status}`), ...(step ? [step] : [])];
  return (
    <td aria-colindex={column} className={css.cell}>
      <button
        ref={button}
        type="button"
        className={css.tile}
        style={{ width: size, height: size }}
        data-state={state}
        data-status={status}
        tabIndex={isActive ? 0 : -1}
        aria-pressed={isChosen}
        aria-label={words.join(', ')}
        onClick={() => onChoose(index, roomId)}
        onFocus={() => onRead(index)}
        onBlur={() => onRead(null)}
        onMouseEnter={() => onRead(index)}
        onMouseLeave={() => onRead(null)}
      >
        <StateGlyph state={state} size={glyph} />
      </button>
    </td>
  );
});
