import { Lock, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { call } from '../bridge/bridge.ts';
import { Button, IconButton } from '../design/Button.tsx';
import { Popover } from '../design/Popover.tsx';
import { notifyProblem } from '../design/toasts.ts';
import { count } from '../i18n/format.ts';
import { useReach, useSite } from '../state/hooks.ts';
import { navigate } from '../state/store.ts';
import { unlocked } from '../state/unlock.ts';
import css from './Header.module.css';
import { JobChip } from './JobChip.tsx';
import { Lamp } from './Lamp.tsx';

const WORLDS = ['lan', 'infinity', 'microsoft'] as const;

/** Which site this is, what can be reached from here, what is owed, and what goes on. */
export function Header() {
  const { t } = useTranslation('frame');
  const site = useSite();
  const reach = useReach();
  if (!site) return <header className={css.bare}>{t('app')}</header>;
  return (
    <header className={css.header}>
      <div className={css.site}>
        <span className={css.app}>{t('app')}</span>
        <strong className={css.name} dir="auto" title={site.path}>
          {site.settings.name || fileOf(site.path)}
        </strong>
        {site.practice && <span className={css.tag}>{t('practice')}</span>}
        {site.locked && (
          <Button look="quiet" icon={Lock} onClick={() => void unlocked()}>
            {t('unlock')}
          </Button>
        )}
        <IconButton
          icon={X}
          label={t('closeSite')}
          onClick={() => call('site.close', undefined).catch(notifyProblem)}
        />
      </div>
      <JobChip />
      <ul className={css.lamps} aria-label={t('reach.title')}>
        {reach &&
          WORLDS.map((world) => (
            <li key={world}>
              <Lamp world={world} reach={reach[world]} />
            </li>
          ))}
      </ul>
      <Owed owed={site.owed} />
    </header>
  );
}

function Owed({ owed }: { owed: number }) {
  const { t } = useTranslation('frame');
  const formatted = count(owed);
  return (
    <Popover
      align="end"
      title={t('owed', { formatted })}
      trigger={<Button look="quiet">{t('owed', { formatted })}</Button>}
    >
      <p>{owed === 0 ? t('owedNone') : t('owedMeans', { count: owed, formatted })}</p>
      {owed > 0 && <Button onClick={() => navigate('sync')}>{t('toSync')}</Button>}
    </Popover>
  );
}

/** Either kind of slash: files come from any computer. */
function fileOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
