import type { Settings } from './settings.ts';

/** NOLOCKOUT is publicly known; the other words are the lab's own. */
export type LoginResult = 'NOLOCKOUT' | 'ACCOUNTLOCKOUT' | 'PORTLOCKOUT';

interface Tally {
  failures: number[];
  lockedUntil: number;
}

/** Where somebody knocks. Telnet has no settings of its own: only the account counts there. */
export type LoginPort = 'web' | 'ssh' | 'telnet';

const ACCOUNT = 'sec.auth.accountLockout.admin';
const PORTS: Readonly<Record<LoginPort, string>> = {
  web: 'sec.auth.portLockout',
  ssh: 'sec.auth.portLockout.ssh',
  telnet: '',
};

/**
 * Failed logins and what they cost. The account counts tries with its own name, each port counts all of its own; either
 * locks after its number of failures, for its number of minutes, and then refuses the right password too.
 */
export class Lockout {
  readonly #settings: Settings;
  readonly #admin: string;
  readonly #minuteMs: number;
  readonly #account: Tally = { failures: [], lockedUntil: 0 };
  readonly #ports: Readonly<Record<LoginPort, Tally>> = {
    web: { failures: [], lockedUntil: 0 },
    ssh: { failures: [], lockedUntil: 0 },
    telnet: { failures: [], lockedUntil: 0 },
  };

  constructor(settings: Settings, admin: string, minuteMs: number) {
    this.#settings = settings;
    this.#admin = admin;
    this.#minuteMs = minuteMs;
  }

  state(user: string, port: LoginPort): LoginResult {
    if (this.#locked(this.#ports[port])) return 'PORTLOCKOUT';
    return user === this.#admin && this.#locked(this.#account) ? 'ACCOUNTLOCKOUT' : 'NOLOCKOUT';
  }

  failed(user: string, port: LoginPort): void {
    this.#count(this.#ports[port], PORTS[port]);
    if (user === this.#admin) this.#count(this.#account, ACCOUNT);
  }

  /** How many failures there were since the last good login. */
  succeeded(): number {
    const before = this.failures;
    this.clear();
    return before;
  }

  get failures(): number {
    return Math.max(this.#account.failures.length, ...this.#all.map((tally) => tally.failures.length));
  }

  clear(): void {
    for (const tally of this.#all) {
      tally.failures = [];
      tally.lockedUntil = 0;
    }
  }

  get #all(): Tally[] {
    return [this.#account, ...Object.values(this.#ports)];
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
