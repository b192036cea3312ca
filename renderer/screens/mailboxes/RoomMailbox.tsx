import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { CheckBadge } from '../../design/CheckBadge.tsx';
import { moment } from '../../i18n/format.ts';
import { useAnswer, useJob } from '../../state/hooks.ts';
import css from '../infinity/Infinity.module.css';
import { Findings } from './MailboxRooms.tsx';

/** What Microsoft 365 told of this room's mailbox; nothing while it was not asked. */
export function RoomMailbox({ room }: { room: RoomRow }) {
  const { t } = useTranslation('mailboxes');
  const job = useJob('mailboxes');
  const { data } = useAnswer('microsoft.mailbox', { roomId: room.id }, [room.id, room.mailbox, job?.endedAt]);
  if (!data?.at) return null;
  const wanting = data.findings.filter(({ status }) => status !== 'pass');
  return (
    <section className={css.part} aria-label={t('room.title')}>
      <p className={css.heading}>{t('room.title')}</p>
      <div className={css.line}>
        <CheckBadge status={data.status} />
        <span className={css.evidence} dir="auto">
          {data.mailbox}
        </span>
      </div>
      <Findings findings={wanting} />
      <p className={css.soft}>{t('room.at', { moment: moment(data.at) })}</p>
    </section>
  );
}
