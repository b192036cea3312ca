/** The order of the table. Pure but for what it remembers, so that 10,000 names are compared once and not each time. */
import type { Family, RoomState } from '../../../main/contract/plan.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import { compareNames } from '../../i18n/format.ts';

/** `place` is the order of the list itself: building, floor, name. */
export const SORT_KEYS = ['state', 'room', 'place', 'device', 'address', 'without', 'remaining'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  by: SortKey;
  descending: boolean;
}

export const LIST_ORDER: Sort = { by: 'place', descending: false };

/** What is to be done comes first, what is done last. */
export const URGENCY: readonly RoomState[] = [
  'needs attention',
  'in progress',
  'ready',
  'not started',
  'awaiting sync',
  'migrated',
  'undone',
];

export const FAMILIES: readonly (Family | null)[] = [
  'cisco-roomos',
  'poly-videoos',
  'poly-group',
  'poly-trio',
  'poly-hdx',
  'poly-debut',
  null,
];

/** Of these the most is what somebody looks for. */
const MOST_FIRST: ReadonlySet<SortKey> = new Set(['without', 'remaining']);

/** A press on a heading: one way, then the other, then the order of the list again. */
export function sortAfter(now: Sort, by: SortKey): Sort {
  const first = MOST_FIRST.has(by);
  if (now.by !== by) return { by, descending: first };
  if (now.descending === first) return { by, descending: !first };
  return LIST_ORDER;
}

/** The place of each text among all of them; a text that was there once keeps its place. */
class Ranks {
  private places: ReadonlyMap<string, number> = new Map();

  of(texts: readonly string[]): ReadonlyMap<string, number> {
    if (!texts.every((text) => this.places.has(text)))
      this.places = new Map([...new Set(texts)].sort(compareNames).map((text, at) => [text, at]));
    return this.places;
  }
}

const names = new Ranks();
const devices = new Ranks();
const addresses = new Ranks();

/**
 * @param rooms in the order of the list, which also orders what is equal
 * @returns a new array; rooms of which the thing is not known come last, whichever way it goes
 */
export function inOrder(rooms: readonly RoomRow[], { by, descending }: Sort): readonly RoomRow[] {
  if (by === 'place') return descending ? rooms.toReversed() : rooms;
  const keys = keysOf(rooms, by);
  const way = descending ? -1 : 1;
  const places = rooms.map((_, at) => at);
  places.sort((a, b) => {
    const [one, other] = [keys[a] ?? null, keys[b] ?? null];
    if (one === other) return a - b;
    if (one === null) return 1;
    if (other === null) return -1;
    return way * (one - other);
  });
  return places.flatMap((at) => rooms[at] ?? []);
}

function keysOf(rooms: readonly RoomRow[], by: Exclude<SortKey, 'place'>): (number | null)[] {
  switch (by) {
    case 'state':
      return rooms.map(({ state }) => URGENCY.indexOf(state));
    case 'room':
      return textKeys(
        rooms.map(({ name }) => name),
        names,
      );
    case 'device':
      return textKeys(rooms.map(deviceText), devices);
    case 'address':
      return addressKeys(rooms.map(({ address }) => address ?? ''));
    case 'without':
      return rooms.map(withoutKey);
    case 'remaining':
      return rooms.map(({ owed, manual }) => owed + manual || null);
  }
}

function textKeys(texts: readonly string[], ranks: Ranks): (number | null)[] {
  const places = ranks.of(texts);
  return texts.map((text) => (text === '' ? null : (places.get(text) ?? null)));
}

function deviceText({ family, model }: RoomRow): string {
  return model ?? family ?? '';
}

const BEHIND_ALL_NUMBERS = 2 ** 32;

/** IPv4 addresses as numbers, names after them. */
function addressKeys(texts: readonly string[]): (number | null)[] {
  const places = addresses.of(texts);
  return texts.map((text) => {
    if (text === '') return null;
    return ipv4Number(text) ?? BEHIND_ALL_NUMBERS + (places.get(text) ?? 0);
  });
}

function ipv4Number(text: string): number | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** More than any finished time without the service; the earlier it went, the more. */
const GOES_ON = 1e15;

function withoutKey({ withoutSince, withoutOtjMs }: RoomRow): number | null {
  return withoutSince === null ? withoutOtjMs : GOES_ON - Date.parse(withoutSince);
}
