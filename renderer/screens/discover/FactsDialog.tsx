import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { moment } from '../../i18n/format.ts';
import { useAnswer } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
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
      size="l"
      title={t('facts.title', { address: device?.address ?? '' })}
      actions={<Button onClick={onClose}>{t('facts.close')}</Button>}
    >
      {facts.problem && <ProblemCard problem={facts.problem} />}
      {facts.data?.length === 0 && <p className={css.soft}>{t('facts.none')}</p>}
      {facts.data && facts.data.length > 0 && (
        <table className={css.facts}>
          <thead>
            <tr>
              {(['source', 'name', 'value', 'at'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`facts.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {facts.data.map(({ address, source, name, value, lastAt }) => (
              <tr key={`${address} ${source} ${name} ${value}`}>
                <td>{source}</td>
                <td>{name}</td>
                <td className={css.words} dir="auto">
                  {value}
                </td>
                <td>{moment(lastAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}
