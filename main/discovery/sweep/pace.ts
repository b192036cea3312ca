/** How fast a search may go: attempts per second, sockets at once, and how long to wait for an answer. */

/** Spreads attempts evenly over time, so that no burst fills the tables of the customer's routers and firewalls. */
export class Pace {
  private readonly everyMs: number;
  private next = 0;

  /** @param perSecond connection attempts per second */
  constructor(perSecond: number) {
    this.everyMs = 1000 / perSecond;
  }

  /** @returns milliseconds until the caller's turn; 0 = now. Each call takes a turn. */
  turn(now: number): number {
    // Timers are coarse: what was missed in the last moments is made up for, what lies longer back is not.
    const at = Math.max(this.next, now - CATCH_UP_MS);
    this.next = at + this.everyMs;
    return Math.max(0, at - now);
  }
}

const CATCH_UP_MS = 20;

/** Sooner than this no silence is believed: a device that sleeps, a cell of a wireless network that is busy. */
const LEAST_MS = 200;
/** The operating system sends a lost first packet once more after 1 s, which is worth waiting for. */
const FIRST_MS = 1_100;
/** Once so many networks have answered, the others are likely to be no farther than a few times the slowest of them. */
const ENOUGH_BLOCKS = 3;
const UNKNOWN_LEAST_MS = 600;
const UNKNOWN_TIMES = 4;
const BLOCK = /\.\d+$/;
/** Networks that are remembered; more than a /16 has are never looked at at once. */
const MOST_BLOCKS = 512;

/**
 * How long to wait for an answer, learned from the first answers of each /24: a network that is near must not make
 * those far away look dead. As in TCP (RFC 6298): smoothed round trip and four times its variation.
 */
export class Patience {
  private readonly blocks = new Map<string, { mean: number; spread: number }>();
  private readonly mostMs: number;
  private slowest = 0;

  /** @param mostMs upper limit of any wait */
  constructor(mostMs: number) {
    this.mostMs = mostMs;
  }

  learn(address: string, ms: number): void {
    const block = address.replace(BLOCK, '');
    const known = this.blocks.get(block);
    if (known) {
      known.spread = 0.75 * known.spread + 0.25 * Math.abs(known.mean - ms);
      known.mean = 0.875 * known.mean + 0.125 * ms;
    } else if (this.blocks.size < MOST_BLOCKS) this.blocks.set(block, { mean: ms, spread: ms / 2 });
    this.slowest = Math.max(this.slowest, known?.mean ?? ms);
  }

  /** Milliseconds to wait for an answer of this address. */
  for(address: string): number {
    const known = this.blocks.get(address.replace(BLOCK, ''));
    const wait = known ? Math.max(LEAST_MS, known.mean + 4 * known.spread) : this.forStrangers();
    return Math.min(wait, this.mostMs);
  }

  private forStrangers(): number {
    if (this.blocks.size < ENOUGH_BLOCKS) return FIRST_MS;
    return Math.min(FIRST_MS, Math.max(UNKNOWN_LEAST_MS, UNKNOWN_TIMES * this.slowest));
  }
}

/** Few at first, as a computer with a low limit has no more; and few enough for one with 1,024. What is too many shows. */
const FIRST_SOCKETS = 64;
const MOST_SOCKETS = 800;
const LEAST_SOCKETS = 4;
/** After that the number of sockets grows no more for a while. */
const CALM_MS = 2_000;
const SAME_MS = 100;

/** Sockets at once: more while all goes well, half when the operating system has no more to give. */
export class Slots {
  private free = FIRST_SOCKETS;
  private limit = FIRST_SOCKETS;
  private halvedAt = Number.NEGATIVE_INFINITY;
  private readonly waiting: (() => void)[] = [];

  async take(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    // More are wanted than may be: that is when it shows whether more can be had.
    if (this.limit < MOST_SOCKETS && performance.now() - this.halvedAt > CALM_MS) {
      this.limit++;
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  give(): void {
    const next = this.free >= 0 ? this.waiting.shift() : undefined;
    if (next) next();
    else this.free++;
  }

  /** The operating system is out of sockets, buffers or ports. */
  halve(): void {
    const now = performance.now();
    // All that were under way meet the same end, which is one sign and not many.
    if (now - this.halvedAt < SAME_MS) return;
    this.halvedAt = now;
    const limit = Math.max(LEAST_SOCKETS, Math.floor(this.limit / 2));
    this.free -= this.limit - limit;
    this.limit = limit;
  }
}
