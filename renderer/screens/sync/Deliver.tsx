import { Send } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Progress } from '../../design/Progress.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useCommands } from '../../frame/shortcuts.ts';
import { count } from '../../i18n/format.ts';
import { isPoly } from '../../state/family.ts';
import { useNavigate, useReach, useRooms, useRunningJob } from '../../state/hooks.ts';
import { unlocked } from '../../state/unlock.ts';
import { Reach } from './Reach.tsx';
import css from './Sync.module.css';

/** How long a delivery waits for Infinity to reach the rooms; it can be stopped before. Milliseconds. */
const WAIT_MS = 120_000;

/** Why a run refuses a room only for its entry on Infinity. */
const FOR_THEIR_ENTRY: ReadonlySet<RoomRow['code']> = new Set<RoomRow['code']>(['NOT_PREPARED', 'INFINITY_CHANGED']);

/** Rooms of which Infinity can be asked. */
const MOVED: ReadonlySet<RoomRow['state']> = new Set<RoomRow['state']>(['migrated', 'awaiting sync']);

export interface DeliverProps {
  /** To Infinity. */
  owed: number;
  /** To the team's list and the places, which a sync delivers as well. */
  beside: number;
  job: Job | null;
}

/** What is owed to Infinity, and the one thing to do about it. What is owed to others is told at their own cards. */
export function Deliver({ owed, beside, job }: DeliverProps) {
  const { t } = useTranslation('sync');
  const running = useRunningJob();
  const { rooms } = useRooms();
  const waiting = useMemo(
    () => rooms.filter(({ code, state }) => FOR_THEIR_ENTRY.has(code) && state === 'needs attention'),
    [rooms],
  );
  const [finish, setFinish] = useState(true);
  const [pilots, setPilots] = useState(false);
  const goesOn = job !== null && job.endedAt === null;
  const finishes = finish && waiting.length > 0;
  // What is not confirmed for a model goes to one device first, and only if somebody watches it.
  const mayNeedPilot = finishes && waiting.some(({ family }) => isPoly(family));
  const wish = useMemo(
    () => ({ finish: finishes, ...(mayNeedPilot && pilots ? { pilots: 'first' as const } : {}) }),
    [finishes, mayNeedPilot, pilots],
  );
  const isUnset = useReach()?.infinity.state === 'unset';
  const canAsk = !isUnset && rooms.some(({ state }) => MOVED.has(state));
  const delivers = owed > 0 || waiting.length > 0 || (beside > 0 && !canAsk);
  const label = t(delivers ? 'deliver' : 'ask');
  const isOffered = delivers || canAsk;
  const toInfinity = owed > 0 || waiting.length > 0;
  const means = isUnset ? 'withoutNode' : toInfinity ? 'waits' : canAsk ? 'asks' : 'besideOnly';
  const offered = useMemo(
    () => (isOffered ? [{ id: 'sync.deliver', label, run: () => void deliver(wish) }] : []),
    [label, wish, isOffered],
  );
  useCommands(offered);
  return (
    <Card title={t('infinity')} actions={<Reach />}>
      <p className={css.owed}>
        {owed === 0 ? t('nothing') : <b>{t('owed', { count: owed, formatted: count(owed) })}</b>}
      </p>
      <p className={css.soft}>{t(owed === 0 ? 'nothingMeans' : 'owedMeans')}</p>
      {job?.problem && <ProblemCard problem={job.problem} />}
      {goesOn ? (
        <GoesOn job={job} />
      ) : (
        <>
          {waiting.length > 0 && (
            <Checkbox
              checked={finish}
              onChange={setFinish}
              label={t('finish', { count: waiting.length, formatted: count(waiting.length) })}
              hint={t('finishMeans')}
            />
          )}
          {mayNeedPilot && (
            <Checkbox checked={pilots} onChange={setPilots} label={t('pilots')} hint={t('pilotsHint')} />
          )}
          {isOffered ? (
            <div className={css.line}>
              <Button
                look={toInfinity ? 'primary' : 'plain'}
                icon={Send}
                disabled={running !== null}
                onClick={() => void deliver(wish)}
              >
                {label}
              </Button>
              <span className={css.soft}>{t(running ? 'busy' : means)}</span>
            </div>
          ) : (
            <p className={css.soft}>{t(isUnset ? 'noNode' : 'noneMoved')}</p>
          )}
        </>
      )}
    </Card>
  );
}

async function deliver(wish: { finish: boolean; pilots?: 'first' }): Promise<void> {
  if (!(await unlocked())) return;
  await call('jobs.sync', { waitMs: WAIT_MS, ...wish }).catch(notifyProblem);
}

function GoesOn({ job: { id, done, total, startedAt, status, waiting, pausable } }: { job: Job }) {
  const { t } = useTranslation('sync');
  const navigate = useNavigate();
  return (
    <>
      <Progress
        what={t(status === 'stopping' ? 'stopping' : 'delivering')}
        done={done}
        total={total}
        since={startedAt}
      />
      {waiting && (
        <p>
          <Elapsed
            what={t('waitingFor', { count: waiting.count, formatted: count(waiting.count) })}
            since={waiting.since}
          />
        </p>
      )}
      <div className={css.line}>
        <Button
          disabled={status === 'stopping'}
          onClick={() => void call('jobs.stop', { job: id, how: 'now' }).catch(notifyProblem)}
        >
          {t('stop')}
        </Button>
        <span className={css.soft}>{t('stopMeans')}</span>
        {pausable && (
          <Button look="quiet" onClick={() => navigate('run')}>
            {t('seeRun')}
          </Button>
        )}
      </div>
    </>
  );
}
