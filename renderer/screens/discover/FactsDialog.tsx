import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { moment } from '../../i18n/format.ts';
import { useAnswer } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { LongTable } from '../sync/LongTable.tsx';
import css from './Discover.module.css';

export interface FactsDialogProps {
  /** null = closed. */
  device: { id: number; address: string } | null;
  onClose(): void;
}

/** All that was seen of one device, each with its source and time. */
export function FactsDialog({ device, onClose }: FactsDialogProps) {
  const { t } = useTranslation('discover');
  const version = useStore(({ devicesVersion }) => devicesVersion);
  const facts = useAnswer('discover.facts', device && { deviceId: device.id }, [version]);
  return (
    <Dialog
      open={device !== null}
      onClose={onClose}
      title={t('facts.title', { address: device?.address ?? '' })}
      actions={<Button onClick={onClose}>{t('facts.close')}</Button>}
    >
      {facts.problem && <ProblemCard problem={facts.problem} />}
      {facts.data?.length === 0 && <p className={css.soft}>{t('facts.none')}</p>}
      {facts.data && facts.data.length > 0 && (
        <LongTable
          name={t('facts.title', { address: device?.address ?? '' })}
          rows={facts.data}
          keyOf={({ address, source, name, value }) => `${address} ${source} ${name} ${value}`}
          columns={[
            { id: 'source', name: t('facts.source'), share: 1, cell: ({ source }) => source },
            { id: 'name', name: t('facts.name'), share: 1, cell: ({ name }) => name },
            { id: 'value', name: t('facts.value'), share: 4, cell: ({ value }) => value, title: ({ value }) => value },
            { id: 'at', name: t('facts.at'), share: 2, cell: ({ lastAt }) => moment(lastAt) },
          ]}
        />
      )}
    </Dialog>
  );
}
