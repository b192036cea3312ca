/** Looks for devices at addresses, records what was seen as it is seen, and tells how it fits the room list. */

import { OtjError } from '../contract/errors.ts';
import type { Conflict, Fact } from '../contract/evidence.ts';
import type { Family } from '../contract/plan.ts';
import type { Look, Ports } from '../discovery/host.ts';
import { SipAsker } from '../discovery/look/sip.ts';
import { fewHandshakes, lookAt } from '../discovery/look.ts';
import { Names } from '../discovery/names.ts';
import { Neighbours } from '../discovery/neighbours.ts';
import { type Addresses, AddressList, AddressSet } from '../discovery/ranges.ts';
import { sweep } from '../discovery/sweep.ts';
import { vendorOf } from '../discovery/vendors.ts';
import type { SearchWish } from '../site/evidence.ts';
import type { Ports as StorePorts } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { recordSighting } from './sightings.ts';

export interface Found {
  address: string;
  kind: string | null;
  family: Family | null;
  /** Whether it is a video system of a meeting room; null = not recognised. */
  ours: boolean | null;
  /** One line for a person. */
  evidence: string;
  /** Room that the list puts at this address. */
  room: string | null;
  roomId: number | null;
  movedFrom: string | null;
  conflicts: Conflict[];
}

export interface DiscoverProgress {
  /** Addresses that are done, of all of this search, those of its first part among them. */
  looked: number;
  total: number;
  /** Of this part: something to speak to is there; it was recognised; it is a video system of a room. */
  answered: number;
  recognised: number;
  ours: number;
}

export interface DiscoverResult extends DiscoverProgress {
  /** Addresses that this computer had no way to. */
  noRoute: number;
  /** Rooms whose address did not answer. */
  silent: { room: string; address: string }[];
}

export interface DiscoverOptions extends SearchWish {
  /** Leaves out so many of the first addresses: they were looked at before. */
  from?: number;
  /** Connection attempts per second, where that is not left to the site's settings. */
  rate?: number;
  signal: AbortSignal;
  progress(progress: DiscoverProgress): void;
  found(found: Found): void;
  trouble(words: string): void;
}

/** A device on the same site answers well within this, also an old one that is slow at handshakes. */
const LOOK_MS = 4_000;
/** Ports of the web and of SIP that every device has in common. */
const OTHER_PORTS = { http: 80, sip: 5060 };
/** How often it is written down how far a search has come. */
const KEEP_EVERY_MS = 1_000;

/** What a search would look at: ranges as typed, or the addresses of the room list. Throws as `AddressSet.of` does, and RANGE_PUBLIC. */
export function addressesFor(
  site: Site,
  { ranges, allowPublic }: Pick<SearchWish, 'ranges' | 'allowPublic'>,
): Addresses {
  // The customer's own list is what may be looked at, whatever its addresses are.
  if (ranges.length === 0)
    return new AddressList(site.rooms.endpoints().flatMap(({ address, roomId }) => (roomId === null ? [] : [address])));
  const addresses = AddressSet.of(ranges);
  const open = allowPublic ? [] : addresses.publicOnes();
  if (open.length > 0) throw new OtjError('RANGE_PUBLIC', open.slice(0, 5).join(', '));
  return addresses;
}

/**
 * No login is tried, so nothing can be locked out. When it is stopped, how far it has come is kept with the site.
 * Throws what `addressesFor` throws, and DISK.
 */
export async function discover(site: Site, options: DiscoverOptions): Promise<DiscoverResult> {
  const { ranges, sshPort, httpsPort, allowPublic, from = 0, signal, progress, trouble } = options;
  const { rate = site.settings.searchRate } = options;
  const wish = { ranges, sshPort, httpsPort, allowPublic };
  const addresses = addressesFor(site, wish);
  const total = addresses.size;
  const roomAt = roomsByAddress(site);
  const ports: Ports = { https: httpsPort, ssh: sshPort, ...OTHER_PORTS };
  const [sip, names, neighbours] = [new SipAsker(), new Names(), new Neighbours()];
  const handshakes = fewHandshakes();
  const counts = { looked: from, total, answered: 0, recognised: 0, ours: 0 };
  const answered = new Set<string>();
  const recorder = new Recorder(site, { sshPort, httpsPort }, roomAt);
  let end = { lookedTo: from, noRoute: 0 };
  let keptAt = performance.now();

  const hush = () => {
    // Whoever waits for one of these is told at once that nothing comes.
    sip.close();
    names.close();
  };
  signal.addEventListener('abort', hush, { once: true });

  const seen = async (address: string, look: Look | null) => {
    counts.looked++;
    if (look) {
      answered.add(address);
      counts.answered++;
      const found = await recorder.record(look);
      if (found.kind !== null) counts.recognised++;
      if (found.ours) counts.ours++;
      options.found(found);
    }
    progress({ ...counts });
  };

  try {
    end = await sweep(addresses, {
      ports,
      rate,
      timeoutMs: LOOK_MS,
      from,
      expected: new Set(roomAt.keys()),
      signal,
      trouble,
      look: async (address, open, stopped) => {
        const look = await lookAt(address, open, { ports, timeoutMs: LOOK_MS, signal: stopped, sip, handshakes });
        return look && { address, facts: [...look.facts, ...(await neighbourFacts(address, neighbours, names))] };
      },
      seen,
      reached: (to) => {
        if (performance.now() - keptAt < KEEP_EVERY_MS) return;
        keptAt = performance.now();
        site.evidence.keepSearch(wish, to, total);
      },
    });
  } finally {
    signal.removeEventListener('abort', hush);
    hush();
  }
  site.evidence.keepSearch(wish, end.lookedTo, total);
  const asked = new Set([...roomAt.keys()].filter((address) => addresses.has(address)));
  return {
    ...counts,
    noRoute: end.noRoute,
    // Who was not asked yet is not silent.
    silent: signal.aborted
      ? []
      : [...roomAt].flatMap(([address, { name }]) =>
          name && asked.has(address) && !answered.has(address) && from === 0 ? [{ room: name, address }] : [],
        ),
  };
}

