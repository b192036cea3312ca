import { Settings2, Upload, Users } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { ResultFile, ResultRoom, Team } from '../../../main/contract/microsoft/results.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { DataList } from '../../design/DataList.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Progress } from '../../design/Progress.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { useCommands } from '../../frame/shortcuts.ts';
import { count, moment } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import { isGoingOn, useAnswer, useJob, useRunningJob, useSite } from '../../state/hooks.ts';
import { hashOf } from '../../state/route.ts';
import { unlocked } from '../../state/unlock.ts';
import { type LongColumn, LongTable } from '../sync/LongTable.tsx';
import { ResultDialog } from './ResultDialog.tsx';
import css from './Results.module.css';
import { SetDialog } from './SetDialog.tsx';
import { TeamTable } from './TeamTable.tsx';

async function publishNow(): Promise<void> {
  if (await unlocked()) await call('jobs.publish', { rooms: null }).catch(notifyProblem);
}

/** Where the results go, what the list does not have yet, and what the others do. @param because asks again when it changes */
export function ResultsCard({ because }: { because: unknown }) {
  const { t } = useTranslation('results');
  const site = useSite();
  const running = useRunningJob();
  const job = useJob('publish');
  const [setting, setSetting] = useState(false);
  const [changes, setChanges] = useState(0);
  const { data, problem, again } = useAnswer('results.view', undefined, [
    site?.path,
    site?.owed,
    job?.endedAt,
    because,
    changes,
  ]);
  const isSet = data?.settings != null;
  const offered = useMemo(
    () => (isSet ? [{ id: 'results.publish', label: t('card.publish'), run: () => void publishNow() }] : []),
    [t, isSet],
  );
  useCommands(offered);
  const goesOn = job !== null && isGoingOn(job);
  const result = job?.result?.kind === 'publish' ? job.result : null;
  return (
    <Card title={t('card.title')}>
      {!isSet && <p className={css.soft}>{t('card.means')}</p>}
      {problem && <ProblemCard problem={problem} />}
      {isSet && data && (
        <>
          <p className={css.owed}>
            {data.owed === 0 ? (
              t('card.nothing')
            ) : (
              <b>{t('card.owed', { count: data.owed, formatted: count(data.owed) })}</b>
            )}
          </p>
          {data.owed > 0 && <p className={css.soft}>{t('card.keptMeans')}</p>}
        </>
      )}
      {job?.problem && <ProblemCard problem={job.problem} />}
      {goesOn ? (
        <>
          <Progress what={t('card.publishing')} done={job.done} total={job.total} since={job.startedAt} />
          <div className={css.line}>
            <Button
              disabled={job.status === 'stopping'}
              onClick={() => void call('jobs.stop', { job: job.id, how: 'now' }).catch(notifyProblem)}
            >
              {t('card.stop')}
            </Button>
          </div>
        </>
      ) : (
        <div className={css.line}>
          {isSet && (
            <Button
              look={data && data.owed > 0 ? 'primary' : 'plain'}
              icon={Upload}
              disabled={running !== null}
              onClick={() => void publishNow()}
            >
              {t('card.publish')}
            </Button>
          )}
          <Button icon={Settings2} disabled={running !== null || !data} onClick={() => setSetting(true)}>
            {t(isSet ? 'card.change' : 'card.set')}
          </Button>
          {running !== null && <span className={css.soft}>{t('card.busy')}</span>}
        </div>
      )}
      {result && !goesOn && (
        <p role="status">
          {t('card.done', {
            written: count(result.written),
            same: count(result.same),
            failed: count(result.failed),
          })}
        </p>
      )}
      {data?.settings && (
        <DataList
          items={[
            { term: t('card.site'), value: data.settings.site.name || data.settings.site.url },
            { term: t('card.list'), value: data.settings.list.name },
            {
              term: t('card.published'),
              value: data.at
                ? t('card.publishedAt', { formatted: count(data.published), moment: moment(data.at) })
                : t('card.never'),
            },
          ]}
        />
      )}
      {data && <Files files={data.files} />}
      {data && <Rooms rooms={data.rooms} blocked={running !== null} settled={again} />}
      {isSet && <TeamPart busy={running !== null} />}
      {setting && (
        <SetDialog
          settings={data?.settings ?? null}
          onClose={() => {
            setSetting(false);
            setChanges((was) => was + 1);
          }}
        />
      )}
    </Card>
  );
}

