/** The one site that is open in this process, and what everybody tells the screen. */
import { OtjError } from '../contract/errors.ts';
import type { AppEvent } from '../contract/events.ts';
import { type Listening, NOT_LISTENING } from '../contract/evidence.ts';
import type { Drift } from '../contract/infinity.ts';
import type { Site } from '../site/site.ts';
import { Jobs } from './jobs/jobs.ts';
import { ListeningSession } from './listening.ts';
import type { HostFacts, HostPorts, Opened } from './opened.ts';
import { roomRows } from './roomRows.ts';
import { siteView } from './siteView.ts';

export type { HostFacts, HostPorts } from './opened.ts';

/** Something that runs beside the open site and ends with it. */
interface Companion {
  /** Resolves when it has ended, asked or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export class OpenSite implements Opened {
  readonly facts: HostFacts;
  readonly ports: HostPorts;
  readonly jobs: Jobs;
  private readonly tell: (event: AppEvent) => void;
  private current: Site | null = null;
  private compared: { job: number; drift: Drift } | null = null;
  private practice: Companion | null = null;
  private ears: ListeningSession | null = null;
  /** Companions of former sites that have not ended yet. */
  private readonly ending = new Set<Promise<void>>();

  constructor(facts: HostFacts, ports: HostPorts, emit: (event: AppEvent) => void) {
    this.facts = facts;
    this.ports = ports;
    this.tell = emit;
    this.jobs = new Jobs(emit);
  }

  /** Throws SITE_NONE. */
  get site(): Site {
    if (!this.current) throw new OtjError('SITE_NONE');
    return this.current;
  }

  get siteOrNull(): Site | null {
    return this.current;
  }

  get busy(): boolean {
    return this.jobs.busy;
  }

  get practising(): boolean {
    return this.practice !== null;
  }

  /** What a job has found when it compared some rooms with Infinity; kept in memory, and only of the last one. */
  keepDrift(job: number, drift: Drift): void {
    this.compared = { job, drift };
  }

  /** Throws JOB_UNKNOWN. */
  driftOf(job: number): Drift {
    if (this.compared?.job !== job) throw new OtjError('JOB_UNKNOWN');
    return this.compared.drift;
  }

  /**
   * Makes this the open site, closes the former one with what ran beside it, and forgets its finished jobs.
   * Throws JOB_RUNNING while work goes on in the former one.
   */
  set(site: Site | null): void {
    if (this.current && this.jobs.busy && !this.jobs.isOnly('practice')) throw new OtjError('JOB_RUNNING');
    this.leave();
    this.current = site;
    this.siteChanged();
    this.emit({ type: 'list' });
  }

  /**
   * Simulated devices that run for the open site; they are stopped when it is closed. Their own end is told.
   * Throws SITE_NONE.
   */
  keepPractice(devices: Companion): void {
    if (!this.current) throw new OtjError('SITE_NONE');
    this.practice = devices;
    this.siteChanged();
    void devices.ended.then(() => {
      if (this.practice !== devices) return;
      this.practice = null;
      this.siteChanged();
    });
  }

  emit(event: AppEvent): void {
    this.tell(event);
  }

  get listening(): Listening {
    return this.ears?.state ?? NOT_LISTENING;
  }

  /** Begins or ends to listen for devices that announce themselves. Throws SITE_NONE. */
  async listen(on: boolean): Promise<Listening> {
    const { site } = this;
    if (on && !this.ears)
      this.ears = new ListeningSession({
        site,
        write: (work) => this.writeBeside(site, work),
        recorded: ({ endpoint: { roomId } }) => {
          this.emit({ type: 'devices' });
          if (roomId !== null) this.roomsChanged([roomId]);
        },
        changed: (listening) => this.emit({ type: 'listening', listening }),
      });
    if (!on) await this.endListening();
    this.emit({ type: 'listening', listening: this.listening });
    return this.listening;
  }

  private async endListening(): Promise<void> {
    const { ears } = this;
    this.ears = null;
    await ears?.stop();
  }

  /** Beside a search, which has the lock and relies on no device; not beside work that does, here or elsewhere. */
  private writeBeside(site: Site, work: () => void): boolean {
    if (this.current !== site) return false;
    if (this.jobs.busy) {
      if (!this.jobs.isOnly('discover')) return false;
      work();
      return true;
    }
    if (site.isBusyElsewhere()) return false;
    site.takeLock();
    try {
      work();
    } finally {
      site.releaseLock();
    }
    return true;
  }

  /** Tells the present rows of these rooms. */
  roomsChanged(ids: readonly number[]): void {
    if (!this.current || ids.length === 0) return;
    this.emit({ type: 'rooms', rooms: roomRows(this.current, ids) });
  }

  /** Tells how the site, its settings, logins and debts are now. */
  siteChanged(): void {
    this.emit({ type: 'site', site: siteView(this) });
  }

  /** Stops all jobs, waits until they ended, and closes the site. For the end of the process. */
  async close(): Promise<void> {
    await this.jobs.close();
    this.leave();
    await Promise.all(this.ending);
  }

  private leave(): void {
    this.jobs.forget();
    this.compared = null;
    // What it still waits to write belongs to a site that is no longer open.
    const former = this.current;
    this.current = null;
    void this.endListening();
    former?.close();
    if (!this.practice) return;
    const end = this.practice
      .stop()
      .catch(() => undefined)
      .finally(() => this.ending.delete(end));
    this.ending.add(end);
    this.practice = null;
  }
}
