/**
 * Hears devices that announce themselves, on every interface of this computer, as long as it goes on. Interfaces come
 * and go meanwhile: that is told and followed, and the others are not disturbed.
 */
import { asOtjError } from '../contract/errors.ts';
import type { Fact } from '../contract/evidence.ts';
import { fetchDescription } from './listen/description.ts';
import { MdnsEar, type Offered } from './listen/mdns.ts';
import { type Announced, SsdpEar } from './listen/ssdp.ts';
import { addressesOf } from './networks.ts';
import { namedIn } from './verdict.ts';
import { plain } from './words.ts';

const LOOK_EVERY_MS = 2_000;
/** Strangers who are remembered. */
const MOST_HEARD = 4_096;
/** The same words from the same address are passed on this often at most, milliseconds. */
const SAME_MS = 60_000;
/** Descriptions that are fetched at once. */
const MOST_FETCHES = 8;

export interface Heard {
  address: string;
  facts: Fact[];
}

export interface ListenOptions {
  heard(one: Heard): void;
  /** It carries on, but something is not as it should be. */
  trouble(words: string): void;
  /** Names of the interfaces that are listened on now. */
  interfaces(names: string[]): void;
  /** How often it is looked for interfaces that came or went, milliseconds. */
  lookEveryMs?: number;
}

interface Ears {
  name: string;
  ssdp: SsdpEar;
  mdns: MdnsEar;
}

export class Listener {
  private readonly options: ListenOptions;
  /** By interface and address. */
  private readonly ears = new Map<string, Ears>();
  private readonly known = new Set<string>();
  private readonly last = new Map<string, number>();
  private readonly ended = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private fetches = 0;

  constructor(options: ListenOptions) {
    this.options = options;
    this.timer = setInterval(() => this.lookAround(), options.lookEveryMs ?? LOOK_EVERY_MS);
    this.lookAround();
  }

  stop(): void {
    clearInterval(this.timer);
    this.ended.abort();
    for (const one of this.ears.values()) silence(one);
    this.ears.clear();
  }

  private lookAround(): void {
    const here = new Map(addressesOf().map(({ name, address }) => [`${name} ${address}`, { name, address }]));
    let changed = false;
    for (const [key, one] of this.ears) {
      if (here.has(key)) continue;
      silence(one);
      this.ears.delete(key);
      this.options.trouble(`${key} went away; the others are listened to`);
      changed = true;
    }
    for (const [key, { name, address }] of here) {
      if (this.ears.has(key)) continue;
      if (this.known.has(key)) this.options.trouble(`${key} is back`);
      this.known.add(key);
      this.ears.set(key, this.open(key, name, address));
      changed = true;
    }
    if (changed) this.options.interfaces([...new Set([...this.ears.values()].map(({ name }) => name))]);
  }

  private open(key: string, name: string, address: string): Ears {
    const trouble = (words: string) => this.options.trouble(`${key}: ${words}`);
    return {
      name,
      ssdp: new SsdpEar({ address, trouble, announced: (one) => this.announced(one) }),
      mdns: new MdnsEar({ address, trouble, offered: (one) => this.offered(one) }),
    };
  }

  private announced({ address, server, type, location }: Announced): void {
    if (!this.isNew(`${address} ${type} ${location} ${server}`)) return;
    const facts: Fact[] = [
      ...fact('server', server),
      // The same device announces itself under its number as well, which says nothing of its kind.
      ...(type.startsWith('urn:') ? fact('type', type) : []),
    ];
    this.tell(address, facts);
    if (location && this.isNew(`${address} ${location}`)) void this.describe(address, location, facts);
  }

  private async describe(address: string, location: string, facts: readonly Fact[]): Promise<void> {
    if (this.fetches >= MOST_FETCHES) {
      // Its next announcement gets another chance.
      this.last.delete(`${address} ${location}`);
      return;
    }
    this.fetches++;
    try {
      this.tell(address, [...facts, ...(await fetchDescription(location, address, this.ended.signal))]);
    } catch (thrown) {
      const { code, words } = asOtjError(thrown);
      if (this.ended.signal.aborted) return;
      this.options.trouble(`${address}: ${code} ${words ?? ''}`.trim());
      this.tell(address, fact('trouble', `${code}: ${words ?? ''}`));
    } finally {
      this.fetches--;
    }
  }

  private offered({ address, service, name, host, txt }: Offered): void {
    if (!this.isNew(`${address} ${service} ${name} ${host} ${txt}`)) return;
    const told = { service, name, host, txt };
    this.tell(
      address,
      Object.entries(told).flatMap(([key, value]): Fact[] =>
        value ? [{ source: 'mdns', name: key, value: plain(value) }] : [],
      ),
    );
  }

  private tell(address: string, facts: readonly Fact[]): void {
    if (this.ended.signal.aborted || facts.length === 0) return;
    this.options.heard({ address, facts: [...facts, ...namedIn(facts)] });
  }

  private isNew(words: string): boolean {
    const key = words.slice(0, 1_000);
    const now = performance.now();
    if (now - (this.last.get(key) ?? Number.NEGATIVE_INFINITY) < SAME_MS) return false;
    this.last.delete(key);
    this.last.set(key, now);
    const [oldest] = this.last.keys();
    if (this.last.size > MOST_HEARD && oldest !== undefined) this.last.delete(oldest);
    return true;
  }
}

function fact(name: string, value: string): Fact[] {
  const words = plain(value);
  return words ? [{ source: 'ssdp', name, value: words }] : [];
}

function silence({ ssdp, mdns }: Ears): void {
  ssdp.stop();
  mdns.stop();
}
