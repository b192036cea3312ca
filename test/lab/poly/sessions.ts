import { randomBytes, randomUUID } from 'node:crypto';
import type { Faults } from '../types.ts';
import { Lockout, type LoginPort, type LoginResult } from './lockout.ts';
import type { Settings } from './settings.ts';

export interface Session {
  id: string;
  userId: string;
  clientType: 'WEB' | 'SSH' | 'TELNET';
  location: string;
  createdAt: number;
  requests: number;
  usedAt: number;
  /** The newest XSRF token, and the one before it: a client may not have got the last answer. */
  token: string;
  previousToken: string;
}

export type Login =
  | { ok: true; session: Session; failedLogins: number }
  | { ok: false; reason: 'credentials' | 'locked' | 'full'; failedLogins: number; result: LoginResult };

const CLIENTS = { web: 'WEB', ssh: 'SSH', telnet: 'TELNET' } as const;

/** Who is logged in. */
export class Sessions {
  readonly #settings: Settings;
  readonly #admin: { username: string; password: string };
  readonly #minuteMs: number;
  readonly #lockout: Lockout;
  readonly #live = new Map<string, Session>();
  readonly #faults: () => Faults;

  constructor(
    settings: Settings,
    admin: { username: string; password: string },
    options: { minuteMs: number; faults: () => Faults },
  ) {
    const { minuteMs } = options;
    this.#faults = options.faults;
    this.#settings = settings;
    this.#admin = admin;
    this.#minuteMs = minuteMs;
    this.#lockout = new Lockout(settings, admin.username, minuteMs);
  }

  login(user: string, password: string, location: string, port: LoginPort = 'web'): Login {
    const result = this.#lockout.state(user, port);
    if (result !== 'NOLOCKOUT') {
      return { ok: false, reason: 'locked', failedLogins: this.#lockout.failures, result };
    }
    if (user !== this.#admin.username || password !== this.#admin.password) {
      this.#lockout.failed(user, port);
      const now = this.#lockout.state(user, port);
      return { ok: false, reason: 'credentials', failedLogins: this.#lockout.failures, result: now };
    }
    const failedLogins = this.#lockout.succeeded();
    const { sessionsFull, sessionsLeftOpen = 0 } = this.#faults();
    const open = this.list().length + sessionsLeftOpen;
    if (sessionsFull || open >= (this.#settings.count('sec.access.maxSessions') ?? Number.POSITIVE_INFINITY)) {
      return { ok: false, reason: 'full', failedLogins, result };
    }
    const now = Date.now();
    const session: Session = {
      id: `PS${randomBytes(36).toString('base64url')}`,
      userId: user,
      clientType: CLIENTS[port],
      location,
      createdAt: now,
      requests: 0,
      usedAt: now,
      token: randomUUID(),
      previousToken: '',
    };
    this.#live.set(session.id, session);
    return { ok: true, session, failedLogins };
  }

  /** The administrator's password without a session. */
  verify(password: string): boolean {
    const user = this.#admin.username;
    if (this.#lockout.state(user, 'web') !== 'NOLOCKOUT') return false;
    const good = password === this.#admin.password;
    if (!good) this.#lockout.failed(user, 'web');
    return good;
  }

  /** An account that may only look: it has no session of its own here, and no lock. */
  isLocked(user: string, port: LoginPort): boolean {
    return this.#lockout.state(user, port) !== 'NOLOCKOUT';
  }

  /** The live session of this id; finding it counts as use. */
  find(id: string | undefined): Session | undefined {
    this.#expire();
    const session = id === undefined ? undefined : this.#live.get(id);
    if (session) session.usedAt = Date.now();
    return session;
  }

  /** One more request of a session; false when it was one too many and somebody has ended it. */
  used(session: Session): boolean {
    session.requests += 1;
    const { expireSessionAfter } = this.#faults();
    if (expireSessionAfter === undefined || session.requests <= expireSessionAfter) return true;
    this.end(session);
    return false;
  }

  list(): Session[] {
    this.#expire();
    return [...this.#live.values()];
  }

  end(session: Session): void {
    this.#live.delete(session.id);
  }

  /** Nothing of this outlives a reboot. */
  clear(): void {
    this.#live.clear();
    this.#lockout.clear();
  }

  #expire(): void {
    const minutes = this.#settings.count('sec.web.idleSessionTimeout');
    if (!minutes) return;
    const oldest = Date.now() - minutes * this.#minuteMs;
    for (const session of this.#live.values()) if (session.usedAt < oldest) this.#live.delete(session.id);
  }
}

/** The header must repeat the cookie, and both a token that this session was given lately. */
export function tokenFits(session: Session, header: string | undefined, cookie: string | undefined): boolean {
  return header !== undefined && header === cookie && (header === session.token || header === session.previousToken);
}

export function rotate(session: Session): void {
  session.previousToken = session.token;
  session.token = randomUUID();
}
