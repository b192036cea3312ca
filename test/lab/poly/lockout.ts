import type { Settings } from './settings.ts';

/** NOLOCKOUT is publicly known; the other words are the lab's own. */
export type LoginResult = 'NOLOCKOUT' | 'ACCOUNTLOCKOUT' | 'PORTLOCKOUT';

interface Tally {
  failures: number[];
  lockedUntil: number;
}

const ACCOUNT = 'sec.auth.accountLockout.admin';
const PORT = 'sec.auth.portLockout';

/**
 * Failed logins and what they cost. The account counts tries with its own name, the web port counts all; either locks
 * after its number of failures, for its number of minutes, and then refuses the right password too.
 */
export class Lockout {
  readonly #settings: Settings;
  readonly #admin: string;
  readonly #minuteMs: number;
  readonly #account: Tally = { failures: [], lockedUntil: 0 };
  readonly #port: Tally = { failures: [], lockedUntil: 0 };

  constructor(settings: Settings, admin: string, minuteMs: number) {
    this.#settings = settings;
    this.#admin = admin;
    this.#minuteMs = minuteMs;
  }

  state(user: string): LoginResult {
    if (this.#locked(this.#port)) return 'PORTLOCKOUT';
    return user === this.#admin && this.#locked(this.#account) ? 'ACCOUNTLOCKOUT' : 'NOLOCKOUT';
  }

  failed(user: string): void {
    this.#count(this.#port, PORT);
    if (user === this.#admin) this.#count(this.#account, ACCOUNT);
  }

  /** How many failures there were since the last good login. */
  succeeded(): number {
    const before = this.failures;
    this.clear();
    return before;
  }

  get failures(): number {
    return Math.max(this.#account.failures.length, this.#port.failures.length);
  }

  clear(): void {
    for (const tally of [this.#account, this.#port]) {
      tally.failures = [];
      tally.lockedUntil = 0;
    }
  }

  #count(tally: Tally, prefix: string): void {
    const now = Date.now();
    const window = this.#settings.count(`${prefix}.failedLoginWindow`);
    const recent = window ? tally.failures.filter((at) => now - at < window * this.#minuteMs) : tally.failures;
    tally.failures = [...recent, now];
    const attempts = this.#settings.count(`${prefix}.lockoutAttempts`);
    if (attempts && tally.failures.length >= attempts) {
      tally.lockedUntil = now + (this.#settings.count(`${prefix}.lockoutTime`) ?? 1) * this.#minuteMs;
    }
  }

  #locked(tally: Tally): boolean {
    if (tally.lockedUntil === 0) return false;
    if (Date.now() < tally.lockedUntil) return true;
    tally.failures = [];
    tally.lockedUntil = 0;
    return false;
  }
}
