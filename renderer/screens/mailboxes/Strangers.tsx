import { useTranslation } from 'react-i18next';
import type { MailboxView } from '../../../main/contract/microsoft/mailboxes.ts';
import { count } from '../../i18n/format.ts';
import css from '../infinity/Infinity.module.css';

const MOST = 20;

/** Rooms of the tenant that the site lacks. */
export function Strangers({ strangers }: { strangers: MailboxView['strangers'] }) {
  const { t } = useTranslation('mailboxes');
  if (strangers.count === 0) return null;
  const more = strangers.count - Math.min(MOST, strangers.rooms.length);
  return (
    <section className={css.part} aria-label={t('strangers.title')}>
      <p className={css.heading}>{t('strangers.title')}</p>
      <p>{t('strangers.means', { count: strangers.count, formatted: count(strangers.count) })}</p>
      <ul className={css.plainList} aria-label={t('strangers.title')}>
        {strangers.rooms.slice(0, MOST).map(({ mailbox, name, building, floor }) => (
          <li key={mailbox} className={css.line}>
            {/* each by itself: a mark in one of them must not turn the others around */}
            <bdi>{name}</bdi>
            <bdi className={css.soft}>{[building, floor].filter((one) => one !== '').join(' · ')}</bdi>
            <span className={css.evidence} dir="auto">
              {mailbox}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className={css.soft}>{t('more', { formatted: count(more) })}</p>}
    </section>
  );
}
