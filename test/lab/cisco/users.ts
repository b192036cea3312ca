/** Local accounts: roles, passphrases, failed logins and the lock-out that newer software sets by default. */
import type { Faults, LabUser } from '../types.ts';
import type { Settings } from './settings.ts';
import type { Role } from './settings-table.ts';

export interface Account {
  username: string;
  passphrase: string;
  /** Earlier passphrases, newest last, for `PasswordPolicy ReuseLimit`. */
  history: string[];
  roles: Role[];
  active: boolean;
  passphraseChangeRequired: boolean;
  shellLogin: boolean;
  clientCertificateDn: string;
  failedLogins: number;
  blockedUntil: number;
  lastLogin: { address: string; time: string } | undefined;
}

/** Where a login or a session comes from. */
export type Door = 'SSH' | 'Web';

export type Login =
  | { kind: 'welcome'; account: Account }
  /** The passphrase is right and must be changed before anything else. */
  | { kind: 'change'; account: Account }
  | { kind: 'refused'; why: 'wrong' | 'blocked' | 'expired' };

/** [assumed]: what a codec says to those whom it knows and still refuses. */
export const REFUSALS: Record<'wrong' | 'blocked' | 'expired', string> = {
  wrong: '',
  blocked: 'The user is blocked after too many failed logins',
  expired: 'The passphrase has expired',
};

const MINUTE = 60_000;
const POLICY = 'UserManagement PasswordPolicy';
const WRONG: Login = { kind: 'refused', why: 'wrong' };

export class Users {
  readonly #accounts = new Map<string, Account>();
  readonly #settings: Settings;
  readonly #faults: () => Faults;

  constructor(users: readonly LabUser[], settings: Settings, faults: () => Faults) {
    this.#settings = settings;
    this.#faults = faults;
    for (const { username, passphrase, roles } of users) this.add(username, passphrase, roles);
  }

  add(username: string, passphrase: string, roles: readonly Role[]): Account {
    const account: Account = {
      username,
      passphrase,
      history: [],
      roles: [...roles],
      active: true,
      passphraseChangeRequired: false,
      shellLogin: true,
      clientCertificateDn: '',
      failedLogins: 0,
      blockedUntil: 0,
      lastLogin: undefined,
    };
    this.#accounts.set(username, account);
    return account;
  }

  get(username: string): Account | undefined {
    return this.#accounts.get(username);
  }

  delete(username: string): void {
    this.#accounts.delete(username);
  }

  all(): Account[] {
    return [...this.#accounts.values()];
  }

  /** Failures of web and SSH count together. A blocked account refuses even the right passphrase. */
  login(username: string, passphrase: string, door: Door): Login {
    const account = this.#accounts.get(username);
    if (!account) return WRONG;
    if (this.isBlocked(account)) return { kind: 'refused', why: 'blocked' };
    if (account.passphrase !== passphrase) {
      this.#countFailure(account);
      return WRONG;
    }
    if (!account.active || (door === 'SSH' && !account.shellLogin)) return WRONG;
    if (this.expired) return { kind: 'refused', why: 'expired' };
    if (account.passphraseChangeRequired || this.#faults().passphraseChange) return { kind: 'change', account };
    account.failedLogins = 0;
    return { kind: 'welcome', account };
  }

  get expired(): boolean {
    return this.#faults().expired === true;
  }

  isBlocked(account: Account): boolean {
    return account.blockedUntil > Date.now();
  }

  /** What somebody of that name is told, whatever passphrase he gives; nothing when all is well. */
  wordsFor(username: string): string {
    const account = this.#accounts.get(username);
    if (!account) return '';
    if (this.isBlocked(account)) return REFUSALS.blocked;
    return this.expired ? REFUSALS.expired : '';
  }

  unblock(account: Account): void {
    account.failedLogins = 0;
    account.blockedUntil = 0;
  }

  #countFailure(account: Account): void {
    const limit = this.#settings.number('Security Session MaxFailedLogins');
    account.failedLogins++;
    if (limit === 0 || account.failedLogins < limit) return;
    account.blockedUntil = Date.now() + this.#settings.number('Security Session FailedLoginsLockoutTime') * MINUTE;
    account.failedLogins = 0;
  }

  setPassphrase(account: Account, passphrase: string): void {
    account.history.push(account.passphrase);
    account.passphrase = passphrase;
    account.passphraseChangeRequired = false;
  }

  /** What the password policy has against it; undefined when nothing. The wording of real devices is not public. */
  objection(passphrase: string, account?: Account): string | undefined {
    const minimum = (name: string) => this.#settings.number(`${POLICY} Complexity Minimum${name}`);
    const count = (pattern: RegExp) => passphrase.match(pattern)?.length ?? 0;
    if (passphrase.length < minimum('Length')) return 'Passphrase is too short';
    if (count(/\d/g) < minimum('Digits')) return 'Passphrase has too few digits';
    if (count(/[a-z]/g) < minimum('Lowercase')) return 'Passphrase has too few lower case letters';
    if (count(/[A-Z]/g) < minimum('Uppercase')) return 'Passphrase has too few upper case letters';
    if (count(/[^\w\s]/g) < minimum('Special')) return 'Passphrase has too few special characters';
    const limit = this.#settings.number(`${POLICY} ReuseLimit`);
    if (account && limit > 0 && [...account.history, account.passphrase].slice(-limit).includes(passphrase)) {
      return 'Passphrase has been used before';
    }
    return undefined;
  }
}
