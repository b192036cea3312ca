/**
 * SSDP on one interface: asks for everybody, and hears who announces itself. node-ssdp speaks the protocol; its sockets
 * are made here, because the library throws out of reach when an interface goes away under it.
 */
import { createSocket, type Socket } from 'node:dgram';
import ssdp from 'node-ssdp';

/** Everybody, and what room systems and their panels may call themselves. */
const TARGETS = ['ssdp:all', 'upnp:rootdevice', 'urn:schemas-upnp-org:device:Basic:1'];
const PORT = 1900;
const ASK_EVERY_MS = 30_000;
/** Announcements get lost: the first round is asked twice. */
const AGAIN_MS = 3_000;

export interface Announced {
  address: string;
  server: string;
  /** What it calls its kind: `ST` of an answer, `NT` of an announcement. */
  type: string;
  location: string;
}

export interface EarOptions {
  /** This computer's address on the interface. */
  address: string;
  trouble(words: string): void;
}

export class SsdpEar {
  private readonly asking: ssdp.Client;
  private readonly hearing: ssdp.Client;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly sockets: Socket[] = [];
  private readonly options: EarOptions & { announced(one: Announced): void };
  private stopped = false;

  constructor(options: EarOptions & { announced(one: Announced): void }) {
    this.options = options;
    // Answers come to the port that asked, announcements to the port of the protocol.
    this.asking = this.client({ explicitSocketBind: true });
    this.hearing = this.client({ sourcePort: PORT });
    void this.asking.start().then(() => this.askOnAndOn(), this.failed);
    void this.hearing.start().catch(this.failed);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.sockets) closeQuietly(socket);
  }

  private askOnAndOn(): void {
    this.ask();
    this.timers.push(
      setTimeout(() => this.ask(), AGAIN_MS),
      setInterval(() => this.ask(), ASK_EVERY_MS),
    );
  }

  private ask(): void {
    if (this.stopped) return;
    for (const target of TARGETS) void this.asking.search(target);
  }

  private client(wish: { explicitSocketBind?: boolean; sourcePort?: number }): ssdp.Client {
    const { address, announced } = this.options;
    const client = new ssdp.Client({
      ...wish,
      ssdpTtl: 2,
      customLogger: (format: string, ...words: unknown[]) => {
        if (format.startsWith('Error')) this.failed(words.at(-1));
      },
    });
    // Without these it would make its own, for all interfaces.
    Object.assign(client, { sockets: { [address]: this.socket() } });
    const heard = (headers: ssdp.SsdpHeaders, from: string) => {
      if (this.stopped) return;
      const text = (name: string) => String(headers[name] ?? '');
      announced({ address: from, server: text('SERVER'), type: text('ST') || text('NT'), location: text('LOCATION') });
    };
    client.on('response', (headers, _status, { address: from }) => heard(headers, from));
    // The types of the library know this event of its server only.
    const events: NodeJS.EventEmitter = client;
    events.on('advertise-alive', (headers: ssdp.SsdpHeaders, rinfo?: { address: string }) => {
      if (rinfo) heard(headers, rinfo.address);
    });
    return client;
  }

  private socket(): Socket {
    const { address } = this.options;
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    const join = socket.addMembership.bind(socket);
    socket.addMembership = (group, at) => this.carefully(() => join(group, at));
    const setTtl = socket.setMulticastTTL.bind(socket);
    socket.setMulticastTTL = (ttl) => {
      this.carefully(() => setTtl(ttl));
      return ttl;
    };
    socket.once('listening', () => this.carefully(() => socket.setMulticastInterface(address)));
    socket.on('error', this.failed);
    this.sockets.push(socket);
    return socket;
  }

  private carefully(work: () => unknown): void {
    try {
      work();
    } catch (thrown) {
      this.failed(thrown);
    }
  }

  private readonly failed = (thrown: unknown): void => {
    const { code, message } = (thrown ?? {}) as NodeJS.ErrnoException;
    if (!this.stopped) this.options.trouble(`SSDP: ${code ?? message ?? 'failed'}`);
  };
}

function closeQuietly(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // It was closed by an error already.
  }
}
