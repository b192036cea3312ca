import { Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Progress } from '../../design/Progress.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { count } from '../../i18n/format.ts';
import { jobWord } from '../../i18n/words.ts';
import { isGoingOn, useJob, useNavigate, useReach, useRooms, useSite } from '../../state/hooks.ts';
import { askPrepare } from '../../state/prepare.ts';
import css from './Checks.module.css';
import type { PrepareScope } from './taken.ts';
import { useBlocked } from './useBlocked.ts';

/** Entries on Infinity, written in the office. */
export function PrepareCard({ scope, isNext }: { scope: PrepareScope; isNext: boolean }) {
  const { t } = useTranslation('checks');
  const { rooms, loaded } = useRooms();
  const { ids, open, left, noAddress, differ } = scope;
  const job = useJob('prepare');
  const blocked = useBlocked();
  const isSet = useSite()?.settings.infinity != null;
  const away = useReach()?.infinity.state === 'away';
  const navigate = useNavigate();
  const hasAll = rooms.every(({ address }) => address !== null);
  if (!loaded) return null;
  return (
    <Card title={t('prepare.title')}>
      <p className={css.figure}>
        {rooms.length === 0
          ? t('prepare.noRooms')
          : left === 0
            ? t('prepare.none')
            : t('prepare.left', { count: left, formatted: count(left) })}
      </p>
      {differ > 0 && <p>{t('prepare.differ', { count: differ, formatted: count(differ) })}</p>}
      {noAddress > 0 && <p>{t('prepare.noAddress', { count: noAddress, formatted: count(noAddress) })}</p>}
      <p className={css.soft}>{t('prepare.means')}</p>
      {job && isGoingOn(job) ? (
        <Going job={job} />
      ) : (
        <div className={css.line}>
          {ids.length > 0 && (
            <Button
              look={isNext && open > 0 ? 'primary' : 'plain'}
              icon={Send}
              disabled={blocked !== null || !isSet}
              onClick={() => void askPrepare({ ids })}
            >
              {open > 0 ? t('prepare.do', { count: open, formatted: count(open) }) : t('prepare.correct')}
            </Button>
          )}
          {rooms.length === 0 && <Button onClick={() => navigate('rooms')}>{t('act.import')}</Button>}
          {open === 0 && rooms.length > 0 && (
            <Button look={isNext ? 'primary' : 'plain'} onClick={() => navigate(hasAll ? 'rooms' : 'discover')}>
              {t(hasAll ? 'prepare.toRooms' : 'prepare.toMatch')}
            </Button>
          )}
          {ids.length > 0 && !isSet && <span className={css.soft}>{t('prepare.notSet')}</span>}
          {ids.length > 0 && isSet && away && <span className={css.soft}>{t('prepare.offline')}</span>}
          {blocked && blocked !== 'elsewhere' && (
            <span className={css.soft}>{t('blocked.job', { what: jobWord(blocked.kind) })}</span>
          )}
        </div>
      )}
    </Card>
  );
}

function Going({ job: { id, done, total, startedAt, status } }: { job: Job }) {
  const { t } = useTranslation('checks');
  const navigate = useNavigate();
  const stopping = status === 'stopping';
  return (
    <>
      <Progress what={t(stopping ? 'prepare.stopping' : 'prepare.going')} done={done} total={total} since={startedAt} />
      <div className={css.line}>
        <Button
          disabled={stopping}
          onClick={() => void call('jobs.stop', { job: id, how: 'after-rooms' }).catch(notifyProblem)}
        >
          {t('prepare.stop')}
        </Button>
        <Button look="quiet" onClick={() => navigate('run')}>
          {t('prepare.seeRun')}
        </Button>
      </div>
    </>
  );
}
