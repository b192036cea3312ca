import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import { Card } from '../../design/Card.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { count, moment } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import { useAnswer, useItems } from '../../state/hooks.ts';
import { newestFirst } from '../sync/items.ts';
import { LongTable } from '../sync/LongTable.tsx';
import css from './Checks.module.css';
import { takenRows } from './taken.ts';

/** What came of the last one: how many, what was taken over, what failed. */
export function PrepareOutcome({ job }: { job: Job }) {
  const { t } = useTranslation('checks');
  const live = useItems(job.id);
  const { data } = useAnswer('jobs.detail', { job: job.id }, [job.endedAt]);
  const items = useMemo(() => newestFirst(data?.items ?? [], live), [data, live]);
  const taken = useMemo(() => takenRows(items), [items]);
  const failed = useMemo(() => items.filter(({ what }) => what === 'failed'), [items]);
  if (job.endedAt === null && failed.length === 0 && taken.length === 0) return null;
  return (
    <Card title={t('prepare.result')}>
      {job.problem && job.problem.code !== 'CANCELLED' && <ProblemCard problem={job.problem} />}
      {job.endedAt && job.result?.kind === 'prepare' && (
        <p role="status">
          {t('prepare.ended', {
            moment: moment(job.endedAt),
            prepared: count(job.result.prepared),
            total: count(job.total),
          })}{' '}
          {job.status === 'stopped' && t('prepare.stopped')}
        </p>
      )}
      {failed.length > 0 && (
        <div className={css.part}>
          <h3>{t('prepare.failed')}</h3>
          <LongTable
            name={t('prepare.failed')}
            rows={failed}
            keyOf={({ roomId, at }) => `${roomId}/${at}`}
            columns={[
              {
                id: 'room',
                name: t('prepare.room'),
                share: 1,
                cell: ({ about }) => about,
                title: ({ about }) => about,
              },
              {
                id: 'cause',
                name: t('prepare.cause'),
                share: 2,
                cell: ({ problem, words }) => (problem ? problemText(problem).happened : words),
                title: ({ problem, words }) => (problem ? problemText(problem).todo : words),
              },
              {
                id: 'words',
                name: t('prepare.words'),
                share: 2,
                cell: ({ words }) => <code>{words}</code>,
                title: ({ words }) => words,
              },
            ]}
          />
        </div>
      )}
      {taken.length > 0 && (
        <div className={css.part}>
          <h3>{t('prepare.taken')}</h3>
          <p className={css.soft}>{t('prepare.takenMeans')}</p>
          <LongTable
            name={t('prepare.taken')}
            rows={taken}
            keyOf={({ key }) => key}
            columns={[
              { id: 'room', name: t('prepare.room'), share: 2, cell: ({ room }) => room, title: ({ room }) => room },
              { id: 'field', name: t('prepare.field'), share: 2, cell: ({ field }) => <code>{field}</code> },
              {
                id: 'before',
                name: t('prepare.before'),
                share: 3,
                cell: ({ before }) => before,
                title: ({ before }) => before,
              },
              {
                id: 'after',
                name: t('prepare.after'),
                share: 3,
                cell: ({ after }) => after,
                title: ({ after }) => after,
              },
            ]}
          />
        </div>
      )}
    </Card>
  );
}
