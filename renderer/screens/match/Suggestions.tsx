import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Select } from '../../design/Select.tsx';
import { count, percent } from '../../i18n/format.ts';
import { LongTable } from '../sync/LongTable.tsx';
import css from './Match.module.css';
import { BOUNDS, type Proposal, surePairs } from './pairs.ts';
import type { Matching } from './useMatching.ts';

export interface SuggestionsProps {
  proposals: readonly Proposal[];
  matching: Matching;
  disabled: boolean;
  onAccept(proposal: Proposal): void;
}

/** Which device could be which room's, with the reason. */
export function Suggestions({ proposals, matching, disabled, onAccept }: SuggestionsProps) {
  const { t } = useTranslation('match');
  const [bound, setBound] = useState<(typeof BOUNDS)[number]>(BOUNDS[0]);
  const least = Number(bound);
  const sure = useMemo(() => surePairs(proposals, least), [proposals, least]);
  const busy = matching.since !== null;
  const reasonOf = ({ by, score, rival }: Proposal) =>
    rival >= score ? t('equal', { reason: t(`by.${by}`) }) : t(`by.${by}`);
  return (
    <Card
      flush
      title={t('suggestions')}
      actions={
        <>
          <Select<(typeof BOUNDS)[number]>
            compact
            label={t('least')}
            value={bound}
            choices={BOUNDS.map((value) => ({ value, label: percent(Number(value)) }))}
            onChange={setBound}
          />
          <Button
            look="primary"
            disabled={disabled || sure.length === 0}
            busy={matching.since === null ? null : { what: t('matching'), since: matching.since }}
            onClick={() => void matching.accept(least)}
          >
            {t('acceptAll', { count: sure.length, formatted: count(sure.length), score: percent(least) })}
          </Button>
        </>
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
            cell: ({ said }) => said,
            title: ({ said }) => said,
          },
          { id: 'score', name: t('column.score'), share: 1, cell: ({ score }) => percent(score) },
          {
            id: 'by',
            name: t('column.reason'),
            share: 3,
            cell: reasonOf,
            title: reasonOf,
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
                onClick={() => onAccept(one)}
              >
                {t('accept')}
              </Button>
            ),
          },
        ]}
      />
    </Card>
  );
}
