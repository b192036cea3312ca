import { useTranslation } from 'react-i18next';
import type { ScriptTold } from '../../../main/contract/microsoft/access.ts';
import { moment } from '../../i18n/format.ts';
import css from '../infinity/Infinity.module.css';
import { Names, Policies } from './ResultWords.tsx';

const MOST = 20;

/** What the last script of a kind has told as a whole; it stays on the page until another has. */
export function ScriptWords({ told }: { told: ScriptTold }) {
  const { t } = useTranslation('microsoft');
  const { kind, applied, complete, at, tenant, policies, notes, failure, strangers } = told;
  return (
    <section className={css.part}>
      <p>
        {t('card.told', { kind: t(`kind.${kind}`), moment: moment(at) })} {!applied && t('result.onlyLooked')}
        {applied && complete && !failure && t('result.whole')}
      </p>
      {policies && (
        <p>
          <Policies found={policies} />
        </p>
      )}
      {tenant && (
        <p className={css.soft}>
          {t('result.tenant')} <span className={css.evidence}>{tenant}</span>
        </p>
      )}
      {failure && (
        <p className={css.late}>
          {t('result.failure')}{' '}
          <span className={css.evidence} dir="auto">
            {failure}
          </span>
        </p>
      )}
      {!complete && !failure && <p className={css.late}>{t('result.cut')}</p>}
      {notes.length > 0 && (
        <ul className={css.plainList} aria-label={t('result.notes')}>
          {notes.slice(0, MOST).map((note) => (
            <li key={note} className={css.evidence} dir="auto">
              {note}
            </li>
          ))}
        </ul>
      )}
      {strangers.length > 0 && <Names text={t('result.strangers')} names={strangers} />}
    </section>
  );
}
