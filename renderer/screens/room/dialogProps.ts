/** What each dialog over a room is given. */
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import type { NextAction } from './nextAction.ts';
import type { Deeds } from './useDeeds.ts';

export interface RoomDialogProps {
  room: RoomRow;
  detail: RoomDetail;
  action: NextAction;
  deeds: Deeds;
  onClose(): void;
  /** The room is another one now. */
  changed(): void;
}
