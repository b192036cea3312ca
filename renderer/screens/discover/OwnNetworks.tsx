import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { OwnNetwork } from '../../../main/contract/evidence.ts';
import { Button } from '../../design/Button.tsx';
import { count } from '../../i18n/format.ts';
import css from './Discover.module.css';
import { useDraft } from './draft.ts';

/** The networks that this computer is part of, one press away. */
export function OwnNetworks({ networks, disabled }: { networks: readonly OwnNetwork[]; disabled: boolean }) {
  const { t } = useTranslation('discover');
  const text = useDraft((draft) => draft.text);
  const offered = networks.filter(({ range }) => !text.includes(range));
  if (offered.length === 0) return null;
  const add = (range: string) =>
    useDraft.setState({ text: text.trim() === '' ? range : `${text.trim().replace(/,$/, '')}, ${range}` });
  return (
    <fieldset className={css.own} aria-label={t('own.title')}>
      <span className={css.soft}>{t('own.title')}</span>
      {offered.map(({ name, range, addresses, isPart }) => (
        <span key={range} className={css.line}>
          <Button icon={Plus} disabled={disabled} onClick={() => add(range)}>
            {t('own.add', { range, name })}
          </Button>
          <span className={css.soft}>
            {t('own.means', { count: addresses, formatted: count(addresses) })}
            {isPart && `, ${t('own.part')}`}
          </span>
        </span>
      ))}
    </fieldset>
  );
}
