import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DriftRow } from '../../../main/contract/infinity.ts';
import { problemText } from '../../i18n/words.ts';
import { type LongColumn, LongTable } from '../sync/LongTable.tsx';
import { type DriftLine, driftLines } from './driftTable.ts';

/** What Infinity has, what this site wants, and what the devices said. */
export function DriftTable({ rows, device = true }: { rows: readonly DriftRow[]; device?: boolean }) {
  const { t } = useTranslation('infinity');
  const lines = useMemo(
    () =>
      driftLines(rows, ({ problem }) =>
        problem ? [problemText(problem).happened, problem.words].filter(Boolean).join(' ') : '',
      ),
    [rows],
  );
  const columns = useMemo(
    (): LongColumn<DriftLine>[] => [
      { id: 'room', name: t('column.room'), share: 2, cell: ({ room }) => room, title: ({ room }) => room },
      { id: 'what', name: t('column.what'), share: 2, cell: ({ action }) => t(`action.${action}`) },
      {
        id: 'infinity',
        name: t('column.infinity'),
        share: 3,
        cell: ({ infinity }) => infinity || '–',
        title: ({ infinity }) => infinity,
      },
      { id: 'site', name: t('column.site'), share: 5, cell: ({ site }) => site || '–', title: ({ site }) => site },
      ...(device
        ? [
            {
              id: 'device',
              name: t('column.device'),
              share: 2,
              cell: (line: DriftLine) => line.device || '–',
              title: (line: DriftLine) => line.device,
            },
          ]
        : []),
    ],
    [t, device],
  );
  return <LongTable name={t('drift.name')} columns={columns} rows={lines} keyOf={({ key }) => key} />;
}
