import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../design/Card.tsx';
import { Screen } from '../../design/Screen.tsx';
import { useApp, useSite } from '../../state/hooks.ts';
import { AboutCard } from './AboutCard.tsx';
import { Appearance } from './Appearance.tsx';
import { DevicesCard } from './DevicesCard.tsx';
import { InfinityCard } from './InfinityCard.tsx';
import { LoginsCard } from './LoginsCard.tsx';
import { PassphraseCard } from './PassphraseCard.tsx';
import { PilotsCard } from './PilotsCard.tsx';
import css from './Settings.module.css';
import { SiteCard } from './SiteCard.tsx';
import { SECTIONS, type Section } from './sections.ts';

/** Everything that is set for this site and for this computer. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const app = useApp();
  const site = useSite();
  const page = useRef<HTMLDivElement>(null);
  if (!app || !site) return null;
  const { settings, credentials, path } = site;
  const views: Record<Section, ReactNode> = {
    site: <SiteCard settings={settings} />,
    infinity: <InfinityCard infinity={settings.infinity} />,
    logins: <LoginsCard credentials={credentials} />,
    devices: <DevicesCard settings={settings} />,
    pilots: <PilotsCard />,
    passphrase: <PassphraseCard site={site} />,
    appearance: (
      <Card title={t('section.appearance')}>
        <Appearance />
      </Card>
    ),
    about: <AboutCard app={app} path={path} />,
  };
  return (
    <Screen title={t('title')} layout="wide">
      <div className={css.page}>
        <nav className={css.sections} aria-label={t('sections')}>
          <ul>
            {SECTIONS.map((section) => (
              <li key={section}>
                <button type="button" className={css.jump} onClick={() => toSection(page.current, section)}>
                  {t(`section.${section}`)}
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <div ref={page} className={css.cards}>
          {SECTIONS.map((section) => (
            <div key={section} data-section={section} tabIndex={-1} className={css.section}>
              {views[section]}
            </div>
          ))}
        </div>
      </div>
    </Screen>
  );
}

function toSection(page: HTMLElement | null, section: Section): void {
  const part = page?.querySelector<HTMLElement>(`[data-section="${section}"]`);
  part?.scrollIntoView({ block: 'start' });
  part?.focus({ preventScroll: true });
}
