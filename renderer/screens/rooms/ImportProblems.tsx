import { ClipboardCopy } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportOutcome } from '../../../main/contract/lists.ts';
import { Button } from '../../design/Button.tsx';
import { count } from '../../i18n/format.ts';
import { listProblemText } from '../../i18n/words.ts';
import css from './ImportDialog.module.css';
import { asTable, type CellProblem } from './importing.ts';

/** More lines than anybody reads on a screen; the copy has them all. */
const MOST_SHOWN = 300;

export interface ImportFiguresProps {
  outcome: ImportOutcome;
  /** Also how many rooms the list does not have. */
  withMissing?: boolean;
}

/** The numbers of an import: of rooms, or of devices where the list is one of devices. */
export function ImportFigures({ outcome, withMissing = false }: ImportFiguresProps) {
  const { t } = useTranslation('rooms');
  const { devices, problems, missing } = outcome;
  const isDevices = devices.added + devices.changed + devices.same > 0;
  const { added, changed, same } = isDevices ? devices : outcome;
  const figures = [
    ['added', added],
    ['changed', changed],
    ['same', same],
    ...(withMissing && !isDevices ? [['missing', missing] as const] : []),
    ['wrong', problems.length],
  ] as const;
  return (
    <>
      <dl className={css.figures}>
        {figures.map(([key, value]) => (
          <div key={key}>
            <dt className={css.soft}>{t(`import.${key}`)}</dt>
            <dd className={css.figure}>{count(value)}</dd>
          </div>
        ))}
      </dl>
      {isDevices && <p>{t('import.devicesNote')}</p>}
    </>
  );
}

/** Each cell that is not as expected, with what to write there. */
export function ImportProblems({ problems, text }: { problems: readonly CellProblem[]; text: string }) {
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
    await navigator.clipboard.writeText(asTable([...headings, t('import.code')], problems, listProblemText));
    setCopied(true);
  };
  return (
    <>
      <div className={css.columnsHead}>
        <p>{text}</p>
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
          {lines.map(({ key, problem }) => (
            <ProblemRow key={key} problem={problem} />
          ))}
        </tbody>
      </table>
      {more > 0 && <p>{t('import.more', { count: more, formatted: count(more) })}</p>}
    </>
  );
}

function ProblemRow({ problem }: { problem: CellProblem }) {
  const { t } = useTranslation('rooms');
  const { row, column, value, code } = problem;
  const [message, todo] = listProblemText(problem);
  return (
    <tr>
      <td className={css.number}>{column === '' && row === 1 ? t('import.wholeList') : count(row)}</td>
      <td dir="auto" className={css.where}>
        {column}
      </td>
      <td dir="auto" className={css.value}>
        {value}
      </td>
      <td>
        {message} <span className={css.soft}>{code}</span>
      </td>
      <td>{todo}</td>
    </tr>
  );
}
