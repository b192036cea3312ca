/**
 * mDNS on one interface: asks for all kinds of service and hears who has one. bonjour-service and what is below it speak
 * the protocol; what they throw while they read a stranger's packet is caught here, and what a packet may hold is bounded.
 */
import bonjour from 'bonjour-service';
import type { EarOptions } from './ssdp.ts';

/** Beside the question for all kinds, which not everybody answers. */
const TYPES = ['airplay', 'http', 'https', 'ssh', 'sip', 'ipp', 'printer', 'pdl-datastream', 'workstation', 'smb'];
const ASK_EVERY_MS = 30_000;
/** An honest answer has a handful. */
const MOST_RECORDS = 200;
/** Services that are remembered on one interface; beyond that somebody makes up names, and all is begun anew. */
const MOST_SERVICES = 2_000;

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

interface Packet {
  answers?: unknown[];
  additionals?: unknown[];
}

export class MdnsEar {
  private readonly options: EarOptions & { offered(one: Offered): void };
  private service: bonjour | null = null;
  private browsers: bonjour.Browser[] = [];
  private services = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(options: EarOptions & { offered(one: Offered): void }) {
    this.options = options;
    this.begin();
    this.timer = setInterval(() => this.ask(), ASK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.end();
  }

  private begin(): void {
    const { address } = this.options;
    this.services = 0;
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

  private end(): void {
    try {
      this.service?.destroy();
    } catch {
      // Its socket was closed by an error already.
    }
    this.service = null;
    this.browsers = [];
  }

  private ask(): void {
    for (const browser of this.browsers) browser.update();
  }

  private browse(type: string | null): bonjour.Browser {
    // null = all kinds, whatever the types of the library say.
    const browser = this.service?.find((type === null ? null : { type }) as bonjour.BrowserConfig);
    if (!browser) throw new Error('there is nothing to browse with');
    const heard = (service: bonjour.Service) => this.heard(service);
    browser.on('up', heard);
    browser.on('txt-update', heard);
    browser.on('srv-update', heard);
    return browser;
  }

  private heard({ referer, type, protocol, name, host, txt }: bonjour.Service): void {
    if (!referer || !this.service) return;
    this.services++;
    if (this.services > MOST_SERVICES) {
      this.options.trouble(`mDNS: ${referer.address} announces ever more names; they are forgotten`);
      this.end();
      this.begin();
      return;
    }
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

/** All packets pass here before anybody reads them. */
function guard(wire: Wire, trouble: (words: string) => void): void {
  const emit = wire.emit.bind(wire);
  wire.emit = (event, ...words) => {
    const [packet] = words as [Packet | undefined];
    if (event === 'response' && packet) {
      for (const part of ['answers', 'additionals'] as const) {
        const records = packet[part] ?? [];
        if (records.length > MOST_RECORDS) packet[part] = records.slice(0, MOST_RECORDS);
      }
    }
    try {
      return emit(event, ...words);
    } catch (thrown) {
      trouble(`a packet could not be read: ${(thrown as Error).message}`);
      return true;
    }
  };
}
