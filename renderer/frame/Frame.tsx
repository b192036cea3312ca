import { type ComponentType, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ConsoleHost } from '../console/ConsoleHost.tsx';
import { classes } from '../design/classes.ts';
import { useApp, useRoute, useSite } from '../state/hooks.ts';
import type { Screen } from '../state/route.ts';
import { useStore } from '../state/store.ts';
import { Tour } from '../tour/Tour.tsx';
import { Banners } from './Banners.tsx';
import { FileDrop } from './FileDrop.tsx';
import css from './Frame.module.css';
import { Guard } from './Guard.tsx';
import { Header } from './Header.tsx';
import { Keys } from './Keys.tsx';
import { PrepareHost } from './PrepareHost.tsx';
import { Rail } from './Rail.tsx';
import { Starting } from './Starting.tsx';
import { UnlockDialog } from './UnlockDialog.tsx';
import { useKeptFocus } from './useKeptFocus.ts';

/** What is around every screen: header, phases, banners, keys. Without a site there is only the start. */
export function Frame({ views }: { views: Record<Screen, ComponentType> }) {
  const { t } = useTranslation('frame');
  const app = useApp();
  const site = useSite();
  const route = useRoute();
  const lost = useStore(({ connection }) => connection === 'lost');
  useKeptFocus();
  if (!app) return <Starting lost={lost} />;
  const screen = site ? route.screen : 'start';
  const View = views[screen];
  // A room alone is another screen for each room; beside the table it is the same one.
  const key = screen === 'room' ? `room/${route.roomId}` : `${screen}@${site?.path ?? ''}`;
  return (
    <div className={classes(css.frame, lost && css.lost)}>
      <button type="button" className={css.skip} onClick={toContent}>
        {t('skip')}
      </button>
      <div className={css.head} inert={lost}>
        <Header />
      </div>
      <Banners />
      {/* Nothing here can be done any more, and what is shown moves no more. */}
      <div className={css.below} inert={lost}>
        {site && <Rail current={screen} />}
        <main id="content" className={css.main} tabIndex={-1}>
          <Guard key={key}>
            <Suspense fallback={null}>
              <View />
            </Suspense>
          </Guard>
          {site && <Tour />}
        </main>
      </div>
      <Keys hasSite={site !== null} />
      <UnlockDialog />
      {site && <FileDrop />}
      {site && <PrepareHost key={`prepare ${site.path}`} />}
      {site && <ConsoleHost key={site.path} />}
    </div>
  );
}

function toContent(): void {
  document.getElementById('content')?.focus();
}
