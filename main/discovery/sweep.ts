/**
 * Goes through many addresses, politely: who answers on the doors that matter is looked at more closely, the others
 * cost two packets each. What is found is told at once and not gathered, so that memory does not grow with the range.
 */
import pLimit from 'p-limit';
import type { Look, OpenPorts, Ports } from './host.ts';
import type { Addresses } from './ranges.ts';
import { type Knock, knock, type OpenSockets } from './sweep/knock.ts';
import { Pace, Patience, Slots } from './sweep/pace.ts';

/** Addresses that are waited for at once. Sockets and pace are the real limits. */
const WORKERS = 512;
/**
 * Hosts that are looked at more closely at once: most of their time goes by in waiting for words that never come. Each has
 * two sockets at most, and with those of `Slots` that is still less than the 1,024 that many computers allow.
 */
const LOOKS = 100;
/** Hosts that wait for their closer look, before the search waits for them. */
const MOST_WAITING = 200;
const OUT_OF_SOCKETS_MS = 50;
/** A network that went away is waited for so long; then the search goes on without. */
const OUTAGE_MS = 10_000;
const OUTAGE_EVERY_MS = 500;
/** Addresses of the room list are asked once more, with all patience. */
const EXPECTED_MS = 2_000;

export interface SweepOptions {
  ports: Ports;
  /** Connection attempts per second. */
  rate: number;
  /** Longest wait for any answer, milliseconds. */
  timeoutMs: number;
  /** Leaves out so many of the first addresses. */
  from: number;
  /** Addresses where somebody is known to be. */
  expected: ReadonlySet<string>;
  signal: AbortSignal;
  /** The closer look at an address where somebody is; null when no door is open there. */
  look(address: string, open: OpenPorts, signal: AbortSignal): Promise<Look | null>;
  /** Told of each address once: null when nobody, or nothing to speak to, is there. What it throws ends the search. */
  seen(address: string, look: Look | null): void | Promise<void>;
  /** All addresses before this one, counted in order, were looked at. */
  reached?(to: number): void;
  /** It goes on, but something is not as it should be. */
  trouble?(words: string): void;
}

export interface SweepEnd {
  /** All addresses before this one, counted in order, were looked at. */
  lookedTo: number;
  /** Addresses that this computer had no way to. */
  noRoute: number;
  /** Connection attempts. */
  attempts: number;
}

/** Ends early, with what was done, when the signal is aborted. */
export async function sweep(addresses: Addresses, options: SweepOptions): Promise<SweepEnd> {
  return new Sweep(addresses, options).run();
}

class Sweep {
  private readonly options: SweepOptions;
  private readonly addresses: Generator<string>;
  private readonly pace: Pace;
  private readonly patience: Patience;
  private readonly slots = new Slots();
  private readonly sockets: OpenSockets = new Set();
  private readonly looks = pLimit(LOOKS);
  private readonly done: Watermark;
  private readonly ended = new AbortController();
  private readonly waits = new Set<() => void>();
  private next: number;
  private noRoute = 0;
  private outageMs = 0;
  private attempts = 0;
  private failure: { thrown: unknown } | null = null;
  /** The one wait of all for a network that is away. */
  private outage: Promise<void> | null = null;

  constructor(addresses: Addresses, options: SweepOptions) {
    const { rate, timeoutMs, from } = options;
    this.options = options;
    this.addresses = addresses.each(from);
    this.pace = new Pace(rate);
    this.patience = new Patience(timeoutMs);
    this.done = new Watermark(from);
    this.next = from;
  }

