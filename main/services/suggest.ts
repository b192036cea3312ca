/**
 * Of the devices that no room has: the rooms that each could be. Rooms are looked up by what a device says, never
 * compared one by one: ten thousand of each take a second or two.
 */
import type { RoomRow, Suggestion } from '../contract/rooms.ts';
import type { ListedDevice, ListedFacts } from '../site/listed.ts';
import type { Endpoint } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { likeness, type Name, nameOf, words } from './names.ts';
import { roomRows } from './roomRows.ts';

/** A device that is like more rooms than this is like none of them. */
const MOST_PER_DEVICE = 3;
const LEAST_SCORE = 0.5;
/** A word that more rooms have than this, such as `room`, tells none of them apart. */
const MOST_WITH_KEY = 50;
/**
 * Pieces of words are shared by many rooms of a large estate, and a misspelt name has nothing else in common with its
 * room: the rarest pieces count first, until so many rooms were counted.
 */
const MOST_COUNTED = 2_000;
/** Rooms that are compared letter by letter for one name: those that share the most with it. */
const MOST_COMPARED = 12;
/** A serial number or MAC address that a list and a device both tell is one device; an address may be another by now. */
const SCORES = { serial: 1, mac: 0.99, address: 0.95 } as const;
/** The list expects another serial number than the device has told: never accepted with others. */
const CONTRADICTED = 0.6;

type Reason = Omit<Suggestion, 'deviceId' | 'rival'>;

/** A room by what people call it. */
interface Named {
  room: RoomRow;
  expected: ListedFacts | null;
  names: { by: 'name' | 'mailbox'; text: string; name: Name }[];
  place: ReadonlySet<string>;
}

/** The likeliest first for each device. */
export function suggestMatches(site: Site): Suggestion[] {
  const rooms = new RoomIndex(roomRows(site), site.listed.rooms(), site.rooms.endpoints());
  const lists = new ListIndex(site.listed.devices());
  const found = site.rooms
    .endpoints()
    // A printer or a laptop is no room's device, whatever its name.
    .filter(({ roomId, ours }) => roomId === null && ours !== false)
    .map(asSeen)
    .flatMap((device) => {
      const listed = lists.of(device);
      // Where nobody has looked and no list tells of a device, there is none to give.
      if (device.seenAt === null && listed.length === 0) return [];
      return rooms.like(device, listed).map((reason) => ({ ...reason, deviceId: device.id }));
    });
  return withRivals(found);
}

/** What a device has told to somebody who signed in, else what it shows to everybody. */
function asSeen(device: Endpoint): Endpoint {
  const { serial, mac, systemName, seen } = device;
  return {
    ...device,
    serial: serial ?? seen.serial ?? null,
    mac: mac ?? seen.mac ?? null,
    systemName: systemName ?? seen.name ?? null,
  };
}

/** What other programs' lists call each device, for people who match by hand. */
export function listedNames(site: Site): (device: Endpoint) => string | null {
  const lists = new ListIndex(site.listed.devices());
  return (device) => {
    const names = lists.of(device).flatMap(({ name, room }) => [name, room].filter(Boolean));
    return names.length === 0 ? null : [...new Set(names)].join(' · ');
  };
}

/** The next best for the same room or the same device: who accepts many at once accepts none that has an equal. */
function withRivals(found: readonly Omit<Suggestion, 'rival'>[]): Suggestion[] {
  const byRoom = groupBy(found, ({ roomId }) => [roomId]);
  const byDevice = groupBy(found, ({ deviceId }) => [deviceId]);
  return found.map((one) => {
    const others = [...(byRoom.get(one.roomId) ?? []), ...(byDevice.get(one.deviceId) ?? [])];
    const rival = others.reduce((most, other) => (other === one ? most : Math.max(most, other.score)), 0);
    return { ...one, rival };
  });
}

