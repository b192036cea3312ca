/** Listens for devices that announce themselves and records them, as long as nothing else is at work that relies on them. */
import { type Listening, NOT_LISTENING } from '../contract/evidence.ts';
import { type Heard, Listener } from '../discovery/listen.ts';
import { Names } from '../discovery/names.ts';
import { Neighbours } from '../discovery/neighbours.ts';
import type { Site } from '../site/site.ts';
import { Backlog } from './backlog.ts';
import { neighbourFacts } from './discover.ts';
import { type Recorded, recordSighting } from './sightings.ts';

const RECORD_EVERY_MS = 500;
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
  private readonly backlog: Backlog;
  private readonly timer: NodeJS.Timeout;
  private isTold = true;
  private current: Listening = { ...NOT_LISTENING, on: true };

  constructor(work: ListeningWork) {
    this.work = work;
    this.backlog = new Backlog({
      more: (address) => neighbourFacts(address, this.neighbours, this.names),
      write: (all) => this.write(all),
    });
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
    // The round that goes on, and then one for what was heard meanwhile.
    await this.record();
    await this.record();
    this.names.close();
    this.current = { ...this.current, on: false, interfaces: [] };
  }

  private heard(one: Heard): void {
    this.set({ heard: this.current.heard + 1 });
    this.backlog.add(one);
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
    void this.record();
  }

  private async record(): Promise<void> {
    try {
      await this.backlog.round();
      const { recorded } = this.backlog;
      if (recorded !== this.current.recorded) this.set({ recorded });
    } catch (thrown) {
      // The next round tries again; a full disk is told by whatever a person does next.
      this.trouble(`it could not be recorded: ${(thrown as Error).message}`);
    }
  }

  private write(all: readonly Heard[]): boolean {
    const { site } = this.work;
    const recorded: Recorded[] = [];
    const isWritten = this.work.write(() =>
      site.db.transaction(() => {
        for (const one of all) recorded.push(recordSighting(site, one, null));
      }),
    );
    for (const one of recorded) this.work.recorded(one);
    return isWritten;
  }
}
