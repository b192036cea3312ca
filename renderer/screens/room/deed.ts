/** What the buttons of a room do, and what is known when one is chosen. */
import type { Accepted } from '../../../main/contract/device.ts';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import type { TeamAgreed } from '../../../main/contract/team.ts';

/** Objections that stay accepted until somebody takes that back; a call is accepted for one time only. */
export type KeptObjection = Exclude<Accepted, 'call'>;

/** What a button does. */
export type Deed =
  /** A dry run. `insist`: in spite of a login that was refused. */
  | { do: 'check'; insist: boolean }
  | { do: 'migrate' }
  /** The same as the first of its kind, with somebody in front of the device. */
  | { do: 'pilot' }
  /** The list of pilots, where one can be given up. */
  | { do: 'pilots' }
  /** The same work once more; it looks at what is true on the device and carries on from there. */
  | { do: 'retry'; insist: boolean }
  /** The run that was cut off. */
  | { do: 'carryOn' }
  /** `taken`: in spite of what was seen of colleagues in this room. */
  | { do: 'finishUndo'; taken?: readonly TeamAgreed[] }
  | { do: 'sync' }
  | { do: 'prepare' }
  | { do: 'next' }
  /** The entry on Infinity beside what the site wants: somebody decides whose values stand. */
  | { do: 'conflict' }
  /** The same work while a call goes on, this one time. */
  | { do: 'inCall'; undo: boolean }
  /** Somebody has seen to what a check objected to; then the work goes on. */
  | { do: 'accept'; what: KeptObjection; afterwards: Deed }
  /** Encryption that is no longer safe may be agreed with this device; then the work goes on. */
  | { do: 'legacy'; afterwards: Deed }
  /** Dialogs. */
  | { do: 'macro' }
  | { do: 'overwrite' }
  | { do: 'address' }
  | { do: 'identity' }
  | { do: 'login' }
  | { do: 'trust' }
  /** The list of what Infinity needs. */
  | { do: 'infinity' };

/** The room as far as it is known: at first only its row of the table. */
export interface Known {
  room: RoomRow;
  detail: Pick<
    RoomDetail,
    'problem' | 'device' | 'pins' | 'takeMacros' | 'leaveMacros' | 'accepted' | 'steps' | 'lastRun'
  > | null;
}
