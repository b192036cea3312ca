import { lazy, type Ref, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { EmptyState } from '../../design/EmptyState.tsx';
import { SplitView } from '../../design/SplitView.tsx';
import { useRoute } from '../../state/hooks.ts';
import { Loading } from './Loading.tsx';
import { RoomsMap } from './RoomsMap.tsx';
import { RoomsTable, type TableHandle } from './RoomsTable.tsx';
import { closeDetails } from './useChoosing.ts';
import type { Arranged } from './useLines.ts';
import { useRem, useWide } from './useRem.ts';
import { showAll, useView } from './viewStore.ts';

const RoomPanel = lazy(async () => ({ default: (await import('../room/RoomPanel.tsx')).RoomPanel }));

/** The table with a room beside it, or the map. */
export function RoomsBody({ arranged, tableRef }: { arranged: Arranged; tableRef: Ref<TableHandle> }) {
  const { t } = useTranslation('rooms');
  const shape = useView((view) => view.shape);
  const { roomId } = useRoute();
  const wide = useWide();
  const rem = useRem();
  const wanted = useView((view) => view.details);
  if (arranged.shown.length === 0)
    return <EmptyState text={t('nothingFits')} action={<Button onClick={showAll}>{t('showAll')}</Button>} />;
  if (shape === 'map') return <RoomsMap rooms={arranged.inPlace} />;
  return (
    <SplitView
      label={t('details')}
      details={
        roomId === null ? null : (
          <Suspense fallback={<Loading what={t('loadingRoom')} />}>
            <RoomPanel roomId={roomId} />
          </Suspense>
        )
      }
      onClose={() => {
        closeDetails();
        focusOn(tableRef);
      }}
    >
      {/* Another size of text makes other rows: all is measured anew. */}
      <RoomsTable
        key={rem}
        ref={tableRef}
        lines={arranged.lines}
        shownId={roomId}
        follows={wide ? wanted : roomId !== null}
      />
    </SplitView>
  );
}

/** Out of the details and back to the row that they were about. */
function focusOn(table: Ref<TableHandle>): void {
  if (table !== null && typeof table === 'object') table.current?.focus();
}
