import { useTranslation } from 'react-i18next';
import { Banner } from '../design/Toolbar.tsx';
import { useApp, useSite } from '../state/hooks.ts';
import { useStore } from '../state/store.ts';

/** What holds for the whole window and a person must know. */
export function Banners() {
  const { t } = useTranslation('frame');
  const site = useSite();
  const wasPractice = useApp()?.recent.some(({ path, practice }) => practice && path === site?.path) ?? false;
  const lost = useStore(({ connection }) => connection === 'lost');
  return (
    <>
      {lost && <Banner kind="warn">{t('lost')}</Banner>}
      {site && wasPractice && !site.practice && <Banner>{t('practiceOver')}</Banner>}
      {site?.busyElsewhere && <Banner kind="warn">{t('busyElsewhere')}</Banner>}
    </>
  );
}
