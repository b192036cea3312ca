import { Eye, MapPin, Settings2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlacesMode, PlacesResult } from '../../../main/contract/microsoft/places.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx';
import { DataList } from '../../design/DataList.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Progress } from '../../design/Progress.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { count } from '../../i18n/format.ts';
import { isGoingOn, useAnswer, useJob, useRunningJob, useSite } from '../../state/hooks.ts';
import { unlocked } from '../../state/unlock.ts';
import css from '../results/Results.module.css';
import { PlacesDialog } from './PlacesDialog.tsx';
import { PlacesOutcome } from './PlacesOutcome.tsx';
import { PlacesTable } from './PlacesTable.tsx';

async function start(mode: PlacesMode, rooms: number[] | null = null, overwrite = false): Promise<void> {
  const wish = { mode, rooms, overwrite };
  if (await unlocked()) await call('jobs.places', wish).catch(notifyProblem);
}

/** The rooms of a look that a write is to go to: no other that was migrated since. null = more than are named, so all. */
function lookedAt({ rooms, differs, failed }: PlacesResult): number[] | null {
  const wanting = rooms.filter(({ what }) => what !== 'same');
  return wanting.length === differs + failed ? wanting.map(({ roomId }) => roomId) : null;
}

/** Device names and tags in the tenant's list of rooms: off, or what is owed, written, and somebody else's. */
export function PlacesCard({ because }: { because: unknown }) {
  const { t } = useTranslation('places');
  const site = useSite();
  const running = useRunningJob();
  const job = useJob('places');
  const sync = useJob('sync');
  const [asked, setAsked] = useState<'set' | 'undo' | null>(null);
  const [changes, setChanges] = useState(0);
  const { data, problem } = useAnswer('places.view', undefined, [
    site?.path,
    site?.owed,
    job?.endedAt,
    sync?.endedAt,
    because,
    changes,
  ]);
  const goesOn = job !== null && isGoingOn(job);
  const result = job?.result?.kind === 'places' ? job.result : null;
  const settings = data?.settings ?? null;
  // A look says nothing of other wishes, nor of what a sync has written since.
  const isOld = result !== null && (sync?.id ?? 0) > (job?.id ?? 0);
  const isOfThese = JSON.stringify(result?.settings ?? null) === JSON.stringify(settings);
  const isSeen = result?.mode === 'look' && result.differs > 0 && isOfThese && !isOld;
  const blocked = running !== null;
  return (
    <Card title={t('title')}>
      {settings === null && <p className={css.soft}>{t('means')}</p>}
      {problem && <ProblemCard problem={problem} />}
      {settings && data && (
        <p className={css.owed}>
          {data.owed === 0 ? t('nothing') : <b>{t('owed', { count: data.owed, formatted: count(data.owed) })}</b>}
        </p>
      )}
      {job?.problem && <ProblemCard problem={job.problem} />}
      {goesOn ? (
        <>
          <Progress what={t('working')} done={job.done} total={job.total} since={job.startedAt} />
          <div className={css.line}>
            <Button
              disabled={job.status === 'stopping'}
              onClick={() => void call('jobs.stop', { job: job.id, how: 'now' }).catch(notifyProblem)}
            >
              {t('stop')}
            </Button>
          </div>
        </>
      ) : (
        <div className={css.line}>
          {settings && (
            <>
              <Button
                look={data && data.owed > 0 && !isSeen ? 'primary' : 'plain'}
                icon={Eye}
                disabled={blocked}
                onClick={() => void start('look')}
              >
                {t('look')}
              </Button>
              {isSeen && (
                <Button
                  look="primary"
                  icon={MapPin}
                  disabled={blocked}
                  onClick={() => void start('write', lookedAt(result))}
                >
                  {t('write', { count: result.differs, formatted: count(result.differs) })}
                </Button>
              )}
            </>
          )}
          {data && data.written > 0 && (
            <Button icon={Undo2} disabled={blocked} onClick={() => setAsked('undo')}>
              {t('undo')}
            </Button>
          )}
          <Button icon={Settings2} disabled={blocked || !data} onClick={() => setAsked('set')}>
            {t(settings ? 'change' : 'switchOn')}
          </Button>
          {blocked && <span className={css.soft}>{t('busy')}</span>}
        </div>
      )}
      {result && !goesOn && (result.mode !== 'look' || (isOfThese && !isOld)) && <PlacesOutcome result={result} />}
      {settings && (
        <DataList
          items={[
            {
              term: t('devices'),
              value: settings.devices.map((name) => t(`property.${name}`)).join(', ') || t('none'),
            },
            { term: t('tags'), value: settings.tags.join(', ') || t('none') },
          ]}
        />
      )}
      {data && (
        <PlacesTable rooms={data.rooms} blocked={blocked} overwrite={(roomId) => void start('write', [roomId], true)} />
      )}
      {asked === 'set' && data && (
        <PlacesDialog
          settings={settings}
          usual={data.usual}
          onClose={() => {
            setAsked(null);
            setChanges((was) => was + 1);
          }}
        />
      )}
      <ConfirmDialog
        open={asked === 'undo'}
        onClose={() => setAsked(null)}
        title={t('undoTitle')}
        action={t('undoNow')}
        onConfirm={() => void start('undo')}
      >
        <p>{t('undoMeans', { count: data?.written ?? 0, formatted: count(data?.written ?? 0) })}</p>
      </ConfirmDialog>
    </Card>
  );
}
