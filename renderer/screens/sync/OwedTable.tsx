import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../main/contract/methods.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { count, moment } from '../../i18n/format.ts';
import { useRunningJob } from '../../state/hooks.ts';
import { hashOf } from '../../state/route.ts';
import { ConflictDialog } from './ConflictDialog.tsx';
import { type LongColumn, LongTable } from './LongTable.tsx';
import css from './Sync.module.css';

type Owed = Output<'outbox.list'>[number];

export interface OwedTableProps {
  owed: readonly Owed[];
  /** A person has decided about an entry that somebody else changed. */
  settled(): void;
}

/** What is owed to Infinity, oldest first. */
export function OwedTable({ owed, settled }: OwedTableProps) {
  const { t } = useTranslation('sync');
  const running = useRunningJob();
  const [shown, setShown] = useState<Owed | null>(null);
  const columns = useMemo(
    (): LongColumn<Owed>[] => [
      {
        id: 'room',
        name: t('table.room'),
        share: 3,
        title: ({ room }) => room,
        cell: ({ roomId, room }) => <a href={hashOf({ screen: 'room', roomId })}>{room}</a>,
      },
      {
        id: 'kind',
        name: t('table.what'),
        share: 4,
        title: ({ kind }) => t(`kind.${kind}`),
        cell: ({ kind }) => t(`kind.${kind}`),
      },
      {
        id: 'since',
        name: t('table.since'),
        share: 2,
        title: ({ since }) => moment(since),
        cell: ({ since }) => moment(since),
      },
      { id: 'attempts', name: t('table.attempts'), share: 1, cell: ({ attempts }) => count(attempts) },
      {
        id: 'words',
        name: t('table.words'),
        share: 4,
        title: ({ words }) => words ?? '',
        cell: (owed) =>
          owed.conflict ? (
            <Button look="quiet" onClick={() => setShown(owed)}>
              {t(owed.conflict.foreign ? 'conflict.compareForeign' : 'conflict.compare')}
            </Button>
          ) : (
            <span className={css.words}>{owed.words ?? '–'}</span>
          ),
      },
    ],
    [t],
  );
  return (
    <Card title={t('owedList', { count: owed.length, formatted: count(owed.length) })} flush>
      <LongTable name={t('owedName')} columns={columns} rows={owed} keyOf={({ roomId, kind }) => `${roomId} ${kind}`} />
      {shown?.conflict && (
        <ConflictDialog
          room={shown.room}
          roomId={shown.roomId}
          conflict={shown.conflict}
          blocked={running !== null}
          onClose={() => setShown(null)}
          settled={settled}
        />
      )}
    </Card>
  );
}
