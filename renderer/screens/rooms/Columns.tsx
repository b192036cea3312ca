import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import css from './ImportDialog.module.css';
import { COLUMNS, EXAMPLE, NEEDED } from './importing.ts';

/** What a room list has to look like, by example. */
export function Columns() {
  const { t } = useTranslation('rooms');
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(COLUMNS.join('\t'));
    setCopied(true);
  };
  return (
    <section aria-label={t('import.columns')}>
      <div className={css.columnsHead}>
        <h3>{t('import.columns')}</h3>
        <Button look="quiet" onClick={() => void copy()}>
          {t(copied ? 'import.headingsCopied' : 'import.copyHeadings')}
        </Button>
      </div>
      <p className={css.soft}>{t('import.columnsHint')}</p>
      <table className={css.columns}>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                <code>{column}</code> {NEEDED.has(column) && <span className={css.soft}>{t('import.needed')}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {EXAMPLE.map((row) => (
            <tr key={row.room}>
              {COLUMNS.map((column) => (
                <td key={column}>{row[column]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
