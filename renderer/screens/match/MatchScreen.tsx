import { Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteView } from '../../../main/contract/site.ts';
import { Button } from '../../design/Button.tsx';
import { EmptyState } from '../../design/EmptyState.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Screen } from '../../design/Screen.tsx';
import { Tabs } from '../../design/Tabs.tsx';
import { Banner } from '../../design/Toolbar.tsx';
import { count } from '../../i18n/format.ts';
import { useAnswer, useNavigate, useRooms, useRunningJob, useSite } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { useChanges } from '../report/useChanges.ts';
import { ByHand } from './ByHand.tsx';
import css from './Match.module.css';
import { Matched } from './Matched.tsx';
import { type Proposal, proposalsOf } from './pairs.ts';
import { Suggestions } from './Suggestions.tsx';
import { type Pair, useMatching } from './useMatching.ts';

/** While many are matched, both lists are asked for at most this often, milliseconds. */
const EVERY_MS = 500;

/** Which device is which room's. */
export function MatchScreen() {
  const site = useSite();
  return site && <Match site={site} />;
}

function Match({ site }: { site: SiteView }) {
  const { t } = useTranslation('match');
  const navigate = useNavigate();
  const { rooms, loaded } = useRooms();
  const version = useStore((store) => store.devicesVersion + store.listVersion);
  const changes = useChanges(version, EVERY_MS);
  const devices = useAnswer('devices.list', undefined, [site.path, changes]);
  const suggested = useAnswer('match.suggest', undefined, [site.path, changes]);
  const [view, setView] = useState<'open' | 'matched'>('open');
  const matching = useMatching();
  const running = useRunningJob();
  const blocked = site.busyElsewhere ? 'elsewhere' : running ? 'job' : null;
  const proposals = useMemo(
    () => proposalsOf(suggested.data ?? [], rooms, devices.data ?? []),
    [suggested.data, rooms, devices.data],
  );
  const known = devices.data;
  if (!loaded || !known) {
    return (
      <Screen title={t('title')} layout="wide">
        {devices.problem && <ProblemCard problem={devices.problem} />}
        {devices.slow && <p className={css.soft}>{t('loading')}</p>}
      </Screen>
    );
  }
  const pairOf = (roomId: number, deviceId: number): Pair | null => {
    const room = rooms.find(({ id }) => id === roomId);
    const device = known.find(({ id }) => id === deviceId);
    if (!room || !device) return null;
    return { roomId, deviceId, room: room.name, address: device.address };
  };
  const accept = ({ roomId, device, room }: Proposal) =>
    void matching.match({ roomId, deviceId: device.id, room: room.name, address: device.address });
  const without = rooms.filter(({ address }) => address === null).length;
  const homeless = known.filter(({ roomId }) => roomId === null).length;
  const props = { rooms, devices: known, matching, disabled: blocked !== null };
  return (
    <Screen
      title={t('title')}
      layout="wide"
      actions={
        <Button
          look="quiet"
          icon={Undo2}
          disabled={blocked !== null || matching.since !== null}
          onClick={() => void matching.undoLast()}
        >
          {t('undoLast')}
        </Button>
      }
    >
      {blocked && <Banner>{t(`blocked.${blocked}`)}</Banner>}
      {suggested.problem && <ProblemCard problem={suggested.problem} />}
      <Tabs<'open' | 'matched'>
        label={t('tabs')}
        value={view}
        onChange={setView}
        views={[
          {
            value: 'open',
            label: t('toMatch'),
            detail: count(without),
            content: (
              <div className={css.page}>
                {rooms.length === 0 ? (
                  <EmptyState
                    text={t('noRooms')}
                    action={
                      <Button look="primary" onClick={() => navigate('rooms')}>
                        {t('toList')}
                      </Button>
                    }
                  />
                ) : (
                  <>
                    {without === 0 && proposals.length === 0 && (
                      <EmptyState
                        text={t('allDone')}
                        action={
                          <Button look="primary" onClick={() => navigate('rooms')}>
                            {t('toRooms')}
                          </Button>
                        }
                      />
                    )}
                    {proposals.length > 0 && (
                      <Suggestions {...{ proposals, matching, disabled: props.disabled, onAccept: accept }} />
                    )}
                    {without + homeless > 0 && <ByHand {...props} suggestions={suggested.data ?? []} pairOf={pairOf} />}
                  </>
                )}
              </div>
            ),
          },
          {
            value: 'matched',
            label: t('matched'),
            detail: count(rooms.length - without),
            content: (
              <div className={css.page}>
                <Matched {...props} />
              </div>
            ),
          },
        ]}
      />
    </Screen>
  );
}
