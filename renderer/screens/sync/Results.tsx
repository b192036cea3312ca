import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job, JobItem } from '../../../main/contract/jobs.ts';
import { Card } from '../../design/Card.tsx';
import { LiveRegion } from '../../design/LiveRegion.tsx';
import { clock, count, moment } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import { useAnswer, useItems } from '../../state/hooks.ts';
import { keyOf, newestFirst } from './items.ts';
import { type LongColumn, LongTable } from './LongTable.tsx';
import css from './Sync.module.css';

/** What a delivery has brought, line by line as it comes; the newest on top. */
export function Results({ job }: { job: Job }) {
  const { t } = useTranslation('sync');
  const { data } = useAnswer('jobs.detail', { job: job.id }, [job.endedAt]);
  const live = useItems(job.id);
  const items = useMemo(() => newestFirst(data?.items ?? [], live), [data, live]);
  const failed = items.filter(({ problem }) => problem !== null).length;
  const columns = useMemo(
    (): LongColumn<JobItem>[] => [
      { id: 'at', name: t('table.at'), share: 1.5, cell: ({ at }) => clock(at) },
      { id: 'room', name: t('table.room'), share: 3, title: ({ about }) => about, cell: ({ about }) => about },
      {
        id: 'what',
        name: t('table.result'),
        share: 4,
        title: (item) => whatHappened(item, t),
        cell: (item) => <span className={item.problem ? css.failed : undefined}>{whatHappened(item, t)}</span>,
      },
      {
        id: 'words',
        name: t('table.words'),
        share: 5,
        title: ({ words }) => words,
        cell: ({ words }) => <span className={css.words}>{words || '–'}</span>,
      },
    ],
    [t],
  );
  const summary = t('results.summary', {
    delivered: count(items.length - failed),
    failed: count(failed),
  });
  return (
    <Card
      title={job.endedAt ? t('results.over', { moment: moment(job.endedAt) }) : t('results.now')}
      flush
      actions={<span className={css.soft}>{summary}</span>}
    >
      <LiveRegion text={summary} />
      {items.length === 0 ? (
        <p className={css.none}>{t(job.endedAt ? 'results.none' : 'results.noneYet')}</p>
      ) : (
        <LongTable name={t('results.name')} columns={columns} rows={items} keyOf={keyOf} />
      )}
    </Card>
  );
}

function whatHappened({ problem, what }: JobItem, t: TFunction<'sync'>): string {
  return problem ? problemText(problem).happened : t(`what.${what}`);
}