  async run(): Promise<SweepEnd> {
    const { signal } = this.options;
    const stop = () => this.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) this.stop();
    try {
      await Promise.all(Array.from({ length: WORKERS }, () => this.work()));
    } finally {
      signal.removeEventListener('abort', stop);
      this.stop();
    }
    if (this.failure) throw this.failure.thrown;
    return { lookedTo: this.done.to, noRoute: this.noRoute, attempts: this.attempts };
  }

  private stop(): void {
    this.ended.abort();
    for (const socket of this.sockets) socket.destroy();
    for (const end of this.waits) end();
  }

  private async work(): Promise<void> {
    const { signal } = this.ended;
    const closer = new Set<Promise<void>>();
    while (!signal.aborted) {
      const { value: address, done } = this.addresses.next();
      if (done) break;
      const at = this.next++;
      const open = await this.isThere(address);
      if (signal.aborted) break;
      if (open) {
        const look = this.lookCloser(address, at, open).finally(() => closer.delete(look));
        closer.add(look);
        if (this.looks.pendingCount > MOST_WAITING) await look;
      } else await this.tell(address, at, null);
    }
    await Promise.all(closer);
  }

  private async lookCloser(address: string, at: number, open: OpenPorts): Promise<void> {
    const { signal } = this.ended;
    const look = await this.looks(() => (signal.aborted ? null : this.options.look(address, open, signal)));
    if (!signal.aborted) await this.tell(address, at, look);
  }

  /** What cannot be told, such as to a disk that is full, ends the search. */
  private async tell(address: string, at: number, look: Look | null): Promise<void> {
    try {
      await this.options.seen(address, look);
      if (this.done.add(at)) this.options.reached?.(this.done.to);
    } catch (thrown) {
      this.failure ??= { thrown };
      this.stop();
    }
  }

  private async isThere(address: string): Promise<OpenPorts | null> {
    const { ports, expected } = this.options;
    const [https, ssh] = await Promise.all([this.knock(address, ports.https), this.knock(address, ports.ssh)]);
    const both = [https, ssh].some(isAnswer) || !expected.has(address) ? [https, ssh] : await this.again(address);
    if (!both.some(isAnswer)) {
      if (both.every((one) => one?.answer === 'no-route')) this.noRoute++;
      return null;
    }
    const rttMs = Math.min(...both.filter(isAnswer).map((one) => one?.ms ?? 0));
    return { https: both[0]?.answer === 'open', ssh: both[1]?.answer === 'open', rttMs };
  }

  private again(address: string): Promise<(Knock | null)[]> {
    const { ports } = this.options;
    return Promise.all([ports.https, ports.ssh].map((port) => this.knock(address, port, EXPECTED_MS)));
  }

  /** @returns null when the search was stopped meanwhile */
  private async knock(address: string, port: number, patience?: number): Promise<Knock | null> {
    const { signal } = this.ended;
    for (;;) {
      await this.turn();
      await this.slots.take();
      try {
        if (signal.aborted) return null;
        this.attempts++;
        const timeoutMs = Math.min(patience ?? this.patience.for(address), this.options.timeoutMs);
        const answer = await knock(address, port, timeoutMs, this.sockets);
        if (isAnswer(answer)) this.learn(address, answer.ms);
        if (answer.answer === 'no-more') this.slots.halve();
        else if (answer.answer !== 'no-route' || !this.mayComeBack()) return answer;
      } finally {
        this.slots.give();
      }
      await this.wait(OUT_OF_SOCKETS_MS);
      if (signal.aborted) return null;
    }
  }

  private learn(address: string, ms: number): void {
    this.patience.learn(address, ms);
    this.outageMs = 0;
  }

  private async turn(): Promise<void> {
    const ms = this.pace.turn(performance.now());
    if (ms > 0) await this.wait(ms);
    if (this.outage) await this.outage;
  }

  /** @returns whether it is worth trying once more, when the network is back */
  private mayComeBack(): boolean {
    if (this.outage) return true;
    if (this.outageMs >= OUTAGE_MS) return false;
    if (this.outageMs === 0) this.options.trouble?.('the network is away; the search waits for it');
    this.outageMs += OUTAGE_EVERY_MS;
    this.outage = this.wait(OUTAGE_EVERY_MS).then(() => {
      this.outage = null;
    });
    return true;
  }

  /** Thousands are under way: a plain timer each, and no listener on a signal. */
  private wait(ms: number): Promise<void> {
    if (this.ended.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.waits.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.waits.add(end);
    });
  }
}

function isAnswer(knock: Knock | null): boolean {
  return knock?.answer === 'open' || knock?.answer === 'refused';
}

/** Up to where all is done, when things come to their end out of order. */
class Watermark {
  to: number;
  private readonly beyond = new Set<number>();

  constructor(from: number) {
    this.to = from;
  }

  /** @returns whether it has moved on */
  add(at: number): boolean {
    const before = this.to;
    this.beyond.add(at);
    while (this.beyond.delete(this.to)) this.to++;
    return this.to > before;
  }
}
