/** Open sessions of all transports; their number is limited per user and in total. */
import { randomBytes } from 'node:crypto';
import type { Faults } from '../types.ts';
import type { Settings } from './settings.ts';
import type { Door } from './users.ts';

export interface Session {
  id: string;
  username: string;
  door: Door;
  remoteAddress: string;
  since: string;
  lastUsed: number;
  uses: number;
  /** Hangs up, for sessions that hold a connection. */
  hangUp(): void;
}

export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #settings: Settings;
  readonly #faults: () => Faults;

  constructor(settings: Settings, faults: () => Faults) {
    this.#settings = settings;
    this.#faults = faults;
  }

  /** Undefined when a limit is reached. */
  open(username: string, door: Door, remoteAddress: string, hangUp: () => void = () => {}): Session | undefined {
    if (this.#faults().sessionsFull) return undefined;
    const own = this.all().filter((session) => session.username === username).length;
    if (own >= this.#settings.number('Security Session MaxSessionsPerUser')) return undefined;
    if (this.#open.size >= this.#settings.number('Security Session MaxTotalSessions')) return undefined;
    // 128 bits: `Security Session Terminate` takes at most 32 characters.
    const id = randomBytes(16).toString('hex');
    const now = Date.now();
    const since = new Date(now).toISOString();
    const session = { id, username, door, remoteAddress, since, lastUsed: now, uses: 0, hangUp };
    this.#open.set(id, session);
    return session;
  }

  /** The session if it is still good. Sessions last for ever unless `InactivityTimeout` or a fault says otherwise. */
  use(id: string): Session | undefined {
    const session = this.#open.get(id);
    if (!session) return undefined;
    const idleMinutes = this.#settings.number('Security Session InactivityTimeout');
    const idle = idleMinutes > 0 && Date.now() - session.lastUsed > idleMinutes * 60_000;
    if (idle || session.uses >= (this.#faults().expireSessionAfter ?? Number.POSITIVE_INFINITY)) {
      this.close(id);
      return undefined;
    }
    session.lastUsed = Date.now();
    session.uses++;
    return session;
  }

  /** Ended by its own side. */
  close(id: string): boolean {
    return this.#open.delete(id);
  }

  /** Ended from outside; false when there is no such session. */
  terminate(id: string): boolean {
    const session = this.#open.get(id);
    if (!session) return false;
    this.close(id);
    session.hangUp();
    return true;
  }

  terminateAllOf(username: string): void {
    for (const session of this.all()) if (session.username === username) this.terminate(session.id);
  }

  closeAll(): void {
    this.#open.clear();
  }

  all(): Session[] {
    return [...this.#open.values()];
  }
}
