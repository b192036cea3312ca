/** The rooms of one publish, each with what is known of its item. */
import type { OtjError } from '../../contract/errors.ts';
import type { ColumnMapping, ResultFields } from '../../contract/microsoft/results.ts';
import type { ListItem } from '../../microsoft/results/list.ts';
import type { OwedResult, ResultItem } from '../../site/results.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { roomFields } from './roomResult.ts';

/** A room on its way into the list. */
export interface Visit {
  room: Room;
  /** The debt as it was when it was read last. */
  owed: OwedResult;
  /** Made when its turn has come: the first are under way while the others are still to be made. */
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
  return site.results.owed().flatMap((owed) => {
    const room = wanted && !wanted.has(owed.roomId) ? null : site.rooms.get(owed.roomId);
    if (!room) return [];
    const item = wanted ? site.results.of(room.id) : (items.get(room.id) ?? null);
    return [visitOf(site, mapping, { room, owed, item })];
  });
}

function visitOf(site: Site, mapping: ColumnMapping, about: Pick<Visit, 'room' | 'owed' | 'item'>): Visit {
  const { room, item } = about;
  const there = item?.itemId && item.seen ? { id: item.itemId, etag: item.etag, fields: item.seen } : null;
  // What is known by its etag need not be read: were it another by now, the write would be refused.
  const look = !there || there.etag === null || item?.sending !== null || item.conflict !== null;
  let made: ResultFields | null = null;
  return {
    ...about,
    ...{ there, doubles: 0, look, looked: false, trouble: null },
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
    ...{ conflict: null, problem: null, keptOut: false, lease: null, deliveredAt: null },
  };
}
