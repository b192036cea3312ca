import { useMemo } from 'react';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { useRooms } from '../../state/hooks.ts';
import type { Asked } from './asked.ts';
import { PrepareDialog, TickDialog, UndoDialog } from './BulkDialogs.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { RunDialog } from './RunDialog.tsx';

export interface DialogsProps {
  asked: Asked | null;
  ask(asked: Asked): void;
  onClose(): void;
}

/** The dialog that is open, if any, over the rooms as they are now. */
export function Dialogs({ asked, ask, onClose }: DialogsProps) {
  const { rooms } = useRooms();
  const ids = asked === null || asked.what === 'import' ? null : asked.rooms;
  const meant = useMemo(() => rowsOf(rooms, ids), [rooms, ids]);
  switch (asked?.what) {
    case 'run':
      return (
        <RunDialog
          mode={asked.mode}
          rooms={meant}
          chosen={ids !== null}
          onPrepare={(unprepared) => ask({ what: 'prepare', rooms: unprepared })}
          onClose={onClose}
        />
      );
    case 'undo':
      return <UndoDialog rooms={meant} onClose={onClose} />;
    case 'prepare':
      return <PrepareDialog rooms={meant} onClose={onClose} />;
    case 'tick':
      return <TickDialog rooms={meant} onClose={onClose} />;
    case 'import':
      return <ImportDialog source={asked.source} onClose={onClose} />;
    default:
      return null;
  }
}

function rowsOf(rooms: readonly RoomRow[], ids: readonly number[] | null): readonly RoomRow[] {
  if (ids === null) return rooms;
  const meant = new Set(ids);
  return rooms.filter(({ id }) => meant.has(id));
}
