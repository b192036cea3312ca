import { FileText } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { EmptyState } from '../../design/EmptyState.tsx';
import { navigate } from '../../state/store.ts';
import type { Source } from './importing.ts';
import css from './NoRooms.module.css';

/** A site without rooms: where they come from. A table can be pasted anywhere here. */
export function NoRooms({ onImport }: { onImport(source: Source | null): void }) {
  const { t } = useTranslation('rooms');
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      const [file] = event.clipboardData?.files ?? [];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (file) onImport({ from: 'file', file });
      else if (text.trim() !== '') onImport({ from: 'text', text });
      else return;
      event.preventDefault();
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, [onImport]);
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
