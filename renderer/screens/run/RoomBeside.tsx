import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import css from './Run.module.css';

const RoomPanel = lazy(async () => ({
  default: (await import('../room/RoomPanel.tsx')).RoomPanel,
}));

/** A room's details beside the tiles; fetched when the first tile is opened. */
export function RoomBeside({ roomId }: { roomId: number }) {
  const { t } = useTranslation('common');
  return (
    <Suspense fallback={<p className={css.soft}>{t('loading')}</p>}>
      <RoomPanel roomId={roomId} />
    </Suspense>
  );
}
