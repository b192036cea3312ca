import { Copy, ExternalLink } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { call } from '../../bridge/bridge.ts';
import { Button, IconButton } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { clock } from '../../i18n/format.ts';
import css from './Report.module.css';
import type { Written } from './useReportFiles.ts';

/** Where the report lies now. */
export function WrittenFiles({ written: { html, csv, at } }: { written: Written }) {
  const { t } = useTranslation('report');
  return (
    <Card title={t('written.title', { time: clock(at) })}>
      <ul className={css.files}>
        <FileLine name={t('written.html')} path={html} />
        <FileLine name={t('written.csv')} path={csv} />
      </ul>
    </Card>
  );
}

function FileLine({ name, path }: { name: string; path: string }) {
  const { t } = useTranslation('report');
  const copy = async () => {
    await navigator.clipboard.writeText(path);
    notify({ title: t('written.copied'), detail: path });
  };
  return (
    <li className={css.file}>
      <span className={css.fileName}>{name}</span>
      <span className={css.path} title={path} dir="auto">
        {path}
      </span>
      <Button
        icon={ExternalLink}
        aria-label={t('written.openNamed', { name })}
        onClick={() => void call('files.open', { path }).catch(notifyProblem)}
      >
        {t('written.open')}
      </Button>
      <IconButton
        icon={Copy}
        label={t('written.copyNamed', { name })}
        onClick={() => void copy().catch(notifyProblem)}
      />
    </li>
  );
}
