import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Screen } from '../../design/Screen.tsx';
import { useAnswer, useJob, useRooms, useSite } from '../../state/hooks.ts';
import { InfinityTools } from '../infinity/InfinityTools.tsx';
import { MailboxCard } from '../mailboxes/MailboxCard.tsx';
import { AccessCard } from '../microsoft/AccessCard.tsx';
import { ConnectionCard } from '../signIn/ConnectionCard.tsx';
import { CheckCard } from './CheckCard.tsx';
import { CheckList } from './CheckList.tsx';
import css from './Checks.module.css';
import { PrepareCard } from './PrepareCard.tsx';
import { PrepareOutcome } from './PrepareOutcome.tsx';
import { toPrepare } from './taken.ts';

/** The first phase: what must be in order, and the entries on Infinity. */
export function ChecksScreen() {
  const { t } = useTranslation('checks');
  const site = useSite();
  const { rooms } = useRooms();
  const job = useJob('check');
  const prepared = useJob('prepare');
  const compared = useJob('drift');
  const { data: drift } = useAnswer('infinity.drift', { job: null }, [
    site?.path,
    compared?.endedAt,
    prepared?.endedAt,
  ]);
  const scope = useMemo(() => toPrepare(rooms, drift), [rooms, drift]);
  const canPrepare = scope.open > 0;
  const { data, problem, slow } = useAnswer('site.checks', undefined, [site?.path, job?.id, job?.endedAt]);
  if (!site) return null;
  const fails = data?.checks.filter(({ status }) => status === 'fail') ?? [];
  const mayPrepare = canPrepare && !fails.some(({ id }) => id.startsWith('infinity.'));
  // What can be prepared is; then the way leads on from there, once all is in order.
  const prepareNext = data !== null && rooms.length > 0 && (mayPrepare || (!canPrepare && fails.length === 0));
  return (
    <Screen title={t('title')} layout="wide">
      {problem && <ProblemCard problem={problem} />}
      {slow && <p className={css.soft}>{t('loading')}</p>}
      <div className={css.page}>
        <div className={css.top}>
          <CheckCard last={data} job={job} isNext={!prepareNext} />
          <PrepareCard scope={scope} isNext={prepareNext} />
        </div>
        {prepared && <PrepareOutcome key={prepared.id} job={prepared} />}
        <CheckList site={site} last={data} />
        <InfinityTools />
        <ConnectionCard />
        <MailboxCard />
        <AccessCard />
      </div>
    </Screen>
  );
}
