import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../design/Button.tsx';
import { classes } from '../../../design/classes.ts';
import { VisuallyHidden } from '../../../design/VisuallyHidden.tsx';
import { count } from '../../../i18n/format.ts';
import css from './DiffView.module.css';
import { compareTexts, type DiffFold, type DiffRow, folded, pretty, shownLine, unified } from './lines.ts';
import { Scroller } from './Scroller.tsx';

export type DiffLook = 'unified' | 'split';

export interface DiffViewProps {
  /** What the texts are of, such as the name of a macro. */
  name: string;
  /** null = not there. */
  before: string | null;
  after: string | null;
  /** What each side is, such as `Backup` and `Device now`. */
  beforeTitle: string;
  afterTitle: string;
  look: DiffLook;
}

/** Rows shown at first, and with each press for more: a browser lays out that many in one frame. */
const PAGE = 400;

/** Two texts set beside each other. Long same stretches are folded; each fold opens. */
export function DiffView({ name, before, after, beforeTitle, afterTitle, look }: DiffViewProps) {
  const { t } = useTranslation('room');
  const diff = useMemo(() => compareTexts(before && pretty(before), after && pretty(after)), [before, after]);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [most, setMost] = useState(PAGE);
  const rows = useMemo(() => {
    const shown = folded(diff.rows).flatMap((row) => (row.kind === 'fold' && opened.has(row.from) ? row.rows : [row]));
    return look === 'unified' ? unified(shown) : shown;
  }, [diff, opened, look]);
  const open = (from: number) => setOpened((was) => new Set(was).add(from));

  return (
    <div className={css.diff}>
      <p className={css.sum}>
        <span>{t('diff.added', { count: diff.added, formatted: count(diff.added) })}</span>
        <span>{t('diff.removed', { count: diff.removed, formatted: count(diff.removed) })}</span>
        {look === 'unified' && <span>{t('diff.legend', { before: beforeTitle, after: afterTitle })}</span>}
        {diff.whole && <span>{t('diff.whole')}</span>}
      </p>
      <Scroller label={t('diff.lines', { name })}>
        <table className={classes(css.table, look === 'split' && css.split)}>
          {look === 'split' && (
            <colgroup>
              <col className={css.numbers} />
              <col />
              <col className={css.numbers} />
              <col />
            </colgroup>
          )}
          <thead>
            {look === 'unified' ? (
              <tr>
                <Head title={beforeTitle} />
                <Head title={afterTitle} />
                <Head title={t('diff.line')} />
              </tr>
            ) : (
              <tr>
                <th scope="colgroup" colSpan={2}>
                  {beforeTitle}
                </th>
                <th scope="colgroup" colSpan={2}>
                  {afterTitle}
                </th>
              </tr>
            )}
          </thead>
          <tbody>
            {rows
              .slice(0, most)
              .map((row) =>
                row.kind === 'fold' ? (
                  <FoldRow key={`fold ${row.from}`} fold={row} columns={look === 'unified' ? 3 : 4} open={open} />
                ) : look === 'unified' ? (
                  <UnifiedRow key={keyOf(row)} row={row} />
                ) : (
                  <SplitRow key={keyOf(row)} row={row} />
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

function keyOf({ kind, left, right }: DiffRow): string {
  return `${kind} ${left?.number ?? ''} ${right?.number ?? ''}`;
}

/** Heads of narrow columns are read only; the line above the table tells the same. */
function Head({ title }: { title: string }) {
  return (
    <th scope="col" className={css.unseen}>
      <VisuallyHidden>{title}</VisuallyHidden>
    </th>
  );
}

function FoldRow({ fold, columns, open }: { fold: DiffFold; columns: number; open(from: number): void }) {
  const { t } = useTranslation('room');
  const lines = fold.rows.length;
  return (
    <tr>
      <td colSpan={columns} className={css.fold}>
        <button type="button" className={css.unfold} onClick={() => open(fold.from)}>
          {t('diff.fold', { count: lines, formatted: count(lines) })}
        </button>
      </td>
    </tr>
  );
}

function UnifiedRow({ row }: { row: DiffRow }) {
  const kind = row.kind === 'removed' || row.kind === 'added' ? row.kind : 'same';
  return (
    <tr className={css[kind]}>
      <td className={css.number}>{row.left?.number}</td>
      <td className={css.number}>{row.right?.number}</td>
      <Text kind={kind} text={(row.left ?? row.right)?.text ?? ''} />
    </tr>
  );
}

function SplitRow({ row }: { row: DiffRow }) {
  const changed = row.kind !== 'same';
  return (
    <tr>
      <td className={css.number}>{row.left?.number}</td>
      {row.left ? <Text kind={changed ? 'removed' : 'same'} text={row.left.text} /> : <td className={css.nothing} />}
      <td className={css.number}>{row.right?.number}</td>
      {row.right ? <Text kind={changed ? 'added' : 'same'} text={row.right.text} /> : <td className={css.nothing} />}
    </tr>
  );
}

const SIGNS = { same: ' ', removed: '−', added: '+' } as const;

/** A line with its sign: what became of it is told by sign and word, and the colour only repeats it. */
function Text({ kind, text }: { kind: 'same' | 'removed' | 'added'; text: string }) {
  const { t } = useTranslation('room');
  return (
    <td className={classes(css.text, css[kind])}>
      {kind !== 'same' && (
        <VisuallyHidden>{kind === 'added' ? t('diff.wasAdded') : t('diff.wasRemoved')}</VisuallyHidden>
      )}
      <span className={css.sign} aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <bdi>{shownLine(text)}</bdi>
    </td>
  );
}
