import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { clock } from '../../i18n/format.ts';
import css from './Report.module.css';

/** The report as it would be written now. It runs no script and may open nothing. */
export function Preview() {
  const { t } = useTranslation('report');
  const [madeAt, setMadeAt] = useState(() => Date.now());
  return (
    <Card
      title={t('preview.title', { time: clock(madeAt) })}
      flush
      actions={
        <Button look="quiet" icon={RefreshCw} onClick={() => setMadeAt(Date.now())}>
          {t('preview.again')}
        </Button>
      }
    >
      <iframe key={madeAt} className={css.page} src="./report.html" sandbox="" title={t('preview.name')} />
    </Card>
  );
}