class RoomIndex {
  private readonly bySerial: Map<string, RoomRow[]>;
  private readonly byMac: Map<string, RoomRow[]>;
  private readonly byAddress: Map<string, Named[]>;
  private readonly open: readonly Named[];
  /** Places in `open`. */
  private readonly byKey: Map<string, number[]>;
  /** How much each of `open` shares with the name that is looked for; all 0 in between. */
  private readonly shared: Uint32Array;

  constructor(rows: readonly RoomRow[], said: ReadonlyMap<number, ListedFacts>, endpoints: readonly Endpoint[]) {
    const macs = new Map(endpoints.map(({ roomId, mac }) => [roomId, mac]));
    this.bySerial = groupBy(rows, ({ id, serial }) => present(serial, said.get(id)?.serial).map(upper));
    this.byMac = groupBy(rows, ({ id }) => present(macs.get(id), said.get(id)?.mac).map(plain));
    // A room that has a device gets another one only on the strength of its serial number or MAC address.
    const open = rows.filter(({ address }) => address === null).map((room) => namedOf(room, said.get(room.id) ?? null));
    this.byAddress = groupBy(open, ({ expected }) => present(expected?.address));
    this.open = open;
    this.byKey = groupBy([...open.keys()], (at) => open[at]?.names.flatMap(({ name }) => keysOf(name)) ?? []);
    this.shared = new Uint32Array(open.length);
  }

  like(device: Endpoint, listed: readonly ListedDevice[]): Reason[] {
    const serials = present(device.serial, ...listed.map(({ serial }) => serial));
    const macs = present(device.mac, ...listed.map(({ mac }) => mac));
    const sure = [
      ...serials.flatMap((serial) => sureReasons('serial', serial, this.bySerial.get(upper(serial)))),
      ...macs.flatMap((mac) => sureReasons('mac', mac, this.byMac.get(plain(mac)))),
    ];
    if (sure.length > 0) return likeliest(sure);
    const addresses = present(device.address, ...listed.map(({ address }) => address));
    const here = addresses.flatMap((address) =>
      (this.byAddress.get(address) ?? [])
        .filter(({ expected }) => !contradicts(device, expected))
        .flatMap(({ room }) => sureReasons('address', address, [room])),
    );
    const texts = present(device.systemName, device.sighting, ...listed.flatMap(({ name, room }) => [name, room]));
    return likeliest([...here, ...texts.flatMap((text) => this.named(device, text))]);
  }

  private named(device: Endpoint, text: string): Reason[] {
    const said = nameOf(text);
    return this.near(said).map(({ room, expected, names, place }) => {
      const scored = names.map(({ by, text: wanted, name }) => ({ by, wanted, score: likeness(said, name, place) }));
      const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
      const score = contradicts(device, expected) ? Math.min(best.score, CONTRADICTED) : best.score;
      return { roomId: room.id, score, by: best.by, said: cut(text), wanted: cut(best.wanted) };
    });
  }

  /** The rooms that share the most words, or pieces of words, with a name. */
  private near(said: Name): Named[] {
    // Who is called the same needs no letters compared to be found.
    const isSame = this.byKey.has(wholeKey(said));
    const keys = [...new Set(isSame ? wordKeysOf(said) : keysOf(said))]
      .flatMap((key) => {
        const rooms = this.byKey.get(key);
        return rooms && (isPiece(key) || rooms.length <= MOST_WITH_KEY) ? [{ key, rooms }] : [];
      })
      .sort((a, b) => a.rooms.length - b.rooms.length);
    const { shared } = this;
    const met: number[] = [];
    let counted = 0;
    for (const { key, rooms } of keys) {
      counted += rooms.length;
      if (counted > MOST_COUNTED) break;
      for (const at of rooms) {
        if (shared[at] === 0) met.push(at);
        shared[at] = (shared[at] ?? 0) + key.length;
      }
    }
    const best = heaviest(met, shared, MOST_COMPARED);
    for (const at of met) shared[at] = 0;
    return best.flatMap((at) => this.open[at] ?? []);
  }
}

