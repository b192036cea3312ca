import type { RoomDetail } from '../../../main/contract/rooms.ts';
import { AddressDialog } from './AddressDialog.tsx';
import type { RoomDialogProps } from './dialogProps.ts';
import { LoginDialog } from './LoginDialog.tsx';
import { MacroDialog } from './macros/MacroDialog.tsx';
import { OverwriteDialog } from './OverwriteDialog.tsx';
import { RecordDialog } from './RecordDialog.tsx';
import { TrustDialog } from './TrustDialog.tsx';
import { UndoDialog } from './UndoDialog.tsx';

/** The dialog that is open over a room, if any; each begins anew when it is opened. */
export function RoomDialogs({
  room,
  detail,
  action,
  deeds,
  changed,
}: Omit<RoomDialogProps, 'onClose' | 'detail'> & { detail: RoomDetail | null }) {
  if (!detail || deeds.dialog === null) return null;
  const props = { room, detail, action, deeds, changed, onClose: () => deeds.show(null) };
  switch (deeds.dialog) {
    case 'address':
      return <AddressDialog {...props} />;
    case 'login':
      return <LoginDialog {...props} />;
    case 'trust':
      return <TrustDialog {...props} />;
    case 'macro':
      return <MacroDialog {...props} />;
    case 'overwrite':
      return <OverwriteDialog {...props} />;
    case 'record':
      return <RecordDialog {...props} />;
    case 'undo':
      return <UndoDialog {...props} />;
  }
}
