/** Where every room stands, and what is owed. */
import type { Problem } from '../contract/errors.ts';
import type { Proof } from '../contract/infinity.ts';
import { ROOM_STATES, type RoomState } from '../contract/plan.ts';
import type { Site } from '../site/site.ts';
import { owedToList } from './debts.ts';
import { owedPlaces } from './places/update.ts';
import { isUnfinished } from './tasks.ts';

export interface RoomStatus {
  name: string;
  building: string;
  floor: string;
  mailbox: string;
  state: RoomState;
  problem: Problem | null;
  family: string | null;
  model: string | null;
  address: string | null;
  onInfinity: boolean;
  /** Where a run was cut off, when the room is in progress and no process works on it. */
  interrupted: { step: string; at: string } | null;
  /** An undo was begun and is not finished. */
  undoUnfinished: boolean;
  /** Since when the old service is gone with no meeting from Infinity seen yet, ISO. */
  withoutSince: string | null;
  withoutOtjMs: number | null;
  owed: string[];
  /** Infinity's own word as it was asked for last; null = never. */
  proof: Proof | null;
  /** Kinds of manual steps not ticked yet. */
  manual: string[];
}

export interface SiteStatus {
  site: string;
  counts: Record<RoomState, number>;
  /** To Infinity. */
  owed: number;
  /** Rooms whose newest result the team's list does not have, and report files that could not go up. */
  owedToList: number;
  /** Rooms whose place in Microsoft 365 is to be written, where that is switched on. */
  owedToPlaces: number;
  /** Whether a process is at work on this file now. */
  busy: boolean;
  rooms: RoomStatus[];
}

export function statusOf(site: Site): SiteStatus {
  const busy = site.isBusy();
  const toPlaces = new Set(owedPlaces(site));
  const toList = new Set(site.results.owed().map(({ roomId }) => roomId));
  const rooms = site.rooms.all().map((room): RoomStatus => {
    const endpoint = site.rooms.endpointOf(room.id);
    return {
      name: room.name,
      building: room.building,
      floor: room.floor,
      mailbox: room.mailbox,
      state: room.state,
      problem: room.problem,
      family: endpoint?.family ?? null,
      model: endpoint?.model ?? null,
      address: endpoint?.address ?? null,
      onInfinity: site.outbox.entry(room.id) !== null,
      interrupted:
        room.state === 'in progress' && !busy
          ? (site.journal.openIntent(room.id) ?? { step: 'start', at: room.stateAt })
          : null,
      undoUnfinished: room.work === 'undo' && isUnfinished(room),
      withoutSince: room.servedAt ? null : room.cutoverAt,
      withoutOtjMs: withoutOtj(room),
      owed: [
        ...site.outbox.owedOf(room.id),
        ...(toList.has(room.id) ? ['result'] : []),
        ...(toPlaces.has(room.id) ? ['place'] : []),
      ],
      proof: site.outbox.proof(room.id),
      manual: site.outbox.manualSteps(room.id).flatMap(({ kind, tickedAt }) => (tickedAt ? [] : [kind])),
    };
  });
  const owed = site.outbox.owed().length;
  const counts = countStates(rooms);
  const debts = { owed, owedToList: owedToList(site), owedToPlaces: toPlaces.size };
  return { site: site.settings.name, counts, ...debts, busy, rooms };
}

export function countStates(rooms: readonly { state: RoomState }[]): Record<RoomState, number> {
  const counts = Object.fromEntries(ROOM_STATES.map((state) => [state, 0])) as Record<RoomState, number>;
  for (const { state } of rooms) counts[state]++;
  return counts;
}

/** Milliseconds from the old service's end to the first meeting from Infinity; null while either is unknown. */
export function withoutOtj({
  cutoverAt,
  servedAt,
}: {
  cutoverAt: string | null;
  servedAt: string | null;
}): number | null {
  if (!cutoverAt || !servedAt) return null;
  return Math.max(0, Date.parse(servedAt) - Date.parse(cutoverAt));
}
