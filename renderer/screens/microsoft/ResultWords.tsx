import { useTranslation } from 'react-i18next';
import type { AccessResult, ScriptTold } from '../../../main/contract/microsoft/access.ts';
import { count } from '../../i18n/format.ts';
import css from '../infinity/Infinity.module.css';

const MOST = 20;

/** What a script's result comes to for the rooms, just after it was read. */
export function ResultWords({ result }: { result: AccessResult }) {
  const { t } = useTranslation('microsoft');
  const { kind, applied, policies, counts, others, missed, older } = result;
  const looked = Object.values(counts).reduce((sum, one) => sum + one, 0);
  return (
    <section className={css.part} aria-label={t('result.title')}>
      <p role="status">
        {kind === 'remove' ? (
          <Policies found={policies} />
        ) : (
          t('result.counts', { granted: count(counts.granted), looked: count(looked) })
        )}{' '}
        {!applied && t('result.onlyLooked')}
      </p>
      {missed.length > 0 && <Names text={t('result.missed', { formatted: count(missed.length) })} names={missed} />}
      {older > 0 && <p>{t('result.older', { formatted: count(older) })}</p>}
      {others.length > 0 && <Names text={t('result.others', { formatted: count(others.length) })} names={others} />}
    </section>
  );
}

/** What a removal has found; with none to remove it may have been the wrong tenant, or the wrong app. */
export function Policies({ found }: { found: ScriptTold['policies'] }) {
  const { t } = useTranslation('microsoft');
  if (found === null) return t('result.removedLooked');
  if (found.found === 0) return t('result.removedNone');
  return t('result.removed', { found: count(found.found), removed: count(found.removed) });
}

/** Some of many names, which are a stranger's. */
export function Names({ text, names }: { text: string; names: readonly string[] }) {
  return (
    <p>
      {text}{' '}
      <span className={css.evidence} dir="auto">
        {names.slice(0, MOST).join(', ')}
        {names.length > MOST && ' …'}
      </span>
    </p>
  );
}
