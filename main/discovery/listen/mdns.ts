/**
 * mDNS on one interface: asks for all kinds of service and hears who has one. bonjour-service and what is below it speak
 * the protocol; what they throw while they read a stranger's packet is caught here, and what a packet may hold is bounded.
 */
import bonjour from 'bonjour-service';
import type { EarOptions } from './ssdp.ts';

/** Beside the question for all kinds, which not everybody answers. */
const TYPES = ['airplay', 'http', 'https', 'ssh', 'sip', 'ipp', 'printer', 'pdl-datastream', 'workstation', 'smb'];
const ASK_EVERY_MS = 30_000;
/** What is lost in the crowd of the first answers is asked for once more. */
const AGAIN_MS = 4_000;
/** An honest answer has a handful of records. The library compares each with each. */
const MOST_RECORDS = 60;
/** In one second; a whole floor that answers at once is fewer. */
const MOST_PACKETS = 100;
/** Kinds of service that are asked for because somebody named them. */
const MOST_TYPES = 100;
/** Services that the library remembers of one kind, and compares each new one with. */
const MOST_REMEMBERED = 100;
const ALL_TYPES = '_services._dns-sd._udp.local';

export interface Offered {
  address: string;
  /** e.g. `_ipp._tcp` */
  service: string;
  name: string;
  host: string;
  txt: string;
}

interface Wire extends NodeJS.EventEmitter {
  emit(event: string, ...words: unknown[]): boolean;
}

interface DnsRecord {
  type?: unknown;
  name?: unknown;
  data?: unknown;
}

interface Packet {
  answers?: DnsRecord[];
  additionals?: DnsRecord[];
}

export class MdnsEar {
  private readonly options: EarOptions & { offered(one: Offered): void };
  private service: bonjour | null = null;
  private browsers: bonjour.Browser[] = [];
  private readonly timers: NodeJS.Timeout[];

  constructor(options: EarOptions & { offered(one: Offered): void }) {
    this.options = options;
    this.begin();
    this.timers = [setTimeout(() => this.ask(), AGAIN_MS), setInterval(() => this.ask(), ASK_EVERY_MS)];
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
    try {
      this.service?.destroy();
    } catch {
      // Its socket was closed by an error already.
    }
    this.service = null;
    this.browsers = [];
  }

  private begin(): void {
    const { address } = this.options;
    try {
      // `interface` and `bind` are read by the library below; its own types do not name them.
      const wish = { interface: address, bind: '0.0.0.0' } as Partial<bonjour.ServiceConfig>;
      this.service = new bonjour(wish, (error: Error) => this.failed(error));
      const { mdns } = (this.service as unknown as { server: { mdns: Wire } }).server;
      guard(mdns, (words) => this.options.trouble(`mDNS: ${words}`));
      mdns.on('error', (error: Error) => this.failed(error));
      mdns.on('warning', (error: Error) => this.failed(error));
      this.browsers = [null, ...TYPES].map((type) => this.browse(type));
    } catch (thrown) {
      this.failed(thrown);
    }
  }

  private ask(): void {
    for (const browser of this.browsers) browser.update();
  }

  private browse(type: string | null): bonjour.Browser {
    // null = all kinds, whatever the types of the library say.
    const browser = this.service?.find((type === null ? null : { type }) as bonjour.BrowserConfig);
    if (!browser) throw new Error('there is nothing to browse with');
    const heard = (service: bonjour.Service) => {
      if (browser.services.length > MOST_REMEMBERED) forget(browser);
      this.heard(service);
    };
    browser.on('up', heard);
    browser.on('txt-update', heard);
    browser.on('srv-update', heard);
    return browser;
  }

  private heard({ referer, type, protocol, name, host, txt }: bonjour.Service): void {
    if (!referer || !this.service) return;
    const pairs = Object.entries((txt ?? {}) as Record<string, unknown>).map(
      ([key, value]) => `${key}=${String(value)}`,
    );
    this.options.offered({
      address: referer.address,
      service: `_${type}._${protocol}`,
      name: String(name ?? ''),
      host: String(host ?? ''),
      txt: pairs.join(', '),
    });
  }

  private failed(thrown: unknown): void {
    const { code, message } = (thrown ?? {}) as NodeJS.ErrnoException;
    if (this.service) this.options.trouble(`mDNS: ${code ?? message ?? 'failed'}`);
  }
}

/** What is forgotten is told anew when it is heard again. The library gives out the very list that it searches. */
function forget(browser: bonjour.Browser): void {
  browser.services.length = 0;
  Object.assign(browser, { serviceMap: {} });
}

/** All packets pass here before anybody reads them. */
function guard(wire: Wire, trouble: (words: string) => void): void {
  const emit = wire.emit.bind(wire);
  const types = new Set<unknown>();
  let second = 0;
  let packets = 0;
  wire.emit = (event, ...words) => {
    const [packet] = words as [Packet | undefined];
    if (event === 'response' && packet) {
      const now = Math.floor(performance.now() / 1000);
      packets = now === second ? packets + 1 : 1;
      second = now;
      if (packets === MOST_PACKETS + 1) trouble('too many announcements at once; some are left out');
      if (packets > MOST_PACKETS) return true;
      for (const part of ['answers', 'additionals'] as const)
        packet[part] = (packet[part] ?? []).slice(0, MOST_RECORDS).filter((record) => isWanted(record, types));
    }
    try {
      return emit(event, ...words);
    } catch (thrown) {
      trouble(`a packet could not be read: ${(thrown as Error).message}`);
      return true;
    }
  };
}

/** Each new kind of service is asked for: a stranger could make up kinds without end. */
function isWanted({ type, name, data }: DnsRecord, types: Set<unknown>): boolean {
  if (type !== 'PTR' || name !== ALL_TYPES || types.has(data)) return true;
  if (types.size >= MOST_TYPES) return false;
  types.add(data);
  return true;
}
