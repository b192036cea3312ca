import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../main/contract/methods.ts';
import type { SiteView } from '../../../main/contract/site.ts';
import { call } from '../../bridge/bridge.ts';
import { Card } from '../../design/Card.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { useNavigate } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { unlocked } from '../../state/unlock.ts';
import { CertificateDialog } from '../settings/CertificateDialog.tsx';
import { InfinityDialog } from '../settings/InfinityDialog.tsx';
import { StoreLoginDialog } from '../settings/StoreLoginDialog.tsx';
import { CheckLine } from './CheckLine.tsx';
import css from './Checks.module.css';
import { type Act, GROUPS, lineOf, polyLoginWanted } from './checkLines.ts';
import { useBlocked } from './useBlocked.ts';

/** Starts the check; with the passphrase first where need be. */
export async function startCheck(): Promise<void> {
  if (await unlocked()) await call('jobs.check', undefined);
}

/** All that must be in order before rooms are moved, as it was looked at last. */
export function CheckList({ site, last }: { site: SiteView; last: Output<'site.checks'> }) {
  const { t } = useTranslation('checks');
  const blocked = useBlocked();
  const { act, dialog } = useActs(site, last);
  const facts = {
    checks: last?.checks ?? [],
    credentials: site.credentials,
    pinned: site.settings.infinity?.pin != null,
    infinitySet: site.settings.infinity !== null,
    rooms: useStore(({ rooms }) => rooms.length),
  };
  return (
    <Card title={t('list')}>
      {GROUPS.map(({ group, ids }) => (
        <section key={group} aria-label={t(`group.${group}`)}>
          <h3 className={css.group}>{t(`group.${group}`)}</h3>
          <ul>
            {ids.map((id) => (
              <CheckLine key={id} line={lineOf(id, facts)} disabled={blocked !== null} onAct={act} />
            ))}
          </ul>
        </section>
      ))}
      {dialog}
    </Card>
  );
}

/** What a line offers, done in place where it can be; afterwards everything is looked at again. */
function useActs(site: SiteView, last: Output<'site.checks'>) {
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Act | null>(null);
  const close = () => setAsked(null);
  const check = () => void startCheck().catch(notifyProblem);
  const act = (wish: Act) => {
    if (wish === 'import') navigate('rooms');
    else if (wish === 'match') navigate(hasSeenDevices() ? 'match' : 'discover');
    else setAsked(wish);
  };
  const { infinity } = site.settings;
  const rooms = useStore((state) => state.rooms);
  const families = rooms.map(({ family }) => family);
  const polyLogin = polyLoginWanted(last?.checks ?? [], families);
  const purposes = { login: 'infinity', ciscoLogin: 'cisco-roomos', polyLogin } as const;
  const dialog =
    asked === 'setInfinity' || asked === 'changeInfinity' ? (
      <InfinityDialog onClose={close} saved={(_, look) => (look ? setAsked('certificate') : check())} />
    ) : asked === 'certificate' && infinity ? (
      <CertificateDialog infinity={infinity} onClose={close} changed={check} />
    ) : asked === 'login' || asked === 'ciscoLogin' || asked === 'polyLogin' ? (
      <StoreLoginDialog purpose={purposes[asked]} onClose={close} saved={check} />
    ) : null;
  return { act, dialog };
}

/** Rooms without a device are matched once somebody has looked for devices. */
function hasSeenDevices(): boolean {
  return useStore.getState().rooms.some(({ family }) => family !== null);
}
