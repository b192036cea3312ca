import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { DataList } from '../../design/DataList.tsx';
import { SecretValue } from '../../design/SecretValue.tsx';
import { useAction } from '../../design/useAction.ts';
import { moment } from '../../i18n/format.ts';
import { familyWord } from '../../i18n/words.ts';
import { isPoly } from '../../state/family.ts';
import { useSite } from '../../state/hooks.ts';
import { LinkSection } from './LinkSection.tsx';
import { loginFamily, loginOf } from './logins.ts';
import { OldPassword } from './OldPassword.tsx';
import css from './Room.module.css';
import { Title } from './Title.tsx';
import { ToldSection } from './ToldSection.tsx';
import type { Deeds } from './useDeeds.ts';
import { useDeviceTools } from './useRoomMenu.ts';

export interface DeviceTabProps {
  room: RoomRow;
  detail: RoomDetail | null;
  deeds: Deeds;
  /** Something of the room was changed by hand. */
  changed(): void;
}

/** What is known of the device, and the logins that belong to it. */
export function DeviceTab({ room, detail, deeds, changed }: DeviceTabProps) {
  const { t } = useTranslation('room');
  const tools = useDeviceTools(room, deeds);
  if (!detail) return null;
  const { device } = detail;
  return (
    <>
      <section className={css.section}>
        <div className={css.tools}>
          <Title>{t('device.facts')}</Title>
          <Button onClick={() => deeds.show('address')}>{t('device.correct')}</Button>
        </div>
        {device ? (
          <DataList
            items={[
              { term: t('device.address'), value: device.address },
              {
                term: t('device.ports'),
                value: t('device.portsValue', { ssh: `${device.sshPort}`, https: `${device.httpsPort}` }),
              },
              {
                term: t('device.family'),
                value: device.familyGuessed ? t('device.familyGuessed') : familyWord(device.family),
              },
              { term: t('device.model'), value: device.model },
              { term: t('device.software'), value: device.software },
              { term: t('device.serial'), value: device.serial },
              { term: t('device.mac'), value: device.mac },
              { term: t('device.systemName'), value: device.systemName },
              { term: t('device.mailbox'), value: room.mailbox },
              { term: t('device.sighting'), value: device.sighting },
              { term: t('device.seen'), value: device.seenAt && moment(device.seenAt) },
            ]}
          />
        ) : (
          <p className={css.soft}>{t('device.none')}</p>
        )}
        {tools.length > 0 && (
          <div className={css.flat}>
            {tools.map(({ id, icon, label, run }) => (
              <Button key={id} look="quiet" icon={icon} onClick={run}>
                {label}
              </Button>
            ))}
          </div>
        )}
      </section>
      {device?.family === 'cisco-roomos' && <ToldSection told={device.told} />}
      {device && device.family !== 'poly-videoos' && device.family !== 'poly-trio' && (
        <LinkSection room={room} device={device} changed={changed} />
      )}
      {loginFamily(room) && <DeviceLogin room={room} detail={detail} deeds={deeds} changed={changed} />}
      {isPoly(room.family) && loginFamily(room) && (
        <OldPassword key={room.id} room={room} detail={detail} changed={changed} />
      )}
      {detail.infinity && (
        <section className={css.section}>
          <Title>{t('device.roomLogin')}</Title>
          <p className={css.soft}>{t('device.roomLoginMeans')}</p>
          <DataList
            items={[
              { term: t('device.password'), value: <SecretValue key={room.id} of={{ of: 'room', roomId: room.id }} /> },
            ]}
          />
        </section>
      )}
    </>
  );
}

function DeviceLogin({ room, detail, deeds, changed }: DeviceTabProps & { detail: RoomDetail }) {
  const { t } = useTranslation('room');
  const credentials = useSite()?.credentials ?? [];
  const login = loginOf(credentials, room);
  const removing = useAction();
  const [asked, setAsked] = useState(false);
  const family = familyWord(room.family);
  const remove = async () => {
    if (!login) return;
    const isGone = await removing.run(() => call('credentials.remove', { purpose: login.purpose, roomId: room.id }));
    setAsked(false);
    if (isGone) changed();
  };
  const isOwn = detail.ownLogin || login?.roomId === room.id;
  return (
    <section className={css.section}>
      <div className={css.tools}>
        <Title>{t('device.login')}</Title>
        <Button onClick={() => deeds.show('login')}>{t('device.storeOwn')}</Button>
      </div>
      <p dir="auto">
        {isOwn ? t('login.own') : login ? t('login.shared', { family, username: login.username }) : t('login.none')}
      </p>
      {isOwn && login && (
        <>
          <DataList
            items={[
              { term: t('login.username'), value: login.username },
              {
                term: t('login.password'),
                value: (
                  <SecretValue key={room.id} of={{ of: 'credential', purpose: login.purpose, roomId: login.roomId }} />
                ),
              },
            ]}
          />
          <div>
            <Button
              look={asked ? 'danger' : 'quiet'}
              disabled={removing.since !== null}
              onClick={asked ? remove : () => setAsked(true)}
            >
              {asked ? t('login.removeSure') : t('login.remove')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
