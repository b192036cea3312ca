import { useTranslation } from 'react-i18next';
import { Banner } from '../design/Toolbar.tsx';
import { moment } from '../i18n/format.ts';
import { useApp, useSite } from '../state/hooks.ts';
import { useStore } from '../state/store.ts';

/** What holds for the whole window and a person must know. */
export function Banners() {
  const { t } = useTranslation('frame');
  const site = useSite();
  const wasPractice = useApp()?.recent.some(({ path, practice }) => practice && path === site?.path) ?? false;
  const lostAt = useStore((store) => store.lostAt);
  return (
    <>
      {lostAt !== null && <Banner kind="warn">{t('lost', { moment: moment(lostAt) })}</Banner>}
      {site && wasPractice && !site.practice && <Banner>{t('practiceOver')}</Banner>}
      {site?.busyElsewhere && <Banner kind="warn">{t('busyElsewhere')}</Banner>}
    </>
  );
}
