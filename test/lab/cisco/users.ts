/** Local accounts: roles, passphrases, failed logins and the lock-out that newer software sets by default. */
import type { LabUser } from '../types.ts';
import type { Role, Settings } from './settings.ts';

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

const MINUTE = 60_000;
const POLICY = 'UserManagement PasswordPolicy';

export class Users {
  readonly #accounts = new Map<string, Account>();
  readonly #settings: Settings;

  constructor(users: readonly LabUser[], settings: Settings) {
    this.#settings = settings;
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

  /**
   * Failures of web and SSH count together. A blocked account refuses even the right passphrase, with the same answer
   * as for a wrong one.
   */
  login(username: string, passphrase: string, door: Door): Account | undefined {
    const account = this.#accounts.get(username);
    if (!account || this.isBlocked(account)) return undefined;
    if (account.passphrase !== passphrase) {
      this.#countFailure(account);
      return undefined;
    }
    if (!account.active || account.passphraseChangeRequired || (door === 'SSH' && !account.shellLogin))
      return undefined;
    account.failedLogins = 0;
    return account;
  }

  isBlocked(account: Account): boolean {
    return account.blockedUntil > Date.now();
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
