/** Open sessions of all transports; their number is limited per user and in total. */
import { randomBytes } from 'node:crypto';
import type { Settings } from './settings.ts';
import type { Door } from './users.ts';

export interface Session {
  id: string;
  username: string;
  door: Door;
  remoteAddress: string;
  since: string;
  lastUsed: number;
}

export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Undefined when a limit is reached. */
  open(username: string, door: Door, remoteAddress: string): Session | undefined {
    const own = this.all().filter((session) => session.username === username).length;
    if (own >= this.#settings.number('Security Session MaxSessionsPerUser')) return undefined;
    if (this.#open.size >= this.#settings.number('Security Session MaxTotalSessions')) return undefined;
    const id = randomBytes(32).toString('hex');
    const session = { id, username, door, remoteAddress, since: new Date().toISOString(), lastUsed: Date.now() };
    this.#open.set(id, session);
    return session;
  }

  /** The session if it is still good. Sessions last for ever unless `InactivityTimeout` says otherwise. */
  use(id: string): Session | undefined {
    const session = this.#open.get(id);
    if (!session) return undefined;
    const idleMinutes = this.#settings.number('Security Session InactivityTimeout');
    if (idleMinutes > 0 && Date.now() - session.lastUsed > idleMinutes * 60_000) {
      this.close(id);
      return undefined;
    }
    session.lastUsed = Date.now();
    return session;
  }

  close(id: string): boolean {
    return this.#open.delete(id);
  }

  closeAllOf(username: string): void {
    for (const session of this.all()) if (session.username === username) this.close(session.id);
  }

  closeAll(): void {
    this.#open.clear();
  }

  all(): Session[] {
    return [...this.#open.values()];
  }
}
