import { FileKey, Globe, LogOut, Settings2, Smartphone } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { Account, Connection, Feature } from '../../../main/contract/microsoft/connection.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { DataList } from '../../design/DataList.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { useAction } from '../../design/useAction.ts';
import { isGoingOn, useAnswer, useJob, useReach, useSite } from '../../state/hooks.ts';
import { useUnlock } from '../../state/unlock.ts';
import { useBlocked } from '../checks/useBlocked.ts';
import css from '../infinity/Infinity.module.css';
import { base64Of } from '../rooms/importing.ts';
import { ConnectDialog } from './ConnectDialog.tsx';
import { Features } from './Features.tsx';
import { Waiting } from './Waiting.tsx';

/** The link to Microsoft 365: which tenant, who is signed in, and signing in by each way. */
export function ConnectionCard() {
  const { t } = useTranslation('signIn');
  const site = useSite();
  const blocked = useBlocked();
  const job = useJob('sign-in');
  const lapsed = useReach()?.microsoft.ended;
  const unlock = useUnlock();
  const working = useAction();
  const input = useRef<HTMLInputElement>(null);
  const [asked, setAsked] = useState(false);
  const [features, setFeatures] = useState<Feature[]>(['check']);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [changed, setChanged] = useState(0);
  const {
    data,
    problem: unread,
    again,
  } = useAnswer('microsoft.connection', site ? undefined : null, [
    site?.path,
    site?.locked,
    job?.endedAt,
    lapsed,
    changed,
  ]);
  const { data: places } = useAnswer('places.view', site ? undefined : null, [site?.path]);
  const off: Feature[] = places?.settings ? [] : ['places'];
  if (!site) return null;
  const connection = data?.connection ?? null;
  const act = (work: () => Promise<unknown>) => {
    setProblem(null);
    void working.run(
      async () => {
        await unlock(work);
        setChanged((was) => was + 1);
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  const signIn = (way: 'browser' | 'device-code') => act(() => call('jobs.signIn', { way, features }));
  const goesOn = job !== null && isGoingOn(job);
  const disabled = blocked !== null || !connection;
  const ended = job !== null && !goesOn ? job : null;
  const shown = problem ?? unread ?? ended?.problem ?? null;
  return (
    <Card title={t('card.title')}>
      <p className={css.soft}>{t('card.means')}</p>
      {connection && <Facts connection={connection} />}
      {connection && data && !goesOn && (
        <Features permissions={data.permissions} chosen={features} off={off} onChange={setFeatures} />
      )}
      {goesOn ? (
        <Waiting job={job} />
      ) : (
        <div className={css.line}>
          {connection && (
            <>
              <Button icon={Globe} disabled={disabled || features.length === 0} onClick={() => signIn('browser')}>
                {t('card.browser')}
              </Button>
              <Button
                icon={Smartphone}
                disabled={disabled || features.length === 0}
                onClick={() => signIn('device-code')}
              >
                {t('card.code')}
              </Button>
              <Button
                icon={FileKey}
                disabled={disabled}
                busy={working.since === null ? null : { what: t('card.working'), since: working.since }}
                onClick={() => input.current?.click()}
              >
                {t('card.certificate')}
              </Button>
            </>
          )}
          <Button icon={Settings2} disabled={blocked !== null || !data} onClick={() => setAsked(true)}>
            {t(connection ? 'card.change' : 'card.set')}
          </Button>
          {connection?.account != null && (
            <Button
              icon={LogOut}
              disabled={disabled}
              onClick={() => act(() => call('microsoft.signOut', { all: false }))}
            >
              {t('card.signOut')}
            </Button>
          )}
        </div>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept=".pem"
        aria-label={t('card.file')}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) act(async () => call('microsoft.certificate', { base64: await base64Of(file) }));
          target.value = '';
        }}
      />
      {shown && !goesOn && <ProblemCard problem={shown} />}
      {ended?.result?.kind === 'sign-in' && ended.result.missing.length > 0 && (
        <p role="status">{t('card.missing', { scopes: ended.result.missing.join(', ') })}</p>
      )}
      {data && <Others accounts={data.accounts ?? []} known={data.known} disabled={blocked !== null} act={act} />}
      {asked && (
        <ConnectDialog
          connection={connection}
          onClose={() => {
            setAsked(false);
            again();
          }}
        />
      )}
    </Card>
  );
}

function Facts({ connection }: { connection: Connection }) {
  const { t } = useTranslation('signIn');
  const { tenant, cloud, clientId, account, username, way, ended } = connection;
  const who = account === null ? t('card.nobody') : t(ended ? 'card.ended' : `card.as.${way}`, { who: username ?? '' });
  return (
    <DataList
      items={[
        { term: t('card.who'), value: who },
        { term: t('card.tenant'), value: cloud === 'worldwide' ? tenant : `${tenant}, ${t(`cloud.${cloud}`)}` },
        { term: t('card.app'), value: clientId },
      ]}
    />
  );
}

interface OthersProps {
  accounts: readonly Account[];
  known: readonly Connection[];
  disabled: boolean;
  act(work: () => Promise<unknown>): void;
}

/** Others who are signed in, and tenants of before: one press goes back to them. */
function Others({ accounts, known, disabled, act }: OthersProps) {
  const { t } = useTranslation('signIn');
  const others = accounts.filter(({ current, usable }) => usable && !current);
  if (others.length === 0 && known.length === 0) return null;
  return (
    <div className={css.line}>
      {others.map(({ id, username }) => (
        <Button
          key={id}
          look="quiet"
          disabled={disabled}
          onClick={() => act(() => call('microsoft.account', { username }))}
        >
          {t('card.use', { who: username })}
        </Button>
      ))}
      {known.map(({ cloud, other, ca, tenant, clientId, selectedSites }) => (
        <Button
          key={`${cloud} ${tenant} ${clientId}`}
          look="quiet"
          disabled={disabled}
          onClick={() => act(() => call('microsoft.connect', { cloud, other, ca, tenant, clientId, selectedSites }))}
        >
          {t('card.goBack', { tenant })}
        </Button>
      ))}
    </div>
  );
}
