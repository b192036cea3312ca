import { Search } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import type { Output } from '../../../main/contract/methods.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { count, moment } from '../../i18n/format.ts';
import { useAnswer, useRunningJob, useSite } from '../../state/hooks.ts';
import { hashOf } from '../../state/route.ts';
import { unlocked } from '../../state/unlock.ts';
import { type LongColumn, LongTable } from '../sync/LongTable.tsx';
import css from './Infinity.module.css';

type Row = Output<'infinity.proofs'>[number];

const RANK = { late: 0, waiting: 1, replicating: 2, proven: 3 };

/** Infinity's own word for the rooms that were moved; those that want a look come first. */
export function ProofCard({ job }: { job: Job | null }) {
  const { t } = useTranslation('infinity');
  const site = useSite();
  const running = useRunningJob();
  const { data } = useAnswer('infinity.proofs', { roomId: null }, [site?.path, job?.id, job?.endedAt]);
  const rows = useMemo(() => data?.toSorted((a, b) => RANK[a.proof.state] - RANK[b.proof.state]) ?? [], [data]);
  const columns = useColumns();
  if (rows.length === 0) return null;
  const number = (...states: Row['proof']['state'][]) =>
    rows.filter(({ proof }) => states.includes(proof.state)).length;
  const late = number('late');
  const look = async () => {
    if (await unlocked()) await call('jobs.sync', { waitMs: 0, finish: false, look: true }).catch(notifyProblem);
  };
  return (
    <Card
      title={t('proof.title')}
      flush
      actions={
        <span className={css.line}>
          <span className={css.soft}>
            {t('proof.summary', {
              proven: count(number('proven')),
              waiting: count(number('waiting', 'replicating')),
              late: count(late),
            })}
          </span>
          {late > 0 && (
            <Button icon={Search} title={t('proof.lookMeans')} disabled={running !== null} onClick={() => void look()}>
              {t('proof.look')}
            </Button>
          )}
        </span>
      }
    >
      <LongTable name={t('proof.name')} columns={columns} rows={rows} keyOf={({ roomId }) => `${roomId}`} />
    </Card>
  );
}

function useColumns(): LongColumn<Row>[] {
  const { t } = useTranslation('infinity');
  return useMemo(() => {
    // What the device showed before its move is no comparison.
    const meetings = ({ proof: { meetings: own, shown, since } }: Row) => {
      if (own === null) return '–';
      return shown && shown.at > since
        ? t('proof.meetingsBoth', { infinity: count(own), device: count(shown.meetings) })
        : count(own);
    };
    const cause = ({ proof }: Row) => (proof.cause ? t(`proof.cause.${proof.cause}`) : '–');
    return [
      {
        id: 'room',
        name: t('column.room'),
        share: 2,
        title: ({ room }) => room,
        cell: ({ roomId, room }) => <a href={hashOf({ screen: 'room', roomId })}>{room}</a>,
      },
      {
        id: 'state',
        name: t('proof.column.state'),
        share: 2,
        cell: ({ proof }) => (
          <span className={proof.state === 'late' ? css.late : undefined}>{t(`proof.state.${proof.state}`)}</span>
        ),
      },
      {
        id: 'contact',
        name: t('proof.column.contact'),
        share: 2,
        cell: ({ proof }) => (proof.lastContact ? moment(proof.lastContact) : '–'),
        title: ({ proof }) => (proof.lastContact ? moment(proof.lastContact) : ''),
      },
      {
        id: 'node',
        name: t('proof.column.node'),
        share: 2,
        cell: ({ proof }) => proof.node ?? '–',
        title: ({ proof }) => proof.node ?? '',
      },
      { id: 'meetings', name: t('proof.column.meetings'), share: 2, cell: meetings, title: meetings },
      {
        id: 'cause',
        name: t('proof.column.cause'),
        share: 5,
        cell: cause,
        title: (row) => [cause(row), ...row.proof.evidence].join('\n'),
      },
    ];
  }, [t]);
}
