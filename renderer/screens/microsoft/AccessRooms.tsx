import { useTranslation } from 'react-i18next';
import type { AccessState, RoomAccess } from '../../../main/contract/microsoft/access.ts';
import { CheckBadge } from '../../design/CheckBadge.tsx';
import { count, moment } from '../../i18n/format.ts';
import css from '../infinity/Infinity.module.css';

/** More rooms than these are not read by anybody. */
const MOST = 50;
const BADGE = {
  granted: 'pass',
  open: 'warn',
  pending: 'warn',
  untested: 'unchecked',
  'not-room': 'fail',
  failed: 'fail',
  unknown: 'unchecked',
} as const satisfies Record<AccessState, 'pass' | 'warn' | 'fail' | 'unchecked'>;

/** Whether Microsoft 365 may still go by what was before a script's change. */
export function isSettling({ until }: RoomAccess): boolean {
  return until !== null && Date.parse(until) > Date.now();
}

/** Rooms whose mailbox wants somebody; nothing when all are in order. */
export function AccessRooms({ rooms }: { rooms: readonly RoomAccess[] }) {
  const { t } = useTranslation('microsoft');
  const wanting = rooms.filter(
    (one) => one.state !== 'granted' || (one.processing?.length ?? 0) > 0 || isSettling(one),
  );
  if (wanting.length === 0) return null;
  return (
    <>
      <ul className={css.steps} aria-label={t('rooms.wanting')}>
        {wanting.slice(0, MOST).map((one) => (
          <li key={one.roomId} className={css.step}>
            <div className={css.line}>
              {/* The app may read it, but what it reads is not complete. */}
              <CheckBadge status={one.state === 'granted' ? 'warn' : BADGE[one.state]} />
              <b dir="auto">{one.room}</b>
              <span className={css.evidence} dir="auto">
                {one.mailbox}
              </span>
            </div>
            <AccessWords access={one} />
          </li>
        ))}
      </ul>
      {wanting.length > MOST && (
        <p className={css.soft}>{t('rooms.more', { formatted: count(wanting.length - MOST) })}</p>
      )}
    </>
  );
}

/** What a script has told of one mailbox. */
export function AccessWords({ access }: { access: RoomAccess }) {
  const { state, words, processing, until } = access;
  const { t } = useTranslation('microsoft');
  return (
    <>
      <p>
        {t(`state.${state}`)}{' '}
        {words && state !== 'granted' && (
          <span className={css.evidence} dir="auto">
            {words}
          </span>
        )}
      </p>
      {isSettling(access) && <p>{t('rooms.until', { moment: moment(until ?? '') })}</p>}
      {processing?.map(({ name, now, wish }) => (
        <p key={name} dir="auto">
          {t('rooms.processing', { name, now: now || '–', wish })}
        </p>
      ))}
    </>
  );
}
