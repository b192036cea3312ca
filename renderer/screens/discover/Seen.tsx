import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { count, moment } from '../../i18n/format.ts';
import { LongTable } from '../sync/LongTable.tsx';
import css from './Discover.module.css';
import { FactsDialog } from './FactsDialog.tsx';
import { kindWord } from './kinds.ts';
import type { SeenLine } from './seen.ts';

export interface SeenProps {
  lines: readonly SeenLine[];
  nameOf(roomId: number | null): string | null;
}

/** What was seen so far, each with its evidence, and where sources disagree. */
export function Seen({ lines, nameOf }: SeenProps) {
  const { t } = useTranslation('discover');
  const [asked, setAsked] = useState<{ id: number; address: string } | null>(null);
  const address = ({ deviceId, address: where }: SeenLine) =>
    deviceId === null ? (
      where
    ) : (
      <Button
        look="quiet"
        aria-label={t('devices.facts', { address: where })}
        onClick={() => setAsked({ id: deviceId, address: where })}
      >
        {where}
      </Button>
    );
  const conflicts = lines.flatMap((line) => line.conflicts.map((conflict) => ({ ...conflict, line })));
  return (
    <>
      {conflicts.length > 0 && (
        <Card title={`${t('conflicts.title')} (${count(conflicts.length)})`} flush>
          <p className={css.none}>{t('conflicts.means')}</p>
          <LongTable
            name={t('conflicts.title')}
            rows={conflicts}
            keyOf={({ line, about, words }) => `${line.address} ${about} ${words}`}
            columns={[
              { id: 'address', name: t('devices.address'), share: 2, cell: ({ line }) => address(line) },
              { id: 'about', name: t('conflicts.what'), share: 2, cell: ({ about }) => t(`about.${about}`) },
              {
                id: 'words',
                name: t('conflicts.words'),
                share: 8,
                cell: ({ words }) => words,
                title: ({ words }) => words,
              },
            ]}
          />
        </Card>
      )}
      <Card title={`${t('devices.title')} (${count(lines.length)})`} flush>
        {lines.length === 0 ? (
          <p className={css.none}>{t('devices.none')}</p>
        ) : (
          <LongTable
            name={t('devices.title')}
            rows={lines}
            keyOf={({ address: where }) => where}
            columns={[
              { id: 'address', name: t('devices.address'), share: 2, cell: address },
              {
                id: 'kind',
                name: t('devices.kind'),
                share: 2,
                cell: ({ kind, ours }) => <span className={ours ? undefined : css.soft}>{kindWord(kind)}</span>,
                title: ({ kind }) => kindWord(kind),
              },
              {
                id: 'room',
                name: t('devices.room'),
                share: 3,
                cell: ({ roomId }) => nameOf(roomId) ?? <span className={css.soft}>{t('devices.noRoom')}</span>,
                title: ({ roomId }) => nameOf(roomId) ?? t('devices.noRoom'),
              },
              {
                id: 'seen',
                name: t('devices.seen'),
                share: 5,
                cell: ({ evidence }) => evidence,
                title: ({ evidence }) => evidence,
              },
              { id: 'at', name: t('devices.at'), share: 2, cell: ({ at }) => moment(at) },
            ]}
          />
        )}
      </Card>
      <FactsDialog device={asked} onClose={() => setAsked(null)} />
    </>
  );
}
