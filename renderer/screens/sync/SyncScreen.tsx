import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Screen } from '../../design/Screen.tsx';
import { useAnswer, useJob, useSite } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { ProofCard } from '../infinity/ProofCard.tsx';
import { PlacesCard } from '../places/PlacesCard.tsx';
import { useChanges } from '../report/useChanges.ts';
import { ResultsCard } from '../results/ResultsCard.tsx';
import { Deliver } from './Deliver.tsx';
import { ManualSteps } from './ManualSteps.tsx';
import { OwedTable } from './OwedTable.tsx';
import { Results } from './Results.tsx';
import css from './Sync.module.css';

/** While rooms change, the list of what is owed is asked for at most this often, milliseconds. */
const EVERY_MS = 1_000;

/** What Infinity, the team's list and the places have still to be told, what is to be proven, and what only a person can do. */
export function SyncScreen() {
  const site = useSite();
  return site && <SiteSync path={site.path} owed={site.owed} beside={site.owedToList + site.owedToPlaces} />;
}

function SiteSync({ path, owed, beside }: { path: string; owed: number; beside: number }) {
  const { t } = useTranslation('sync');
  const rooms = useStore((store) => store.rooms);
  const changes = useChanges(rooms, EVERY_MS);
  const [decisions, setDecisions] = useState(0);
  const { data, problem, slow } = useAnswer('outbox.list', undefined, [path, owed, changes, decisions]);
  const job = useJob('sync');
  const toInfinity = data?.length ?? rooms.reduce((sum, room) => sum + room.owed, 0);
  return (
    <Screen title={t('title')} layout="wide">
      <Deliver owed={toInfinity} beside={beside} job={job} />
      {problem && <ProblemCard problem={problem} />}
      {slow && <p className={css.soft}>{t('loading')}</p>}
      {job && <Results key={job.id} job={job} />}
      <ProofCard job={job} />
      {data && data.length > 0 && <OwedTable owed={data} settled={() => setDecisions((was) => was + 1)} />}
      <ResultsCard because={changes} />
      <PlacesCard because={changes} />
      <ManualSteps />
    </Screen>
  );
}
