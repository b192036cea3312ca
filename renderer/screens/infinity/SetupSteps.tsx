import { useTranslation } from 'react-i18next';
import type { SetupStep } from '../../../main/contract/infinity.ts';
import { count } from '../../i18n/format.ts';
import css from './Infinity.module.css';

/** Every object of a set-up with every value that is written; a secret is a word. */
export function SetupSteps({ steps }: { steps: readonly SetupStep[] }) {
  const { t } = useTranslation('infinity');
  return (
    // It holds no control, so the keys can reach what is below only through the list itself.
    <section className={css.part} tabIndex={steps.length > 0 ? 0 : undefined} aria-label={t('setup.planned')}>
      {steps.every(({ action }) => action === 'same') && <p role="status">{t('setup.allThere')}</p>}
      <ul className={css.steps}>
        {steps.map(({ what, name, action, fields, touches }) => (
          <li key={`${what} ${name}`} className={css.step}>
            <p>
              {t(`setup.what.${what}`)} <b dir="auto">{name}</b>{' '}
              <span className={css.soft}>{t(`setup.how.${action}`)}</span>
            </p>
            {touches > 0 && (
              <p className={css.heading}>{t('setup.touches', { count: touches, formatted: count(touches) })}</p>
            )}
            {fields.length > 0 && (
              <dl className={css.fields}>
                {fields.map(({ field, before, after }) => [
                  <dt key={`${field}-name`}>{field}</dt>,
                  <dd key={field} dir="auto">
                    {before === null ? after || '–' : `${before || '–'} → ${after}`}
                  </dd>,
                ])}
              </dl>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
