import { FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { EmptyState } from '../../design/EmptyState.tsx';
import { navigate } from '../../state/store.ts';
import type { Source } from './importing.ts';
import css from './NoRooms.module.css';

/** A site without rooms: where they come from. */
export function NoRooms({ onImport }: { onImport(source: Source | null): void }) {
  const { t } = useTranslation('rooms');
  return (
    <EmptyState
      text={t('empty.text')}
      action={
        <Button look="primary" icon={FileText} onClick={() => onImport(null)}>
          {t('action.import')}
        </Button>
      }
    >
      <p className={css.soft}>{t('empty.drop')}</p>
      <p className={css.practice}>
        {t('empty.practice')}{' '}
        <Button look="quiet" onClick={() => navigate('start')}>
          {t('empty.toPractice')}
        </Button>
      </p>
    </EmptyState>
  );
}
