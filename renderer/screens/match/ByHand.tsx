import { Link2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceRow, RoomRow, Suggestion } from '../../../main/contract/rooms.ts';
import { Button } from '../../design/Button.tsx';
import { SearchField } from '../../design/SearchField.tsx';
import { count } from '../../i18n/format.ts';
import { familyWord } from '../../i18n/words.ts';
import { useNavigate } from '../../state/hooks.ts';
import css from './Match.module.css';
import { PickList, type PickListHandle } from './PickList.tsx';
import { devicePicks, roomPicks, searched } from './pairs.ts';
import type { Matching, Pair } from './useMatching.ts';

export interface ByHandProps {
  rooms: readonly RoomRow[];
  devices: readonly DeviceRow[];
  suggestions: readonly Suggestion[];
  matching: Matching;
  disabled: boolean;
  pairOf(roomId: number, deviceId: number): Pair | null;
}

/** Two lists: a room here, a device there, and one button. */
export function ByHand({ rooms, devices, suggestions, matching, disabled, pairOf }: ByHandProps) {
  const { t } = useTranslation('match');
  const [room, setRoom] = useState<number | null>(null);
  const [device, setDevice] = useState<number | null>(null);
  const [query, setQuery] = useState({ room: '', device: '' });
  const lists = { room: useRef<PickListHandle>(null), device: useRef<PickListHandle>(null) };
  const button = useRef<HTMLButtonElement>(null);
  const roomList = useMemo(() => roomPicks(rooms, suggestions, device), [rooms, suggestions, device]);
  const deviceList = useMemo(() => devicePicks(devices, suggestions, room, familyWord), [devices, suggestions, room]);
  // What was chosen may have found its match elsewhere.
  const chosen = {
    room: roomList.some(({ id }) => id === room) ? room : null,
    device: deviceList.some(({ id }) => id === device) ? device : null,
  };
  const pair = chosen.room !== null && chosen.device !== null ? pairOf(chosen.room, chosen.device) : null;
  const match = async (wish: Pair | null) => {
    if (!wish || disabled) return;
    if (!(await matching.match(wish))) return;
    setRoom(null);
    setDevice(null);
    lists.room.current?.focus();
  };
  const choose = (kind: 'room' | 'device', id: number | null) => {
    (kind === 'room' ? setRoom : setDevice)(id);
    if (id === null) return;
    const otherKind = kind === 'room' ? 'device' : 'room';
    if (chosen[otherKind] === null) lists[otherKind].current?.focus();
    // It can be pressed only after the choice is drawn.
    else requestAnimationFrame(() => button.current?.focus());
  };
  const nameOf = (id: number | null) => (roomList.find((one) => one.id === id)?.name ?? '').slice(0, 60);
  const addressOf = (id: number | null) => deviceList.find((one) => one.id === id)?.name ?? '';
  const hint = pair
    ? t('pair', { room: pair.room.slice(0, 60), device: pair.address })
    : chosen.room !== null
      ? t('chooseDevice', { room: nameOf(chosen.room) })
      : chosen.device !== null
        ? t('chooseRoom', { device: addressOf(chosen.device) })
        : t('chooseBoth');
  return (
    <div className={css.hand}>
      <section className={css.side} aria-label={t('rooms')}>
        <h2>{`${t('rooms')} (${count(roomList.length)})`}</h2>
        {roomList.length === 0 ? (
          <p className={css.soft}>{t('noRoomsLeft')}</p>
        ) : (
          <>
            <SearchField
              label={t('searchRooms')}
              value={query.room}
              onChange={(typed) => setQuery((was) => ({ ...was, room: typed }))}
              onDown={() => lists.room.current?.focus()}
            />
            <PickList
              ref={lists.room}
              kind="room"
              name={t('rooms')}
              picks={searched(roomList, query.room)}
              chosen={chosen.room}
              onChoose={(id) => choose('room', id)}
              onDrop={(dragged, on) => void match(pairOf(on, dragged))}
            />
          </>
        )}
      </section>
      <section className={css.side} aria-label={t('devices')}>
        <h2>{`${t('devices')} (${count(deviceList.length)})`}</h2>
        {deviceList.length === 0 ? (
          <NoDevices hasSeen={devices.some(({ seenAt }) => seenAt !== null)} wanted={roomList.length > 0} />
        ) : (
          <>
            <SearchField
              label={t('searchDevices')}
              value={query.device}
              onChange={(typed) => setQuery((was) => ({ ...was, device: typed }))}
              onDown={() => lists.device.current?.focus()}
            />
            <PickList
              ref={lists.device}
              kind="device"
              name={t('devices')}
              picks={searched(deviceList, query.device)}
              chosen={chosen.device}
              onChoose={(id) => choose('device', id)}
              onDrop={(dragged, on) => void match(pairOf(dragged, on))}
            />
          </>
        )}
      </section>
      {roomList.length > 0 && deviceList.length > 0 && (
        <div className={css.do}>
          <Button
            ref={button}
            look="primary"
            icon={Link2}
            disabled={pair === null || disabled}
            busy={matching.since === null ? null : { what: t('matching'), since: matching.since }}
            onClick={() => void match(pair)}
          >
            {t('do')}
          </Button>
          <p role="status" className={css.hint} dir="auto">
            {hint}
          </p>
        </div>
      )}
    </div>
  );
}

function NoDevices({ hasSeen, wanted }: { hasSeen: boolean; wanted: boolean }) {
  const { t } = useTranslation('match');
  const navigate = useNavigate();
  return (
    <>
      <p className={css.soft}>{t(hasSeen ? 'noDevicesLeft' : 'notSeen')}</p>
      {wanted && (
        <div>
          <Button look="primary" onClick={() => navigate('discover')}>
            {t('toDiscover')}
          </Button>
        </div>
      )}
    </>
  );
}
