import { FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { EmptyState } from '../../design/EmptyState.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Screen } from '../../design/Screen.tsx';
import { useAnswer, useNavigate, useSite } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { Preview } from './Preview.tsx';
import { Remaining } from './Remaining.tsx';
import css from './Report.module.css';
import { Finished, States, WithoutOtj } from './SummaryCharts.tsx';
import { useChanges } from './useChanges.ts';
import { useReportFiles } from './useReportFiles.ts';
import { WrittenFiles } from './WrittenFiles.tsx';

/** While rooms change, the figures are asked for at most this often, milliseconds. */
const EVERY_MS = 2_000;

/** Where the site stands in numbers, and the report that is handed over. */
export function ReportScreen() {
  const site = useSite();
  return site && <SiteReport path={site.path} />;
}

function SiteReport({ path }: { path: string }) {
  const { t } = useTranslation('report');
  const navigate = useNavigate();
  const rooms = useStore((store) => store.rooms);
  const loaded = useStore((store) => store.roomsLoaded);
  const changes = useChanges(rooms, EVERY_MS);
  const { data, problem, slow } = useAnswer('report.summary', undefined, [path, changes]);
  const files = useReportFiles();
  if (loaded && rooms.length === 0) {
    return (
      <Screen title={t('title')}>
        <EmptyState
          text={t('empty.text')}
          action={
            <Button look="primary" onClick={() => navigate('rooms')}>
              {t('empty.action')}
            </Button>
          }
        />
      </Screen>
    );
  }
  const busy = files.since === null ? null : { what: t('write.working'), since: files.since };
  return (
    <Screen
      title={t('title')}
      layout="wide"
      actions={
        <Button look="primary" icon={FileText} busy={busy} onClick={() => void files.write()}>
          {t('write.action')}
        </Button>
      }
    >
      {files.problem && <ProblemCard problem={files.problem} />}
      {files.written && <WrittenFiles written={files.written} />}
      {problem && <ProblemCard problem={problem} />}
      {slow && <p className={css.soft}>{t('loading')}</p>}
      <div className={css.columns}>
        <div className={css.stack}>
          {data && (
            <>
              <States counts={data.counts} />
              <Remaining summary={data} />
              <WithoutOtj without={data.without} />
              <Finished finished={data.finished} />
            </>
          )}
        </div>
        <Preview />
      </div>
    </Screen>
  );
}
