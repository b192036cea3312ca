/**
 * Which rooms a piece of work would take, which it would leave and why: counted before it begins, so that what is said
 * is what is then done. Pure. What a run takes follows main/services/run.ts.
 */

import type { ErrorCode } from '../../../main/contract/errors.ts';
import type { Family, RoomState } from '../../../main/contract/plan.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { isPoly } from '../../state/family.ts';

/** Trouble that may pass by itself, so that the next run takes the room again without being told to. */
export const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNREACHABLE',
  'TIMEOUT',
  'NOT_BACK',
  'CONNECTION_LOST',
  'SESSION_LIMIT',
  'DUPLICATE_SESSION',
  'STARTING',
  'RATE_LIMITED',
  'INFINITY_UNREACHABLE',
  'M365_UNREACHABLE',
  'M365_BUSY',
  'M365_UNCERTAIN',
  'M365_FAILED',
  'TEAM_UNREACHABLE',
  'IN_CALL',
  'UPGRADING',
  'CREDENTIAL_PAUSED',
  'PILOT_NEEDED',
  'PILOT_WAITS',
  'CANCELLED',
]);

export interface Wish {
  /** Also rooms that wait for a person. */
  insist: boolean;
  /** Also rooms that were undone: somebody chose them and wants them moved after all. */
  undone: boolean;
}

/** Why a room needs a person, and how many do for that reason. */
export interface Held {
  code: ErrorCode | null;
  ids: readonly number[];
}

export interface RunScope {
  /** In the order in which they are begun: what was cut off first, it may be without any One-Touch Join. */
  ids: readonly number[];
  families: ReadonlyMap<Family | null, number>;
  /** Of those taken: left half way by a run that was cut off. */
  cutOff: number;
  /** Of those taken: nobody has looked at them yet. */
  unseen: number;
  /** Wait for a person; taken only with `insist`. Most first. */
  held: readonly Held[];
  heldCount: number;
  /** Nothing to connect to: these are never taken. */
  noAddress: readonly number[];
  /** Their undo is to be finished instead. */
  halfUndone: readonly number[];
  undone: readonly number[];
  /** Migrated or awaiting sync: nothing is left to do at the device. */
  done: readonly number[];
  /** Some work is on them now. */
  underWay: readonly number[];
}

const TURN: readonly RoomState[] = ['in progress', 'ready', 'not started', 'needs attention', 'undone'];

export function runScope(rooms: readonly RoomRow[], { insist, undone }: Wish): RunScope {
  const fates = Object.groupBy(rooms, fateOf);
  const held = fates.held ?? [];
  const taken = [...(fates.open ?? []), ...(insist ? held : []), ...(undone ? (fates.undone ?? []) : [])].sort(
    (a, b) => TURN.indexOf(a.state) - TURN.indexOf(b.state),
  );
  const families = new Map<Family | null, number>();
  for (const { family } of taken) families.set(family, (families.get(family) ?? 0) + 1);
  return {
    ids: idsOf(taken),
    families,
    cutOff: taken.filter(({ interrupted }) => interrupted).length,
    unseen: taken.filter(({ state }) => state === 'not started').length,
    held: byCode(held),
    heldCount: held.length,
    noAddress: idsOf(fates.noAddress),
    halfUndone: idsOf(fates.halfUndone),
    undone: idsOf(fates.undone),
    done: idsOf(fates.done),
    underWay: idsOf(fates.underWay),
  };
}

type Fate = 'open' | 'held' | 'noAddress' | 'halfUndone' | 'undone' | 'done' | 'underWay';

function fateOf(row: RoomRow): Fate {
  const { state, interrupted, undoUnfinished, address } = row;
  if (state === 'in progress' && !interrupted) return 'underWay';
  if (undoUnfinished) return 'halfUndone';
  if (state === 'migrated' || state === 'awaiting sync') return 'done';
  if (state === 'undone') return 'undone';
  if (address === null) return 'noAddress';
  return state === 'needs attention' && !mayGoOn(row) ? 'held' : 'open';
}

/** Whether what stood in the way may be gone by itself, or is seen to be gone. */
function mayGoOn({ code, onInfinity, owed }: RoomRow): boolean {
  if (code === null) return false;
  if (code === 'INFINITY_CHANGED') return onInfinity && owed === 0;
  return PASSING.has(code) || (code === 'NOT_PREPARED' && onInfinity);
}

function byCode(rooms: readonly RoomRow[]): Held[] {
  const groups = Map.groupBy(rooms, ({ code }) => code);
  return [...groups]
    .map(([code, members]) => ({ code, ids: idsOf(members) }))
    .sort((a, b) => b.ids.length - a.ids.length);
}

function idsOf(rooms: readonly RoomRow[] = []): number[] {
  return rooms.map(({ id }) => id);
}

export interface UndoScope {
  ids: readonly number[];
  /** On these the device itself was moved, as far as the table knows; of the others only Infinity's entry is taken away. */
  moved: number;
  poly: number;
  /** Nothing was done to them, or it is undone already. */
  nothing: number;
  underWay: number;
}

export function undoScope(rooms: readonly RoomRow[]): UndoScope {
  const idle = rooms.filter(({ state, interrupted }) => state !== 'in progress' || interrupted);
  const taken = idle.filter(isToUndo);
  return {
    ids: idsOf(taken),
    moved: taken.filter(wasMoved).length,
    poly: taken.filter(({ family }) => isPoly(family)).length,
    nothing: idle.length - taken.length,
    underWay: rooms.length - idle.length,
  };
}

function isToUndo(row: RoomRow): boolean {
  if (row.state === 'undone') return false;
  return wasMoved(row) || row.onInfinity || row.owed > 0;
}

function wasMoved({ state, interrupted, undoUnfinished, withoutSince, withoutOtjMs }: RoomRow): boolean {
  const moved = state === 'migrated' || state === 'awaiting sync' || interrupted || undoUnfinished;
  return moved || withoutSince !== null || withoutOtjMs !== null;
}

/**
 * What only a person can do and is left in these rooms, but for a device to be set up by hand: that is said of each room
 * by itself.
 */
export function manualScope(rooms: readonly RoomRow[]): { ids: readonly number[]; steps: number } {
  const stepsOf = ({ manual, code }: RoomRow) => (code === 'BY_HAND' ? manual - 1 : manual);
  const open = rooms.filter((row) => stepsOf(row) > 0);
  return { ids: idsOf(open), steps: open.reduce((sum, row) => sum + stepsOf(row), 0) };
}
