import { useTranslation } from 'react-i18next';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { moment } from '../../i18n/format.ts';
import { useAnswer, useJob } from '../../state/hooks.ts';
import css from './Infinity.module.css';

/** What Infinity says of one room, where that is more than "it was reached". */
export function RoomProof({ room }: { room: RoomRow }) {
  const { t } = useTranslation('infinity');
  const job = useJob('sync');
  const { data } = useAnswer('infinity.proofs', { roomId: room.id }, [room.stateAt, job?.endedAt]);
  const proof = data?.[0]?.proof;
  if (!proof || (proof.state === 'proven' && proof.cause === null)) return null;
  return (
    <section className={css.part} aria-label={t('proof.roomTitle')}>
      <p className={css.heading}>{t('proof.roomTitle')}</p>
      <p>
        {t(`proof.stateMeans.${proof.state}`)}{' '}
        <span className={css.soft}>{t('proof.asked', { moment: moment(proof.at) })}</span>
      </p>
      {proof.cause && <p>{t(`proof.cause.${proof.cause}`)}</p>}
      {proof.evidence.length > 0 && (
        <ul className={css.plainList} aria-label={t('proof.seen')}>
          {proof.evidence.map((line) => (
            <li key={line} className={css.evidence} dir="auto">
              {line}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
