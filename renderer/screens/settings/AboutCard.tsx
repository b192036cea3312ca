import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { DataList } from '../../design/DataList.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import type { AppFacts } from '../../state/model.ts';
import { startTour } from '../../tour/tourState.ts';
import css from './Settings.module.css';

export function AboutCard({ app, path }: { app: AppFacts; path: string }) {
  const { t } = useTranslation('settings');
  const copy = () =>
    navigator.clipboard.writeText(path).then(() => notify({ title: t('about.copied') }), notifyProblem);
  return (
    <Card title={t('section.about')}>
      <DataList
        items={[
          { term: t('about.version'), value: app.version },
          { term: t('about.host'), value: t(`about.${app.host}`) },
          { term: t('about.platform'), value: app.platform },
          {
            term: t('about.file'),
            value: (
              <>
                <bdi>{path}</bdi> <IconButton icon={Copy} label={t('about.copy')} onClick={() => void copy()} />
              </>
            ),
          },
        ]}
      />
      <div className={css.line}>
        <Button onClick={startTour}>{t('about.tour')}</Button>
      </div>
    </Card>
  );
}
