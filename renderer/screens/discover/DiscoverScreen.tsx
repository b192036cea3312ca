import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job, JobItem } from '../../../main/contract/jobs.ts';
import type { SiteView } from '../../../main/contract/site.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Screen } from '../../design/Screen.tsx';
import { count, moment } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import { isGoingOn, useAnswer, useItems, useJob, useNavigate, useRooms, useSite } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { LongTable } from '../sync/LongTable.tsx';
import css from './Discover.module.css';
import { draftFor } from './draft.ts';
import { LookCard } from './LookCard.tsx';
import { Seen } from './Seen.tsx';
import { seenLines } from './seen.ts';

/** Looks for devices at addresses, and shows what answers. */
export function DiscoverScreen() {
  const site = useSite();
  useEffect(() => {
    if (site) draftFor(site.path);
  }, [site]);
  return site && <Discover site={site} />;
}

function Discover({ site }: { site: SiteView }) {
  const { t } = useTranslation('discover');
  const job = useJob('discover');
  const live = useItems(job?.id ?? null);
  const { rooms } = useRooms();
  const version = useStore(({ devicesVersion }) => devicesVersion);
  const devices = useAnswer('devices.list', undefined, [site.path, version]);
  const goesOn = job !== null && isGoingOn(job);
  const isKept = job?.endedAt === null || job?.result?.kind === 'discover';
  const seen = useMemo(() => seenLines(devices.data ?? [], isKept ? live : []), [devices.data, live, isKept]);
  const names = useMemo(() => new Map(rooms.map(({ id, name }) => [id, name])), [rooms]);
  const without = rooms.filter(({ address }) => address === null).length;
  const homeless = seen.filter(({ roomId, ours }) => roomId === null && ours === true).length;
  const hasLooked = seen.length > 0 && !goesOn;
  return (
    <Screen title={t('title')} layout="wide">
      <div className={css.page}>
        <LookCard
          site={site}
          job={job}
          listed={devices.data?.filter(({ roomId }) => roomId !== null).length ?? 0}
          found={live.filter(({ what }) => what === 'found').length}
          isNext={!hasLooked}
        />
        {hasLooked && rooms.length > 0 && <Next without={without} homeless={homeless} />}
        {job && !goesOn && <Result job={job} items={live} />}
        {devices.problem && <ProblemCard problem={devices.problem} />}
        {devices.slow && <p className={css.soft}>{t('devices.loading')}</p>}
        {devices.data && <Seen lines={seen} nameOf={(id) => (id === null ? null : (names.get(id) ?? null))} />}
      </div>
    </Screen>
  );
}

/** The next true thing after a search. */
function Next({ without, homeless }: { without: number; homeless: number }) {
  const { t } = useTranslation('discover');
  const navigate = useNavigate();
  const amount = { count: without, formatted: count(without) };
  return (
    <div className={css.line}>
      <Button look="primary" onClick={() => navigate(without > 0 ? 'match' : 'rooms')}>
        {without > 0 ? t('next.match', amount) : t('next.rooms')}
      </Button>
      <span className={css.soft}>
        {without > 0 ? t('next.matchMeans', { ...amount, devices: count(homeless) }) : t('next.roomsMeans')}
      </span>
    </div>
  );
}

function Result({ job, items }: { job: Job; items: readonly JobItem[] }) {
  const { t } = useTranslation('discover');
  const { result, endedAt, status } = job;
  if (result?.kind !== 'discover') {
    return status === 'stopped' ? <p role="status">{t('result.stopped')}</p> : null;
  }
  const { looked, noRoute, found, ours, confirmed, silent } = result;
  const troubles = items.filter(({ what }) => what === 'trouble');
  return (
    <>
      <Card title={t('result.title')}>
        <p role="status">
          {t('result.done', {
            moment: moment(endedAt ?? job.startedAt),
            looked: count(looked),
            found: count(found),
            ours: count(ours),
            silent: count(silent.length),
          })}
          {confirmed !== null && ` ${t('result.confirmed', { formatted: count(confirmed) })}`}
        </p>
        {noRoute > 0 && <p className={css.odd}>{t('result.noRoute', { formatted: count(noRoute) })}</p>}
        {status === 'stopped' && <p>{t('result.stopped')}</p>}
      </Card>
      {troubles.length > 0 && (
        <Card title={`${t('troubles.title')} (${count(troubles.length)})`} flush>
          <LongTable
            name={t('troubles.title')}
            rows={troubles}
            keyOf={({ at, about, words }) => `${at} ${about} ${words}`}
            columns={[
              { id: 'about', name: t('troubles.about'), share: 2, cell: ({ about }) => about },
              {
                id: 'words',
                name: t('troubles.words'),
                share: 6,
                cell: (item) => troubleWords(item),
                title: (item) => troubleWords(item),
              },
            ]}
          />
        </Card>
      )}
      {silent.length > 0 && (
        <Card title={`${t('silent.title')} (${count(silent.length)})`} flush>
          <p className={css.none}>{t('silent.means')}</p>
          <LongTable
            name={t('silent.title')}
            rows={silent}
            keyOf={({ address }) => address}
            columns={[
              { id: 'room', name: t('silent.room'), share: 2, cell: ({ room }) => room, title: ({ room }) => room },
              { id: 'address', name: t('silent.address'), share: 1, cell: ({ address }) => address },
            ]}
          />
        </Card>
      )}
    </>
  );
}

function troubleWords({ problem, words }: JobItem): string {
  return problem ? `${problemText(problem).happened} ${words}` : words;
}
