import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TransportChoice } from '../../../main/contract/device.ts';
import type { DeviceRow, RoomRow } from '../../../main/contract/rooms.ts';
import { call } from '../../bridge/bridge.ts';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Select } from '../../design/Select.tsx';
import { useAction } from '../../design/useAction.ts';
import css from './Room.module.css';
import { Title } from './Title.tsx';

export interface LinkSectionProps {
  room: RoomRow;
  device: DeviceRow;
  changed(): void;
}

/** How a device that can be spoken to in several ways is spoken to: as it went the last time, and as a person wants it. */
export function LinkSection({ room, device, changed }: LinkSectionProps) {
  const { t } = useTranslation('room');
  const saving = useAction();
  const { transport, lastTransport, weakness, legacy } = device;
  const save = async (wish: { transport: TransportChoice } | { legacy: boolean }) => {
    if (await saving.run(() => call('rooms.decide', { roomId: room.id, ...wish }))) changed();
  };
  return (
    <section className={css.section}>
      <Title>{t('link.title')}</Title>
      <p>{lastTransport ? t(`link.last.${lastTransport}`) : t('link.never')}</p>
      {weakness !== null && (
        <p className={css.weak}>
          <Icon icon={TriangleAlert} />
          <span dir="auto">{t('link.weak', { weakness })}</span>
        </p>
      )}
      <Select<TransportChoice>
        label={t('link.way')}
        value={transport}
        onChange={(chosen) => save({ transport: chosen })}
        disabled={saving.since !== null}
        choices={[
          { value: 'auto', label: t('link.choice.auto') },
          { value: 'ssh', label: t('link.choice.ssh') },
          { value: 'https', label: t('link.choice.https') },
          ...(room.family === 'poly-group' ? [{ value: 'telnet' as const, label: t('link.choice.telnet') }] : []),
        ]}
        hint={t(room.family === 'poly-group' ? 'link.telnetHint' : 'link.wayHint')}
      />
      <Checkbox
        checked={legacy}
        onChange={(allowed) => save({ legacy: allowed })}
        disabled={saving.since !== null}
        label={t('link.legacy')}
        hint={t('link.legacyHint')}
      />
    </section>
  );
}
