import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { EmptyState } from '../../design/EmptyState.tsx';
import { Screen } from '../../design/Screen.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { useRoom, useRoute } from '../../state/hooks.ts';
import { navigate } from '../../state/store.ts';
import { RoomPanel } from './RoomPanel.tsx';

/** One room alone, full width: for working from room to room. */
export function RoomScreen() {
  const { t } = useTranslation('room');
  const { roomId } = useRoute();
  const room = useRoom(roomId);
  const back = () => navigate('rooms', roomId);
  useShortcut('Escape', t('beside'), back);
  const toTable = <Button onClick={back}>{t('beside')}</Button>;
  return (
    <Screen title={room?.name ?? t('panel')} actions={toTable} layout="page">
      {roomId === null ? <EmptyState text={t('gone')} action={toTable} /> : <RoomPanel roomId={roomId} alone />}
    </Screen>
  );
}
