import { ClipboardCopy } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { count } from '../../i18n/format.ts';
import css from './ImportDialog.module.css';
import { asTable, type CellProblem, type ImportResult as Result } from './importing.ts';

/** More lines than anybody reads on a screen; the copy has them all. */
const MOST_SHOWN = 300;
/** So many problems are seen without the whole window. */
const FEW = 8;

export interface ImportResultProps {
  result: Result;
  onAgain(): void;
  onClose(): void;
}

/** How many rooms came of a list, and each cell that was not as expected, with what to write there. */
export function ImportResult({ result, onAgain, onClose }: ImportResultProps) {
  const { t } = useTranslation('rooms');
  const done = useRef<HTMLButtonElement>(null);
  const { added, changed, same, problems } = result;
  const figures = [
    ['added', added],
    ['changed', changed],
    ['same', same],
    ['wrong', problems.length],
  ] as const;
  return (
    <Dialog
      open
      initialFocus={done}
      size={sizeFor(problems.length)}
      onClose={onClose}
      title={t('import.result')}
      onSubmit={onClose}
      actions={
        <>
          <Button onClick={onAgain}>{t('import.again')}</Button>
          <Button ref={done} submit look="primary">
            {t('import.done')}
          </Button>
        </>
      }
    >
      {added + changed + same === 0 && <p role="status">{t('import.none')}</p>}
      <dl className={css.figures}>
        {figures.map(([key, value]) => (
          <div key={key}>
            <dt className={css.soft}>{t(`import.${key}`)}</dt>
            <dd className={css.figure}>{count(value)}</dd>
          </div>
        ))}
      </dl>
      {problems.length === 0 ? <p>{t('import.good')}</p> : <Problems problems={problems} />}
    </Dialog>
  );
}

function sizeFor(problems: number): 'm' | 'l' | 'xl' {
  if (problems === 0) return 'm';
  return problems > FEW ? 'xl' : 'l';
}

function Problems({ problems }: { problems: readonly CellProblem[] }) {
  const { t } = useTranslation('rooms');
  const [copied, setCopied] = useState(false);
  const headings = [
    t('import.row'),
    t('import.column'),
    t('import.value'),
    t('import.happened'),
    t('import.todo'),
  ] as const;
  // Several problems can stand in one cell, in the same words: only their place tells them apart.
  const lines = useMemo(
    () => problems.slice(0, MOST_SHOWN).map((problem, place) => ({ problem, key: String(place) })),
    [problems],
  );
  const more = problems.length - MOST_SHOWN;
  const copy = async () => {
    await navigator.clipboard.writeText(asTable(headings, problems));
    setCopied(true);
  };
  return (
    <>
      <div className={css.columnsHead}>
        <p>{t('import.problems')}</p>
        <Button icon={ClipboardCopy} onClick={() => void copy()}>
          {t(copied ? 'import.copied' : 'import.copy')}
        </Button>
      </div>
      <table className={css.problems} aria-label={t('import.wrong')}>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, problem: { row, column, value, message, todo } }) => (
            <tr key={key}>
              <td className={css.number}>{column === '' && row === 1 ? t('import.wholeList') : count(row)}</td>
              <td dir="auto">{column}</td>
              <td dir="auto" className={css.value}>
                {value}
              </td>
              <td>{message}</td>
              <td>{todo}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>{t('import.more', { count: more, formatted: count(more) })}</p>}
    </>
  );
}
