import { FileText, GitCompare, Wrench } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { count, moment } from '../../i18n/format.ts';
import { isGoingOn, useAnswer, useJob, useRooms, useSite } from '../../state/hooks.ts';
import { unlocked } from '../../state/unlock.ts';
import { useBlocked } from '../checks/useBlocked.ts';
import { BulkDialog } from './BulkDialog.tsx';
import { DriftTable } from './DriftTable.tsx';
import css from './Infinity.module.css';
import { SetupDialog } from './SetupDialog.tsx';

/** What else there is to do about Infinity: comparing, setting it up, and working without its API. */
export function InfinityTools() {
  const { t } = useTranslation('infinity');
  const site = useSite();
  const blocked = useBlocked();
  const { rooms } = useRooms();
  const job = useJob('drift');
  const [asked, setAsked] = useState<'setup' | 'bulk' | null>(null);
  const goesOn = job !== null && isGoingOn(job);
  const { data } = useAnswer('infinity.drift', { job: null }, [site?.path, job?.id, job?.endedAt]);
  if (!site) return null;
  const isSet = site.settings.infinity !== null;
  const compare = async () => {
    if (await unlocked()) await call('jobs.drift', { rooms: null }).catch(notifyProblem);
  };
  const ask = async (what: 'setup' | 'bulk') => {
    if (await unlocked()) setAsked(what);
  };
  const hasRooms = rooms.length > 0;
  return (
    <Card title={t('tools.title')}>
      <p className={css.soft}>{t('drift.means')}</p>
      <div className={css.line}>
        <Button
          icon={GitCompare}
          disabled={(blocked !== null && !goesOn) || !isSet || !hasRooms}
          busy={goesOn ? { what: t('drift.going'), since: Date.parse(job.startedAt) } : null}
          onClick={() => void compare()}
        >
          {t('drift.do')}
        </Button>
        <Button icon={Wrench} disabled={blocked !== null || !isSet} onClick={() => void ask('setup')}>
          {t('setup.open')}
        </Button>
        <Button icon={FileText} disabled={blocked !== null || !hasRooms} onClick={() => void ask('bulk')}>
          {t('bulk.open')}
        </Button>
      </div>
      {job?.problem && job.problem.code !== 'CANCELLED' && <ProblemCard problem={job.problem} />}
      {data && (
        <div className={css.part}>
          <p role="status">
            {data.rows.length === 0
              ? t('drift.none')
              : t('drift.counts', { count: data.rows.length, formatted: count(data.rows.length) })}{' '}
            <span className={css.soft}>{t('drift.at', { moment: moment(data.at) })}</span>
          </p>
          {data.rows.length > 0 && <DriftTable rows={data.rows} />}
        </div>
      )}
      {asked === 'setup' && <SetupDialog onClose={() => setAsked(null)} />}
      {asked === 'bulk' && <BulkDialog onClose={() => setAsked(null)} />}
    </Card>
  );
}
