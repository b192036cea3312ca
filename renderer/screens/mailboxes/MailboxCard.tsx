import { Import, MailSearch } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MailboxRun, MailboxStatus } from '../../../main/contract/microsoft/mailboxes.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { CheckBadge } from '../../design/CheckBadge.tsx';
import { LiveRegion } from '../../design/LiveRegion.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Progress } from '../../design/Progress.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { useCommands } from '../../frame/shortcuts.ts';
import { count, moment } from '../../i18n/format.ts';
import { isGoingOn, useAnswer, useJob, useRooms, useSite } from '../../state/hooks.ts';
import { unlocked } from '../../state/unlock.ts';
import { useBlocked } from '../checks/useBlocked.ts';
import css from '../infinity/Infinity.module.css';
import { ImportDialog } from '../rooms/ImportDialog.tsx';
import { MailboxRooms } from './MailboxRooms.tsx';
import { Strangers } from './Strangers.tsx';

const FROM_MICROSOFT = { from: 'microsoft' } as const;
const STATUSES = ['fail', 'warn', 'unchecked', 'pass'] as const satisfies MailboxStatus[];

/** What Microsoft 365 itself tells of the rooms' mailboxes, and which of its rooms the site lacks. */
export function MailboxCard() {
  const { t } = useTranslation('mailboxes');
  const site = useSite();
  const blocked = useBlocked();
  const { rooms } = useRooms();
  const job = useJob('mailboxes');
  const [imports, setImports] = useState(false);
  const { since, run } = useAction();
  const { data } = useAnswer('microsoft.mailboxes', undefined, [site?.path, rooms.length, job?.id, job?.endedAt]);
  const start = useCallback(
    () => void unlocked().then((open) => open && run(async () => void (await call('jobs.mailboxes', undefined)))),
    [run],
  );
  const offered = useMemo(() => [{ id: 'mailboxes.check', label: t('check'), run: start }], [t, start]);
  useCommands(offered);
  if (!site || !data) return null;
  const goesOn = job !== null && isGoingOn(job);
  const { last, counts, strangers } = data;
  const words = (status: MailboxStatus) => t(`counts.${status}`, { formatted: count(counts[status] ?? 0) });
  const verdict = last
    ? STATUSES.filter((one) => (counts[one] ?? 0) > 0)
        .map(words)
        .join(', ')
    : '';
  return (
    <Card title={t('title')}>
      <p className={css.soft}>{t('means')}</p>
      <div className={css.line}>
        {goesOn ? (
          <Button
            disabled={job.status === 'stopping'}
            onClick={() => void call('jobs.stop', { job: job.id, how: 'now' }).catch(notifyProblem)}
          >
            {t(job.status === 'stopping' ? 'stopping' : 'stop')}
          </Button>
        ) : (
          <Button
            icon={MailSearch}
            disabled={blocked !== null || rooms.length === 0}
            busy={since === null ? null : { what: t('checking'), since }}
            onClick={start}
          >
            {t(last ? 'checkAgain' : 'check')}
          </Button>
        )}
        <Button icon={Import} disabled={blocked !== null} onClick={() => setImports(true)}>
          {t('import')}
        </Button>
      </div>
      <LiveRegion text={goesOn ? t('checking') : verdict} />
      {goesOn && <Progress what={t('checking')} done={job.done} total={job.total} since={job.startedAt} />}
      {job?.problem && job.problem.code !== 'CANCELLED' && <ProblemCard problem={job.problem} />}
      {last && (
        <>
          <p>{t('at', { verdict, moment: moment(last.at), by: last.by })}</p>
          {last.outdated && <p className={css.late}>{t('outdated')}</p>}
          <GroupLine run={last} />
          {last.listProblem && <ProblemCard problem={last.listProblem} />}
          <MailboxRooms rooms={data.rooms} all={(counts.fail ?? 0) + (counts.warn ?? 0) + (counts.unchecked ?? 0)} />
          <Strangers strangers={strangers} />
        </>
      )}
      {imports && <ImportDialog source={FROM_MICROSOFT} onClose={() => setImports(false)} />}
    </Card>
  );
}

function GroupLine({ run: { group } }: { run: MailboxRun }) {
  const { t } = useTranslation('mailboxes');
  return (
    <div className={css.step}>
      <div className={css.line}>
        <CheckBadge status={group.status} />
        <b>{t('group.title')}</b>
        {group.address && (
          <span className={css.evidence} dir="auto">
            {group.address}
          </span>
        )}
      </div>
      <p>
        {t(`group.${group.reason}`)}{' '}
        {group.members !== null && t('group.members', { count: group.members, formatted: count(group.members) })}
      </p>
      {group.problem?.words && (
        <p className={css.evidence} dir="auto">
          {group.problem.words}
        </p>
      )}
    </div>
  );
}
