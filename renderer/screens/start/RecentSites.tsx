import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RecentSite } from '../../../main/contract/app.ts';
import { IconButton } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { moment } from '../../i18n/format.ts';
import { forgetSite } from './enter.ts';
import css from './Start.module.css';

export interface RecentSitesProps {
  sites: readonly RecentSite[];
  /** The one that is being opened, and since when. */
  opening: { path: string; since: number } | null;
  onOpen(path: string): void;
}

/** Sites that were opened on this computer, newest first. */
export function RecentSites({ sites, opening, onOpen }: RecentSitesProps) {
  const { t } = useTranslation('start');
  if (sites.length === 0) {
    return (
      <Card title={t('recent')}>
        <p className={css.soft}>{t('noRecent')}</p>
      </Card>
    );
  }
  return (
    <Card title={t('recent')} flush>
      <ul>
        {sites.map((site) => (
          <li key={site.path} className={css.recent}>
            <Recent site={site} since={opening?.path === site.path ? opening.since : null} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Recent({
  site: { path, name, openedAt, there, practice },
  since,
  onOpen,
}: {
  site: RecentSite;
  since: number | null;
  onOpen(path: string): void;
}) {
  const { t } = useTranslation('start');
  const forget = () =>
    forgetSite(path).then(() => notify({ title: t('forgotten', { name: name.slice(0, 60) }) }), notifyProblem);
  return (
    <>
      <button type="button" className={css.site} aria-disabled={!there || undefined} onClick={() => onOpen(path)}>
        <span className={css.siteName}>
          <strong className={css.clip} dir="auto" title={name}>
            {name}
          </strong>
          {practice && <span className={css.tag}>{t('practiceFile')}</span>}
          <span className={css.when}>
            {since === null ? t('opened', { moment: moment(openedAt) }) : <Elapsed what={t('opening')} since={since} />}
          </span>
        </span>
        <span className={there ? css.sitePath : css.gone} title={path}>
          <bdi>{there ? path : t('missing', { path })}</bdi>
        </span>
        {practice && <span className={css.sitePath}>{t('practiceOver')}</span>}
      </button>
      <IconButton icon={X} label={t('forget', { name: name.slice(0, 200) })} onClick={() => void forget()} />
    </>
  );
}