function namedOf(room: RoomRow, expected: ListedFacts | null): Named {
  const mailbox = room.mailbox.split('@')[0] ?? '';
  const names = [
    { by: 'name' as const, text: room.name, name: nameOf(room.name) },
    { by: 'mailbox' as const, text: mailbox, name: nameOf(mailbox) },
  ];
  return { room, expected, names, place: new Set(words(`${room.building} ${room.floor}`)) };
}

/** Its words, all of them as one, and each three letters in a row. */
function keysOf(name: Name): string[] {
  const { whole } = name;
  const pieces = Array.from(
    { length: Math.max(0, Math.min(whole.length, 60) - 2) },
    (_, at) => `${PIECE}${whole.slice(at, at + 3)}`,
  );
  return [...wordKeysOf(name), ...pieces];
}

const wordKeysOf = (name: Name) => [...name.words, wholeKey(name)];
const wholeKey = ({ whole }: Name) => ` ${whole}`;

const PIECE = '\t';
const isPiece = (key: string) => key.startsWith(PIECE);

/** The first so many by their weight, the heaviest first; of equals those that come first. */
function heaviest(all: readonly number[], weights: Readonly<Uint32Array>, count: number): number[] {
  const best: number[] = [];
  let least = 0;
  for (const one of all) {
    const weight = weights[one] ?? 0;
    if (best.length === count && weight <= least) continue;
    let at = best.length;
    while (at > 0 && (weights[best[at - 1] ?? 0] ?? 0) < weight) at--;
    best.splice(at, 0, one);
    if (best.length > count) best.pop();
    least = weights[best[best.length - 1] ?? 0] ?? 0;
  }
  return best;
}

/** Devices of other programs' lists, by what they can be recognised by. */
class ListIndex {
  private readonly bySerial: Map<string, ListedDevice[]>;
  private readonly byMac: Map<string, ListedDevice[]>;
  private readonly byAddress: Map<string, ListedDevice[]>;

  constructor(devices: readonly ListedDevice[]) {
    this.bySerial = groupBy(devices, ({ serial }) => present(serial).map(upper));
    this.byMac = groupBy(devices, ({ mac }) => present(mac).map(plain));
    this.byAddress = groupBy(devices, ({ address }) => present(address));
  }

  /** By serial number, else MAC address, else address: an address may be another device's by now. */
  of({ serial, mac, address }: Endpoint): readonly ListedDevice[] {
    const known = (serial && this.bySerial.get(upper(serial))) || (mac && this.byMac.get(plain(mac)));
    if (known) return known;
    return (this.byAddress.get(address) ?? []).filter(
      (listed) => !serial || !listed.serial || upper(serial) === upper(listed.serial),
    );
  }
}

function sureReasons(by: keyof typeof SCORES, said: string, rooms: readonly RoomRow[] = []): Reason[] {
  return rooms.map(({ id }) => ({ roomId: id, score: SCORES[by], by, said: cut(said), wanted: cut(said) }));
}

/** The best reason for each room, the likeliest rooms first. */
function likeliest(reasons: readonly Reason[]): Reason[] {
  const best = new Map<number, Reason>();
  for (const one of reasons) if (one.score > (best.get(one.roomId)?.score ?? 0)) best.set(one.roomId, one);
  return [...best.values()]
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_PER_DEVICE);
}

function contradicts({ serial }: Endpoint, expected: ListedFacts | null): boolean {
  return Boolean(serial && expected?.serial && upper(serial) !== upper(expected.serial));
}

const present = (...texts: (string | null | undefined)[]) => texts.filter((text): text is string => Boolean(text));
const upper = (text: string) => text.toUpperCase();
const plain = (mac: string) => mac.toLowerCase().replace(/[^0-9a-f]/g, '');
const cut = (text: string) => text.slice(0, 200).toWellFormed();

function groupBy<T, K>(all: readonly T[], keysOf: (one: T) => readonly K[]): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all)
    for (const key of new Set(keysOf(one))) {
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
  return groups;
}
