import { Send } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Progress } from '../../design/Progress.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { jobWord } from '../../i18n/words.ts';
import { isGoingOn, useJob, useNavigate, useReach, useRooms, useSite } from '../../state/hooks.ts';
import { unlocked } from '../../state/unlock.ts';
import { PrepareDialog } from '../infinity/PrepareDialog.tsx';
import css from './Checks.module.css';
import { toPrepare } from './taken.ts';
import { useBlocked } from './useBlocked.ts';

/** Entries on Infinity, written in the office. */
export function PrepareCard({ isNext }: { isNext: boolean }) {
  const { t } = useTranslation('checks');
  const { rooms, loaded } = useRooms();
  const scope = useMemo(() => toPrepare(rooms), [rooms]);
  const { ids, left, noAddress } = scope;
  const job = useJob('prepare');
  const blocked = useBlocked();
  const isSet = useSite()?.settings.infinity != null;
  const away = useReach()?.infinity.state === 'away';
  const navigate = useNavigate();
  const hasAll = rooms.every(({ address }) => address !== null);
  const starting = useAction();
  const [shows, setShows] = useState(false);
  const show = async () => {
    if (await unlocked()) setShows(true);
  };
  const write = async (rooms: number[]) => {
    await starting.run(() => call('jobs.prepare', { rooms }));
  };
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
      {noAddress > 0 && <p>{t('prepare.noAddress', { count: noAddress, formatted: count(noAddress) })}</p>}
      <p className={css.soft}>{t('prepare.means')}</p>
      {job && isGoingOn(job) ? (
        <Going job={job} />
      ) : (
        <div className={css.line}>
          {ids.length > 0 && (
            <Button
              look={isNext ? 'primary' : 'plain'}
              icon={Send}
              disabled={blocked !== null || !isSet}
              busy={starting.since === null ? null : { what: t('prepare.starting'), since: starting.since }}
              onClick={() => void show()}
            >
              {t('prepare.do', { count: ids.length, formatted: count(ids.length) })}
            </Button>
          )}
          {rooms.length === 0 && <Button onClick={() => navigate('rooms')}>{t('act.import')}</Button>}
          {ids.length === 0 && rooms.length > 0 && (
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
      {shows && <PrepareDialog ids={ids} onClose={() => setShows(false)} write={write} />}
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
