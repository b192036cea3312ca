import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { moment } from '../../i18n/format.ts';
import { useNavigate, useReach } from '../../state/hooks.ts';
import css from './Sync.module.css';

/** Whether Infinity can be reached from here, since when, and at which address it was asked. */
export function Reach() {
  const { t } = useTranslation('sync');
  const navigate = useNavigate();
  const reach = useReach()?.infinity;
  if (!reach) return null;
  if (reach.state === 'unset') {
    return (
      <span className={css.reach}>
        <span>{t('reach.unset')}</span>
        <Button onClick={() => navigate('settings')}>{t('reach.set')}</Button>
      </span>
    );
  }
  return (
    <span className={css.reach}>
      <span className={css.lamp} data-state={reach.state} aria-hidden="true" />
      <span>{t(`reach.${reach.state}`, { moment: moment(reach.since) })}</span>
      <span className={css.about} title={reach.about} dir="auto">
        {reach.about}
      </span>
    </span>
  );
}
