import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JudgedMacro } from '../../../../main/contract/rooms.ts';
import { Button } from '../../../design/Button.tsx';
import { count } from '../../../i18n/format.ts';
import css from './DiffView.module.css';
import { foldedAround, shownLine } from './lines.ts';
import { type MarkedLine, markedLines } from './marks.ts';
import { Scroller } from './Scroller.tsx';

const PAGE = 400;

export interface MarkedTextProps {
  name: string;
  macro: Pick<JudgedMacro, 'content' | 'marks'>;
  /** What was found; a mark carries the number of its sign in this list. */
  signs: readonly string[];
}

/** A text with the places marked where signs were found; long stretches without any are folded. */
export function MarkedText({ name, macro, signs }: MarkedTextProps) {
  const { t } = useTranslation('room');
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [most, setMost] = useState(PAGE);
  const rows = useMemo(() => {
    const lines = markedLines(macro, signs);
    const isMarked = lines.some(({ marked }) => marked);
    const folds = isMarked ? foldedAround(lines, ({ marked }) => marked) : lines;
    return folds.flatMap((row) => (row.kind === 'fold' && opened.has(row.from) ? row.rows : [row]));
  }, [macro, signs, opened]);
  return (
    <div className={css.diff}>
      <Scroller label={t('diff.textOf', { name })}>
        <table className={css.table}>
          <tbody>
            {rows.slice(0, most).map((row) =>
              row.kind === 'line' ? (
                <Line key={row.number} line={row} />
              ) : (
                <tr key={`fold ${row.from}`}>
                  <td colSpan={2} className={css.fold}>
                    <button
                      type="button"
                      className={css.unfold}
                      onClick={() => setOpened((was) => new Set(was).add(row.from))}
                    >
                      {t('diff.unmarked', { count: row.rows.length, formatted: count(row.rows.length) })}
                    </button>
                  </td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </Scroller>
      {rows.length > most && (
        <Button look="quiet" onClick={() => setMost(most + PAGE)}>
          {t('diff.more', { count: rows.length - most, formatted: count(rows.length - most) })}
        </Button>
      )}
    </div>
  );
}

function Line({ line: { number, pieces } }: { line: MarkedLine }) {
  let at = 0;
  return (
    <tr>
      <td className={css.number}>{number}</td>
      <td className={css.text}>
        <bdi>
          {pieces.map(({ text, sign }) => {
            const key = at;
            at += text.length;
            if (sign === null) return <span key={key}>{shownLine(text)}</span>;
            return (
              <mark key={key} className={css.mark}>
                {shownLine(text)}
                {sign > 0 && <sup>{sign}</sup>}
              </mark>
            );
          })}
        </bdi>
      </td>
    </tr>
  );
}
