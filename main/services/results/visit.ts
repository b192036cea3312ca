/** The rooms of one publish, each with what is known of its item. */
import { setImmediate } from 'node:timers/promises';
import type { OtjError } from '../../contract/errors.ts';
import type { ColumnMapping, ResultFields } from '../../contract/microsoft/results.ts';
import { roomKey } from '../../microsoft/results/fields.ts';
import type { ListItem } from '../../microsoft/results/list.ts';
import type { OwedResult, ResultItem } from '../../site/results.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { roomFields } from './roomResult.ts';

/** How long rooms are made without a look at what came in, milliseconds. */
const SLICE_MS = 2;

/** A room on its way into the list. */
export interface Visit {
  room: Room;
  /** The debt as it was when it was read last. */
  owed: OwedResult;
  /** Of its item in the list. Made when it is asked for first. */
  readonly key: string;
  /** Made when it is asked for first: rooms are under way while others are still to be made. */
  readonly ours: ResultFields;
  item: ResultItem | null;
  /** As it was read in this publish, or as it was when it had the etag that we know; null = there is none. */
  there: ListItem | null;
  /** Items with its key, where there is more than one. */
  doubles: number;
  /** It has to be read before anything is decided. */
  look: boolean;
  looked: boolean;
  /** The last attempt, for when there are no more rounds. */
  trouble: OtjError | null;
}

/** How many of the rooms that will be visited have no item that is known. */
export function unknownOf(site: Site, rooms: readonly Room[] | null): number {
  return rooms ? rooms.filter(({ id }) => !site.results.of(id)?.itemId).length : site.results.unknownCount();
}

/** A visit for each room that is owed; rooms that are named are owed from here on. */
export function owedVisits(
  site: Site,
  mapping: ColumnMapping,
  { rooms, decided = false }: { rooms: readonly Room[] | null; decided?: boolean },
): Visit[] {
  const wanted = rooms && new Set(rooms.map(({ id }) => id));
  const items = new Map(site.results.all().map((item) => [item.roomId, item]));
  for (const room of rooms ?? []) {
    // Named by a person: it is wanted, also where it was left out before.
    if (!decided && items.get(room.id)?.keptOut) site.results.forgetItem(room.id);
    site.results.owe(room.id);
  }
  const debts = site.results.owed().filter(({ roomId }) => !wanted || wanted.has(roomId));
  const known = site.rooms.some(debts.map(({ roomId }) => roomId));
  return debts.flatMap((owed) => {
    const room = known.get(owed.roomId);
    if (!room) return [];
    const item = wanted ? site.results.of(room.id) : (items.get(room.id) ?? null);
    return [visitOf(site, mapping, { room, owed, item })];
  });
}

/**
 * Makes what the first rooms need to go out while the list is still on its way, and lets in whatever comes meanwhile. The rest is
 * made while those are under way.
 * @param first how many go out at once
 */
export async function makeAhead(visits: readonly Visit[], first: number, isOver: () => boolean): Promise<void> {
  let until = performance.now() + SLICE_MS;
  for (const [at, visit] of visits.entries()) {
    if (at < first) void visit.ours;
    if (!visit.item?.itemId) void visit.key;
    if (performance.now() < until) continue;
    await setImmediate();
    if (isOver()) return;
    until = performance.now() + SLICE_MS;
  }
}

function visitOf(site: Site, mapping: ColumnMapping, about: Pick<Visit, 'room' | 'owed' | 'item'>): Visit {
  const { room, item } = about;
  const there = item?.itemId && item.seen ? { id: item.itemId, etag: item.etag, fields: item.seen } : null;
  // What is known by its etag need not be read: were it another by now, the write would be refused.
  const look = !there || there.etag === null || item?.sending !== null || item.conflict !== null;
  let key: string | null = null;
  let made: ResultFields | null = null;
  return {
    ...about,
    ...{ there, doubles: 0, look, looked: false, trouble: null },
    get key() {
      key ??= roomKey(room.mailbox);
      return key;
    },
    get ours() {
      made ??= roomFields(site, room, mapping);
      return made;
    },
  };
}

/** @param trouble what it ends with when there are no more rounds */
export function lookAgain(visit: Visit, trouble: OtjError): Visit {
  return Object.assign(visit, { look: true, looked: false, trouble });
}

/** Nothing is known of its item. */
export function blank(roomId: number): ResultItem {
  return {
    ...{ roomId, itemId: null, etag: null, seen: null, base: null, written: null, sending: null },
    ...{ conflict: null, problem: null, keptOut: false, lease: null, leaseAnywhere: null },
    deliveredAt: null,
  };
}
