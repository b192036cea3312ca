import { useTranslation } from 'react-i18next';
import type { AccessResult } from '../../../main/contract/microsoft/access.ts';
import { count } from '../../i18n/format.ts';
import css from '../infinity/Infinity.module.css';

const MOST = 20;

/** What a script's result has told. */
export function ResultWords({ result }: { result: AccessResult }) {
  const { t } = useTranslation('microsoft');
  const { kind, applied, counts, others, notes, failure } = result;
  const looked = Object.values(counts).reduce((sum, one) => sum + one, 0);
  return (
    <section className={css.part} aria-label={t('result.title')}>
      <p role="status">
        {kind === 'remove'
          ? t('result.removed')
          : t('result.counts', { granted: count(counts.granted), looked: count(looked) })}{' '}
        {!applied && t('result.onlyLooked')}
      </p>
      {failure && (
        <p className={css.late}>
          {t('result.failure')}{' '}
          <span className={css.evidence} dir="auto">
            {failure}
          </span>
        </p>
      )}
      {notes.length > 0 && (
        <ul className={css.plainList} aria-label={t('result.notes')}>
          {[...new Set(notes)].slice(0, MOST).map((note) => (
            <li key={note} className={css.evidence} dir="auto">
              {note}
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <p>
          {t('result.others', { formatted: count(others.length) })}{' '}
          <span className={css.evidence} dir="auto">
            {others.slice(0, MOST).join(', ')}
          </span>
        </p>
      )}
    </section>
  );
}