function Files({ files }: { files: readonly ResultFile[] }) {
  const { t } = useTranslation('results');
  if (files.length === 0) return null;
  return (
    <ul className={css.files} aria-label={t('files.name')}>
      {files.map(({ path, at, problem }) => (
        <li key={path} className={problem ? css.failed : css.soft}>
          {problem
            ? t('files.failed', { path, happened: problemText(problem).happened })
            : t('files.at', { path, moment: moment(at) })}
        </li>
      ))}
    </ul>
  );
}

interface RoomsProps {
  rooms: readonly ResultRoom[];
  blocked: boolean;
  settled(): void;
}

/** Rooms that only wait are counted; those with a trouble or a question have a line. */
function Rooms({ rooms, blocked, settled }: RoomsProps) {
  const { t } = useTranslation('results');
  const [asked, setAsked] = useState<ResultRoom | null>(null);
  const told = useMemo(() => rooms.filter(({ status }) => status !== 'owed'), [rooms]);
  const columns = useMemo(
    (): LongColumn<ResultRoom>[] => [
      {
        id: 'room',
        name: t('rooms.room'),
        share: 3,
        title: ({ room }) => room,
        cell: ({ roomId, room }) => <a href={hashOf({ screen: 'room', roomId })}>{room}</a>,
      },
      {
        id: 'what',
        name: t('rooms.what'),
        share: 4,
        title: (row) => (row.problem ? problemText(row.problem).happened : t(`status.${row.status}`)),
        cell: ({ problem, conflict, status }) =>
          problem && !conflict ? problemText(problem).happened : t(`status.${status}`),
      },
      {
        id: 'words',
        name: t('rooms.words'),
        share: 5,
        title: ({ problem }) => problem?.words ?? '',
        cell: (row) =>
          row.conflict ? (
            <Button look="quiet" onClick={() => setAsked(row)}>
              {t('rooms.compare')}
            </Button>
          ) : (
            <span className={css.words}>{row.problem?.words ?? '–'}</span>
          ),
      },
    ],
    [t],
  );
  if (told.length === 0) return null;
  const more = rooms.length - told.length;
  return (
    <>
      <LongTable name={t('rooms.name')} columns={columns} rows={told} keyOf={({ roomId }) => String(roomId)} />
      {more > 0 && <p className={css.soft}>{t('rooms.more', { count: more, formatted: count(more) })}</p>}
      {asked?.conflict && asked.mark && (
        <ResultDialog
          room={asked.room}
          roomId={asked.roomId}
          conflict={asked.conflict}
          mark={asked.mark}
          blocked={blocked}
          onClose={() => setAsked(null)}
          settled={settled}
        />
      )}
    </>
  );
}

/** As it was read last; reading it anew is a press away. */
function TeamPart({ busy }: { busy: boolean }) {
  const { t } = useTranslation('results');
  const [read, setRead] = useState<Team | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const reading = useAction();
  const { data } = useAnswer('results.team', undefined, [busy, read?.at]);
  const now = async () => {
    setProblem(null);
    if (!(await unlocked())) return;
    await reading.run(
      async () => setRead(await call('results.readTeam', undefined)),
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return (
    <>
      <div className={css.line}>
        <Button
          icon={Users}
          busy={reading.since === null ? null : { what: t('card.reading'), since: reading.since }}
          onClick={() => void now()}
        >
          {t('card.readTeam')}
        </Button>
      </div>
      {problem && <ProblemCard problem={problem} />}
      {data && <TeamTable team={data} />}
    </>
  );
}
