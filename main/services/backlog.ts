/** What was heard of hosts and is not on record yet. What is heard while some of it is being recorded waits for the next round. */
import type { Fact } from '../contract/evidence.ts';
import type { Heard } from '../discovery/listen.ts';

/** Hosts that wait to be recorded while other work goes on; later ones announce themselves again. */
const MOST_WAITING = 1_000;
/** Facts of one host that wait; more of them are a stranger's play with words. */
const MOST_FACTS = 60;
/** Hosts that one session records: a stranger can make up addresses. */
const MOST_HOSTS = 4_096;

export interface BacklogWork {
  /** What others know of the host; takes its time. */
  more(address: string): Promise<Fact[]>;
  /** Puts all of it on record and returns true, or leaves it for later. May throw: then it is for later, too. */
  write(all: readonly Heard[]): boolean;
}

export class Backlog {
  private readonly work: BacklogWork;
  private waiting = new Map<string, readonly Fact[]>();
  private readonly hosts = new Set<string>();
  private going: Promise<void> = Promise.resolve();
  private isGoing = false;

  constructor(work: BacklogWork) {
    this.work = work;
  }

  /** How many hosts were recorded. */
  get recorded(): number {
    return this.hosts.size;
  }

  add({ address, facts }: Heard): void {
    const before = this.waiting.get(address);
    if (!before && this.waiting.size >= MOST_WAITING) return;
    if (!before && !this.hosts.has(address) && this.hosts.size >= MOST_HOSTS) return;
    this.waiting.set(address, [...(before ?? []), ...facts].slice(0, MOST_FACTS));
  }

  /** Records what waits, unless that goes on already. Rejects with what `write` throws. */
  round(): Promise<void> {
    if (this.isGoing || this.waiting.size === 0) return this.going;
    this.isGoing = true;
    this.going = this.record().finally(() => {
      this.isGoing = false;
    });
    return this.going;
  }

  private async record(): Promise<void> {
    const taken = this.waiting;
    this.waiting = new Map();
    let isWritten = false;
    try {
      const all = await Promise.all(
        [...taken].map(async ([address, facts]) => ({
          address,
          facts: [...facts, ...(await this.work.more(address))],
        })),
      );
      isWritten = this.work.write(all);
      if (isWritten) for (const { address } of all) this.hosts.add(address);
    } finally {
      if (!isWritten) this.putBack(taken);
    }
  }

  private putBack(taken: ReadonlyMap<string, readonly Fact[]>): void {
    const since = this.waiting;
    this.waiting = new Map(taken);
    for (const [address, facts] of since) this.add({ address, facts: [...facts] });
  }
}
