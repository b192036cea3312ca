import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceRow, RoomRow } from '../../../main/contract/rooms.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { SearchField } from '../../design/SearchField.tsx';
import { familyWord } from '../../i18n/words.ts';
import { LongTable } from '../sync/LongTable.tsx';
import css from './Match.module.css';
import { searched } from './pairs.ts';
import type { Matching } from './useMatching.ts';

export interface MatchedProps {
  rooms: readonly RoomRow[];
  devices: readonly DeviceRow[];
  matching: Matching;
  disabled: boolean;
}

/** Rooms that have a device, and how to take it from them. */
export function Matched({ rooms, devices, matching, disabled }: MatchedProps) {
  const { t } = useTranslation('match');
  const [query, setQuery] = useState('');
  const lines = useMemo(() => {
    const deviceOf = new Map(devices.map((device) => [device.roomId, device]));
    return rooms.flatMap((room) => {
      const device = deviceOf.get(room.id);
      if (!device) return [];
      const place = [room.building, room.floor].filter(Boolean).join(', ');
      const says = [device.address, device.model, device.serial].filter(Boolean).join(' ');
      return [{ room, device, name: room.name, place, says }];
    });
  }, [rooms, devices]);
  const shown = searched(lines, query);
  return (
    <div className={css.matched}>
      <SearchField label={t('searchMatched')} value={query} onChange={setQuery} />
      {shown.length === 0 && query !== '' && <p className={css.soft}>{t('noneFound')}</p>}
      {shown.length > 0 && (
        <Card title={t('matched')} flush>
          <LongTable
            name={t('matchedList')}
            rows={shown}
            keyOf={({ room }) => String(room.id)}
            columns={[
              { id: 'room', name: t('column.room'), share: 3, cell: ({ name }) => name, title: ({ name }) => name },
              {
                id: 'place',
                name: t('column.place'),
                share: 3,
                cell: ({ place }) => place,
                title: ({ place }) => place,
              },
              { id: 'address', name: t('column.address'), share: 2, cell: ({ device }) => device.address },
              {
                id: 'device',
                name: t('column.device'),
                share: 3,
                cell: ({ device }) => device.model ?? familyWord(device.family),
                title: ({ device }) => device.model ?? familyWord(device.family),
              },
              {
                id: 'act',
                name: t('column.act'),
                share: 1.5,
                cell: ({ room, device }) => (
                  <Button
                    look="quiet"
                    disabled={disabled || matching.since !== null}
                    aria-label={t('releaseOf', { room: room.name.slice(0, 200) })}
                    onClick={() =>
                      void matching.release({
                        roomId: room.id,
                        deviceId: device.id,
                        room: room.name,
                        address: device.address,
                      })
                    }
                  >
                    {t('release')}
                  </Button>
                ),
              },
            ]}
          />
        </Card>
      )}
    </div>
  );
}
