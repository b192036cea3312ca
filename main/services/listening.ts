/** Listens for devices that announce themselves and records them, as long as nothing else is at work that relies on them. */
import { type Listening, NOT_LISTENING } from '../contract/evidence.ts';
import { type Heard, Listener } from '../discovery/listen.ts';
import { Names } from '../discovery/names.ts';
import { Neighbours } from '../discovery/neighbours.ts';
import type { Site } from '../site/site.ts';
import { neighbourFacts } from './discover.ts';
import { type Recorded, recordSighting } from './sightings.ts';

const RECORD_EVERY_MS = 500;
/** Hosts that wait to be recorded while other work goes on; later ones announce themselves again. */
const MOST_WAITING = 1_000;
/** Facts of one host that wait. */
const MOST_FACTS = 60;
/** Hosts that one session records: a stranger can make up addresses. */
const MOST_HOSTS = 4_096;
const MOST_TROUBLES = 20;

export interface ListeningWork {
  site: Site;
  /** Does the writing now and returns true, or leaves it for later. */
  write(work: () => void): boolean;
  recorded(one: Recorded): void;
  changed(state: Listening): void;
}

export class ListeningSession {
  private readonly work: ListeningWork;
  private readonly listener: Listener;
  private readonly names = new Names();
  private readonly neighbours = new Neighbours();
  private readonly waiting = new Map<string, Heard>();
  private readonly hosts = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private recording: Promise<void> = Promise.resolve();
  private isRecording = false;
  private isTold = true;
  private current: Listening = { ...NOT_LISTENING, on: true };

  constructor(work: ListeningWork) {
    this.work = work;
    this.listener = new Listener({
      heard: (one) => this.heard(one),
      trouble: (words) => this.trouble(words),
      interfaces: (interfaces) => this.set({ interfaces }),
    });
    this.timer = setInterval(() => this.tick(), RECORD_EVERY_MS);
  }

  get state(): Listening {
    return this.current;
  }

  /** What was heard by then is recorded, if that can be. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.listener.stop();
    await this.recording;
    await this.record();
    this.names.close();
    this.current = { ...this.current, on: false, interfaces: [] };
  }

  private heard(one: Heard): void {
    this.set({ heard: this.current.heard + 1 });
    const before = this.waiting.get(one.address);
    if (!before && this.waiting.size >= MOST_WAITING) return;
    if (!before && !this.hosts.has(one.address) && this.hosts.size >= MOST_HOSTS) return;
    const facts = [...(before?.facts ?? []), ...one.facts].slice(0, MOST_FACTS);
    this.waiting.set(one.address, { address: one.address, facts });
  }

  private trouble(words: string): void {
    const { troubles } = this.current;
    if (troubles.at(-1)?.words === words) return;
    this.set({ troubles: [...troubles, { at: new Date().toISOString(), words }].slice(-MOST_TROUBLES) });
  }

  private set(change: Partial<Listening>): void {
    this.current = { ...this.current, ...change };
    this.isTold = false;
  }

  private tick(): void {
    if (!this.isTold) {
      this.isTold = true;
      this.work.changed(this.current);
    }
    if (this.isRecording || this.waiting.size === 0) return;
    this.isRecording = true;
    this.recording = this.record().finally(() => {
      this.isRecording = false;
    });
  }

  private async record(): Promise<void> {
    const all = await Promise.all(
      [...this.waiting.values()].map(async ({ address, facts }) => ({
        address,
        facts: [...facts, ...(await neighbourFacts(address, this.neighbours, this.names))],
      })),
    );
    try {
      const { site } = this.work;
      const recorded: Recorded[] = [];
      const written = this.work.write(() =>
        site.db.transaction(() => {
          for (const one of all) recorded.push(recordSighting(site, one, null));
        }),
      );
      if (!written) return;
      for (const { address } of all) {
        this.waiting.delete(address);
        this.hosts.add(address);
      }
      if (recorded.length > 0) this.set({ recorded: this.hosts.size });
      for (const one of recorded) this.work.recorded(one);
    } catch (thrown) {
      // The next round tries again; a full disk is told by whatever a person does next.
      this.trouble(`it could not be recorded: ${(thrown as Error).message}`);
    }
  }
}
