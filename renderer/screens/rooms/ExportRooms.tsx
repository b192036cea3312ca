import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { useApp } from '../../state/hooks.ts';
import css from './ImportDialog.module.css';

/** All rooms as a list that can be imported again: into a folder that is asked for where this host can ask, else beside the site file. */
export function ExportRooms() {
  const { t } = useTranslation('rooms');
  const app = useApp();
  const { since, run } = useAction();
  const write = (format: 'csv' | 'xlsx') =>
    void run(async () => {
      let folder: string | null = null;
      if (app?.fileDialogs) {
        folder = (await call('files.choose', { what: 'folder', suggested: null })).path;
        if (folder === null) return;
      }
      const { path, rooms, inert } = await call('rooms.export', { format, folder });
      notify({
        title: t('export.done', { count: rooms, formatted: count(rooms) }),
        detail: inert > 0 ? t('export.inert', { path, count: inert, formatted: count(inert) }) : path,
        action: { label: t('export.open'), run: () => void call('files.open', { path }).catch(notifyProblem) },
      });
    });
  return (
    <fieldset className={css.export} aria-label={t('export.title')}>
      <span>{t('export.title')}</span>
      {(['csv', 'xlsx'] as const).map((format) => (
        <Button
          key={format}
          icon={Download}
          busy={since === null ? null : { what: t('export.working'), since }}
          onClick={() => write(format)}
        >
          {t(`export.${format}`)}
        </Button>
      ))}
    </fieldset>
  );
}
