/** What a person can decide about a room where a check objects, and what was decided already. Pure. */

import type { Accepted } from '../../../main/contract/device.ts';
import type { ErrorCode } from '../../../main/contract/errors.ts';
import type { RoomDetail } from '../../../main/contract/rooms.ts';
import { isPoly } from '../../state/family.ts';
import type { Deed, KeptObjection, Known } from './deed.ts';

const OBJECTIONS: Partial<Record<ErrorCode, KeptObjection>> = {
  MANAGED: 'manager',
  CLOCK_WRONG: 'clock',
  RESTART_CONSENT: 'restart',
  RESTART_NEEDED: 'restart',
  PROVIDER_MODE: 'provider',
  PARTLY_READ: 'unread',
  SERVER_UNTRUSTED: 'certificate',
  SERVER_UNJUDGED: 'certificate',
};

/**
 * The decision that the room's trouble leaves to a person; null when there is none, or it was taken.
 * @param afterwards what is done after it
 */
export function decisionOf({ room, detail }: Known, afterwards: Deed): Deed | null {
  if (room.code === null) return null;
  // A Poly device is never written to during a call.
  if (room.code === 'IN_CALL' && isPoly(room.family)) return null;
  if (room.code === 'IN_CALL')
    return { do: 'inCall', undo: afterwards.do === 'finishUndo' || detail?.lastRun?.kind === 'undo' };
  if (room.code === 'MACRO_IN_THE_WAY') return { do: 'overwrite' };
  if (!detail) return null;
  if (room.code === 'LEGACY_NEEDED')
    return detail.device && !detail.device.legacy ? { do: 'legacy', afterwards } : null;
  const what = OBJECTIONS[room.code];
  return what && !detail.accepted.includes(what) ? { do: 'accept', what, afterwards } : null;
}

/** Accepted objections that are kept with the room. */
export function keptOf(accepted: readonly Accepted[]): KeptObjection[] {
  return accepted.filter((one) => one !== 'call');
}

/** One thing that was decided about a room. */
export type Decision =
  | { of: 'accepted'; what: KeptObjection }
  | { of: 'take' | 'leave'; name: string }
  | { of: 'legacy' };

type Decided = Pick<RoomDetail, 'accepted' | 'takeMacros' | 'leaveMacros' | 'device'>;

/** All that was decided, in the order in which it is told. */
export function decisionsOf({ accepted, takeMacros, leaveMacros, device }: Decided): Decision[] {
  return [
    ...(device?.legacy ? [{ of: 'legacy' as const }] : []),
    ...keptOf(accepted).map((what) => ({ of: 'accepted' as const, what })),
    ...takeMacros.map((name) => ({ of: 'take' as const, name })),
    ...leaveMacros.map((name) => ({ of: 'leave' as const, name })),
  ];
}

/** What `rooms.decide` is given, but for the room. */
export interface DecisionWish {
  takeMacros?: string[];
  leaveMacros?: string[];
  accepted?: KeptObjection[];
  legacy?: boolean;
}

/** The wish that takes a decision back. */
export function takenBack(decided: Decided, decision: Decision): DecisionWish {
  switch (decision.of) {
    case 'legacy':
      return { legacy: false };
    case 'accepted':
      return { accepted: keptOf(decided.accepted).filter((what) => what !== decision.what) };
    case 'take':
    case 'leave':
      return judged(decided, decision.name, null);
  }
}

/** The wish that judges one macro: a name is in one of the two lists at most. null = nobody has judged it. */
export function judged(
  { takeMacros, leaveMacros }: Pick<RoomDetail, 'takeMacros' | 'leaveMacros'>,
  name: string,
  as: 'take' | 'leave' | null,
): DecisionWish {
  const without = (names: readonly string[]) => names.filter((one) => one !== name);
  return {
    takeMacros: as === 'take' ? [...without(takeMacros), name] : without(takeMacros),
    leaveMacros: as === 'leave' ? [...without(leaveMacros), name] : without(leaveMacros),
  };
}