/** One address, with all patience. @returns null when nobody answers there. Throws CANCELLED. */
export async function lookOnce(
  address: string,
  { sshPort, httpsPort }: Pick<SearchWish, 'sshPort' | 'httpsPort'>,
  signal: AbortSignal,
): Promise<Look | null> {
  const ports: Ports = { https: httpsPort, ssh: sshPort, ...OTHER_PORTS };
  const sip = new SipAsker();
  const handshakes = fewHandshakes();
  let found: Look | null = null;
  try {
    await sweep(new AddressList([address]), {
      ports,
      rate: 1_000,
      timeoutMs: LOOK_MS,
      from: 0,
      expected: new Set([address]),
      signal,
      look: (at, open, stopped) => lookAt(at, open, { ports, timeoutMs: LOOK_MS, signal: stopped, sip, handshakes }),
      seen: (_at, look) => {
        found = look;
      },
    });
  } finally {
    sip.close();
  }
  if (signal.aborted) throw new OtjError('CANCELLED');
  return found;
}

type RoomAt = Map<string, { id: number | null; name: string | null }>;

function roomsByAddress({ rooms }: Site): RoomAt {
  const names = new Map(rooms.all().map(({ id, name }) => [id, name]));
  return new Map(
    rooms
      .endpoints()
      .map(({ address, roomId }) => [
        address,
        { id: roomId, name: roomId === null ? null : (names.get(roomId) ?? null) },
      ]),
  );
}

/** What is found within this time shares one write: each one makes the disk, and this thread, wait. */
const GATHER_MS = 150;

class Recorder {
  private readonly site: Site;
  private readonly ports: StorePorts;
  private readonly roomAt: RoomAt;
  private waiting: { look: Look; resolve(found: Found): void; reject(thrown: unknown): void }[] = [];

  constructor(site: Site, ports: StorePorts, roomAt: RoomAt) {
    this.site = site;
    this.ports = ports;
    this.roomAt = roomAt;
  }

  /** On disk when the promise resolves. Rejects with DISK. */
  record(look: Look): Promise<Found> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setTimeout(() => this.write(), GATHER_MS);
      this.waiting.push({ look, resolve, reject });
    });
  }

  private write(): void {
    const all = this.waiting;
    this.waiting = [];
    try {
      const found = this.site.db.transaction(() => all.map(({ look }) => this.recordOne(look)));
      for (const [at, { resolve }] of all.entries()) resolve(found[at] as Found);
    } catch (thrown) {
      for (const { reject } of all) reject(thrown);
    }
  }

  private recordOne(look: Look): Found {
    const { site, ports, roomAt } = this;
    const { endpoint, movedFrom } = recordSighting(site, look, ports);
    const { address, kind, family, ours, sighting, roomId, conflicts } = endpoint;
    const room =
      roomId === null ? null : (roomAt.get(movedFrom ?? address)?.name ?? site.rooms.get(roomId)?.name ?? null);
    return { address, kind, family, ours, evidence: sighting ?? '', room, roomId, movedFrom, conflicts };
  }
}

/** What others know about the host: the table of neighbours, the names of the network. */
export async function neighbourFacts(address: string, neighbours: Neighbours, names: Names): Promise<Fact[]> {
  const [mac, name] = await Promise.all([neighbours.macOf(address), names.of(address)]);
  const vendor = mac && vendorOf(mac);
  return [
    ...(mac ? [{ source: 'arp', name: 'mac', value: mac } as const] : []),
    ...(vendor ? [{ source: 'arp', name: 'vendor', value: vendor } as const] : []),
    ...(name ? [{ source: 'dns', name: 'name', value: name } as const] : []),
  ];
}
