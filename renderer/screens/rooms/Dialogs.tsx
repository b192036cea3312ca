import { useMemo } from 'react';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { useRooms } from '../../state/hooks.ts';
import type { Asked } from './asked.ts';
import { TickDialog, UndoDialog } from './BulkDialogs.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { RunDialog } from './RunDialog.tsx';
import { prepareRooms } from './useWork.ts';

export interface DialogsProps {
  asked: Asked | null;
  onClose(): void;
}

/** The dialog that is open, if any, over the rooms as they are now. */
export function Dialogs({ asked, onClose }: DialogsProps) {
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
          onPrepare={(unprepared) => {
            onClose();
            prepareRooms(unprepared);
          }}
          onClose={onClose}
        />
      );
    case 'undo':
      return <UndoDialog rooms={meant} onClose={onClose} />;
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
