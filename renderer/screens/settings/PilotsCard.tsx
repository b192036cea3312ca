import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PilotView } from '../../../main/contract/pilots.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count, moment } from '../../i18n/format.ts';
import { useAnswer } from '../../state/hooks.ts';
import css from './Settings.module.css';

/** Which devices went first where something is not confirmed, and what was learned from them. */
export function PilotsCard() {
  const { t } = useTranslation('settings');
  const [changes, setChanges] = useState(0);
  const { data } = useAnswer('pilots.list', undefined, [changes]);
  const saving = useAction();
  const pilots = data ?? [];
  const save = () =>
    saving.run(async () => {
      const { path, entries } = await call('pilots.contribution', { path: null });
      notify({ title: t('pilots.contributed', { formatted: count(entries), path }) });
    });
  return (
    <Card title={t('section.pilots')}>
      <p className={css.soft}>{t('pilots.means')}</p>
      {pilots.length === 0 && <p>{t('pilots.none')}</p>}
      {pilots.map((pilot) => (
        <Pilot key={pilot.title} pilot={pilot} changed={() => setChanges(changes + 1)} />
      ))}
      {pilots.some(({ confirmedAt }) => confirmedAt !== null) && (
        <div>
          <Button disabled={saving.since !== null} onClick={() => void save()}>
            {t('pilots.contribute')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Pilot({ pilot, changed }: { pilot: PilotView; changed(): void }) {
  const { t } = useTranslation('settings');
  const dropping = useAction();
  const { title, room, roomId, confirmedAt, technician, problem, waiting } = pilot;
  const drop = async () => {
    if (await dropping.run(() => call('pilots.drop', { roomId }))) changed();
  };
  return (
    <div className={css.login}>
      <h3 dir="auto">{title}</h3>
      <p dir="auto">
        {confirmedAt !== null
          ? t('pilots.confirmed', { room, moment: moment(confirmedAt), by: technician })
          : t(problem === null ? 'pilots.open' : 'pilots.failed', { room })}
      </p>
      {confirmedAt === null && waiting > 0 && (
        <p className={css.soft}>{t('pilots.waiting', { count: waiting, formatted: count(waiting) })}</p>
      )}
      {confirmedAt === null && (
        <div>
          <Button disabled={dropping.since !== null} onClick={() => void drop()}>
            {t('pilots.drop')}
          </Button>
        </div>
      )}
    </div>
  );
}
