import { useTranslation } from 'react-i18next';
import type { Finding, RoomMailbox } from '../../../main/contract/microsoft/mailboxes.ts';
import { CheckBadge } from '../../design/CheckBadge.tsx';
import { count, moment } from '../../i18n/format.ts';
import css from '../infinity/Infinity.module.css';

/** More rooms than these are not read by anybody. */
const MOST = 50;

/** Rooms whose mailbox wants somebody, the worst first; nothing when all are well. @param all how many there are */
export function MailboxRooms({ rooms, all }: { rooms: readonly RoomMailbox[]; all: number }) {
  const { t } = useTranslation('mailboxes');
  if (rooms.length === 0) return null;
  const more = all - Math.min(MOST, rooms.length);
  return (
    <>
      <ul className={css.steps} aria-label={t('wanting')}>
        {rooms.slice(0, MOST).map(({ roomId, room, mailbox, status, findings }) => (
          <li key={roomId} className={css.step}>
            <div className={css.line}>
              <CheckBadge status={status} />
              <b dir="auto">{room}</b>
              <span className={css.evidence} dir="auto">
                {mailbox}
              </span>
            </div>
            <Findings findings={findings.filter((one) => one.status !== 'pass')} />
          </li>
        ))}
      </ul>
      {more > 0 && <p className={css.soft}>{t('more', { formatted: count(more) })}</p>}
    </>
  );
}

/** What is so with every room, or follows from another finding. */
const ASIDE: ReadonlySet<Finding['reason']> = new Set(['no-script', 'no-account', 'which-account', 'group-unset']);

/** What was told, one sentence each. What could not be looked at is told only where nothing else is. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const known = findings.filter(({ reason }) => !ASIDE.has(reason));
  return (known.length > 0 ? known : findings).map((one) => <FindingLine key={one.check} finding={one} />);
}

function FindingLine({ finding: { check, reason, words } }: { finding: Finding }) {
  const { t } = useTranslation('mailboxes');
  const said = reason === 'deleted' && words ? moment(words) : words;
  return (
    <p>
      {t('line', { check: t(`checks.${check}`), reason: t(`reasons.${reason}`) })}{' '}
      {said && (
        <span className={css.evidence} dir="auto">
          {said}
        </span>
      )}
    </p>
  );
}
