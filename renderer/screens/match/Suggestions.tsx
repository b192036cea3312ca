import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Progress } from '../../design/Progress.tsx';
import { count, percent } from '../../i18n/format.ts';
import { LongTable } from '../sync/LongTable.tsx';
import css from './Match.module.css';
import { type Proposal, SURE, surePairs } from './pairs.ts';
import type { Matching } from './useMatching.ts';

export interface SuggestionsProps {
  proposals: readonly Proposal[];
  matching: Matching;
  disabled: boolean;
  onAccept(proposals: readonly Proposal[]): void;
}

/** Which device could be which room's, with the reason. */
export function Suggestions({ proposals, matching, disabled, onAccept }: SuggestionsProps) {
  const { t } = useTranslation(['match', 'discover']);
  const sure = useMemo(() => surePairs(proposals), [proposals]);
  const busy = matching.since !== null;
  return (
    <Card
      flush
      title={t('suggestions')}
      actions={
        sure.length > 0 && (
          <Button look="primary" disabled={disabled || busy} onClick={() => onAccept(sure)}>
            {t('acceptAll', { count: sure.length, formatted: count(sure.length), score: percent(SURE) })}
          </Button>
        )
      }
    >
      <p className={css.means}>{t('suggestionsMeans')}</p>
      <LongTable
        name={t('suggestionsList')}
        rows={proposals}
        keyOf={({ roomId, deviceId }) => `${roomId}/${deviceId}`}
        columns={[
          {
            id: 'room',
            name: t('column.room'),
            share: 3,
            cell: ({ room }) => room.name,
            title: ({ room }) => room.name,
          },
          {
            id: 'device',
            name: t('column.device'),
            share: 3,
            cell: (one) => (
              <>
                {one.device.address}
                {one.room.address !== null && (
                  <span className={css.soft}>{t('moved', { address: one.room.address })}</span>
                )}
              </>
            ),
            title: ({ device }) => device.address,
          },
          {
            id: 'says',
            name: t('column.says'),
            share: 4,
            cell: ({ device }) => device.systemName ?? device.sighting ?? '',
            title: ({ device }) => device.systemName ?? device.sighting ?? '',
          },
          { id: 'score', name: t('column.score'), share: 1, cell: ({ score }) => percent(score) },
          {
            id: 'by',
            name: t('column.reason'),
            share: 3,
            cell: ({ by }) => t(`by.${by}`),
            title: ({ by }) => t(`by.${by}`),
          },
          {
            id: 'act',
            name: t('column.act'),
            share: 1.5,
            cell: (one) => (
              <Button
                look="quiet"
                disabled={disabled || busy}
                aria-label={t('acceptOf', { device: one.device.address, room: one.room.name.slice(0, 200) })}
                onClick={() => onAccept([one])}
              >
                {t('accept')}
              </Button>
            ),
          },
        ]}
      />
      {busy && sure.length > 1 && matching.since !== null && (
        <div className={css.going}>
          <Progress what={t('matching')} done={matching.done} total={0} since={matching.since} />
          <Button onClick={matching.stop}>{t('discover:going.stop')}</Button>
        </div>
      )}
    </Card>
  );
}
