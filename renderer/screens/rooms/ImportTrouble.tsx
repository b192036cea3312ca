import { useTranslation } from 'react-i18next';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import css from './ImportDialog.module.css';
import type { Importing } from './useImporting.ts';

/** What went wrong with the list as a whole. */
export function ImportTrouble({ importing: { trouble, source } }: { importing: Importing }) {
  const { t } = useTranslation('rooms');
  if (trouble === null) return null;
  if (trouble !== 'unreadable') return <ProblemCard problem={trouble} />;
  return (
    <p role="alert" className={css.wrong}>
      {t('import.unreadable', { name: source?.from === 'file' ? source.file.name : '' })}
    </p>
  );
}
