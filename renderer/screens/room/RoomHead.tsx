import { Pin, PinOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { Button } from '../../design/Button.tsx';
import { DataList } from '../../design/DataList.tsx';
import { Popover } from '../../design/Popover.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { moment } from '../../i18n/format.ts';
import { loginFamily } from './logins.ts';
import css from './Room.module.css';
import { fingerprint, placeWords } from './words.ts';

export interface RoomHeadProps {
  room: RoomRow;
  detail: RoomDetail | null;
  /** The heading of the screen has the name already. */
  alone: boolean;
}

/** Which room this is, what stands in it, and how it is reached. */
export function RoomHead({ room, detail, alone }: RoomHeadProps) {
  const { t } = useTranslation('room');
  const software = detail?.device?.software;
  const known = [placeWords(room), room.model, software, room.serial];
  const facts = [...new Set(known.filter((fact) => fact !== null && fact !== undefined && fact !== ''))];
  return (
    <header className={css.head}>
      {!alone && (
        <h2 className={css.name} dir="auto" title={room.name}>
          {room.name}
        </h2>
      )}
      <div className={css.badge} title={moment(room.stateAt)}>
        <StateBadge state={room.state} />
      </div>
      <p className={css.facts} title={facts.join(' · ')}>
        {facts.map((fact) => (
          <bdi key={fact} className={css.fact}>
            {fact}
          </bdi>
        ))}
      </p>
      <p className={css.reached}>
        {room.address === null ? (
          <span className={css.soft}>{t('noDevice')}</span>
        ) : (
          <>
            <span className={css.address} dir="auto" title={room.address}>
              {room.address}
            </span>
            {detail && loginFamily(room) && <Pins detail={detail} />}
          </>
        )}
      </p>
    </header>
  );
}

function Pins({ detail: { pins } }: { detail: RoomDetail }) {
  const { t } = useTranslation('room');
  const isPinned = pins.ssh !== null || pins.tls !== null;
  const shown = (pin: string | null) => pin && <code>{fingerprint(pin)}</code>;
  return (
    <Popover
      title={t('pins.title')}
      trigger={
        <Button look="quiet" icon={isPinned ? Pin : PinOff}>
          {isPinned ? t('pins.pinned') : t('pins.none')}
        </Button>
      }
    >
      <p className={css.soft}>{t('pins.means')}</p>
      <DataList
        items={[
          { term: t('pins.ssh'), value: shown(pins.ssh) },
          { term: t('pins.tls'), value: shown(pins.tls) },
        ]}
      />
    </Popover>
  );
}
