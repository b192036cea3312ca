import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { moment } from '../../i18n/format.ts';
import { useAnswer } from '../../state/hooks.ts';
import css from '../infinity/Infinity.module.css';
import { AccessWords, isSettling } from './AccessRooms.tsx';

/** What is wrong with the room's mailbox, as a script has told; nothing where none has, or all is well. */
export function RoomAccess({ room }: { room: RoomRow }) {
  const { t } = useTranslation('microsoft');
  const { data } = useAnswer('microsoft.access', undefined, [room.id]);
  const access = data?.rooms.find(({ roomId }) => roomId === room.id);
  if (!access?.at || (access.state === 'granted' && !access.processing?.length && !isSettling(access))) return null;
  return (
    <section className={css.part} aria-label={t('room.title')}>
      <p className={css.heading}>{t('room.title')}</p>
      <AccessWords access={access} />
      <p className={css.soft}>{t('room.at', { moment: moment(access.at) })}</p>
    </section>
  );
}
