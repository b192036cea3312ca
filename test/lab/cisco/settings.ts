/**
 * Settings of a codec with the defaults of its software version, after the public xAPI schemas of
 * https://roomos.cisco.com (9.15 to 26.4).
 */
import type { LabUser } from '../types.ts';
import { type Element, element, leaf, plant } from './tree.ts';
import { atLeast, type Version } from './version.ts';

export type Role = LabUser['roles'][number];

interface Setting {
  path: string;
  /** Undefined when this version has no such setting. */
  value: (version: Version) => string | undefined;
  allowed?: readonly string[] | { min: number; max: number };
  /** Who besides Admin may read and change it. */
  roles?: readonly Role[];
}

const ON_OFF = ['On', 'Off'] as const;
const TRUE_FALSE = ['True', 'False'] as const;
const USER_TOO = ['Integrator', 'User'] as const;
const always = (value: string) => () => value;
const since = (major: number, minor: number, value: string) => (version: Version) =>
  atLeast(version, major, minor) ? value : undefined;
const range = (min: number, max: number) => ({ min, max });

const TABLE: readonly Setting[] = [
  { path: 'Audio DefaultVolume', value: always('50'), allowed: range(0, 100), roles: USER_TOO },
  { path: 'HttpClient Mode', value: always('Off'), allowed: ON_OFF },
  { path: 'HttpClient AllowHTTP', value: always('True'), allowed: TRUE_FALSE },
  { path: 'HttpClient AllowInsecureHTTPS', value: always('False'), allowed: TRUE_FALSE },
  { path: 'HttpClient UseHttpProxy', value: always('On'), allowed: ON_OFF },
  { path: 'Macros Mode', value: always('Off'), allowed: ON_OFF },
  { path: 'Macros AutoStart', value: always('On'), allowed: ON_OFF },
  { path: 'Macros UnresponsiveTimeout', value: always('5'), allowed: range(0, 65535) },
  {
    path: 'Macros EvaluateTranspiled',
    value: (version) => (atLeast(version, 11, 14) ? (atLeast(version, 26, 1) ? 'False' : 'True') : undefined),
    allowed: TRUE_FALSE,
  },
  { path: 'Macros QuickJSEngine', value: since(11, 14, 'On'), allowed: ON_OFF },
  { path: 'NetworkServices HTTP Mode', value: always('HTTPS'), allowed: ['HTTP+HTTPS', 'HTTPS', 'Off'] },
  {
    path: 'NetworkServices HTTPS Server MinimumTLSVersion',
    value: (version) => (atLeast(version, 11, 24) ? 'TLSv1.2' : 'TLSv1.1'),
    allowed: ['TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
  },
  { path: 'NetworkServices HTTPS VerifyClientCertificate', value: always('Off'), allowed: ON_OFF },
  { path: 'NetworkServices SSH Mode', value: always('On'), allowed: ON_OFF },
  { path: 'NetworkServices SSH HostKeyAlgorithm', value: always('RSA'), allowed: ['RSA', 'ECDSA', 'ed25519'] },
  { path: 'NetworkServices SSH KeyExchangeAlgorithms AllowLegacy', value: since(11, 17, 'On'), allowed: ON_OFF },
  { path: 'NetworkServices UPnP Mode', value: always('On'), allowed: ON_OFF },
  {
    path: 'NetworkServices Websocket',
    value: (version) => (atLeast(version, 10, 19) ? 'FollowHTTPService' : 'Off'),
    allowed: ['FollowHTTPService', 'Off'],
  },
  { path: 'NetworkServices WelcomeText', value: always('On'), allowed: ON_OFF },
  { path: 'Provisioning Mode', value: always('Auto') },
  {
    path: 'Security Session FailedLoginsLockoutTime',
    value: (v) => (atLeast(v, 26, 2) ? '5' : '60'),
    allowed: range(0, 10_000),
  },
  { path: 'Security Session InactivityTimeout', value: always('0'), allowed: range(0, 10_000) },
  { path: 'Security Session MaxFailedLogins', value: (v) => (atLeast(v, 26, 2) ? '5' : '0'), allowed: range(0, 10) },
  { path: 'Security Session MaxSessionsPerUser', value: always('20'), allowed: range(1, 100) },
  {
    path: 'Security Session MaxTotalSessions',
    value: (v) => (atLeast(v, 11, 0) ? '30' : '20'),
    allowed: range(1, 100),
  },
  { path: 'Security Session ShowLastLogon', value: always('Off'), allowed: ON_OFF },
  { path: 'SystemUnit Name', value: always(''), roles: USER_TOO },
  { path: 'Time Zone', value: always('Etc/UTC'), roles: USER_TOO },
  { path: 'UserInterface Bookings Visibility Title', value: always('Auto'), allowed: ['Auto', 'Hidden'] },
  { path: 'UserInterface Bookings Visibility Organizer', value: since(11, 14, 'Auto'), allowed: ['Auto', 'Hidden'] },
  { path: 'UserInterface Bookings Visibility EarlyJoin', value: since(11, 14, 'Auto'), allowed: ['Auto', 'Hidden'] },
  { path: 'UserManagement PasswordPolicy Complexity MinimumDigits', value: always('0'), allowed: range(0, 4) },
  { path: 'UserManagement PasswordPolicy Complexity MinimumLength', value: always('8'), allowed: range(0, 256) },
  { path: 'UserManagement PasswordPolicy Complexity MinimumLowercase', value: always('0'), allowed: range(0, 4) },
  { path: 'UserManagement PasswordPolicy Complexity MinimumSpecial', value: always('0'), allowed: range(0, 4) },
  { path: 'UserManagement PasswordPolicy Complexity MinimumUppercase', value: always('0'), allowed: range(0, 4) },
  { path: 'UserManagement PasswordPolicy Complexity MinimumEntropy', value: since(26, 1, '0') },
  { path: 'UserManagement PasswordPolicy MaxLifetime', value: always('0'), allowed: range(0, 7300) },
  { path: 'UserManagement PasswordPolicy ReuseLimit', value: always('12'), allowed: range(0, 24) },
];

const BY_PATH = new Map(TABLE.map((setting) => [setting.path.toLowerCase(), setting]));

export class Settings {
  readonly #values = new Map<string, string>();
  readonly #changed: (path: string) => void;

  /** Overrides may name settings that the table lacks; these take any text. */
  constructor(version: Version, overrides: Record<string, string>, changed: (path: string) => void) {
    for (const setting of TABLE) {
      const value = setting.value(version);
      if (value !== undefined) this.#values.set(setting.path, value);
    }
    for (const [path, value] of Object.entries(overrides)) this.#values.set(this.find(path) ?? path, value);
    this.#changed = changed;
  }

  /** The path as the schema writes it. */
  find(path: string): string | undefined {
    const wanted = path.toLowerCase();
    return this.#values.keys().find((known) => known.toLowerCase() === wanted);
  }

  get(path: string): string {
    return this.#values.get(path) ?? '';
  }

  number(path: string): number {
    return Number(this.get(path));
  }

  /** False when the value is not legal for that setting. */
  set(path: string, value: string): boolean {
    const allowed = BY_PATH.get(path.toLowerCase())?.allowed;
    let legal: string | undefined = value;
    if (allowed && 'min' in allowed) {
      legal = /^\d+$/.test(value) && Number(value) >= allowed.min && Number(value) <= allowed.max ? value : undefined;
    } else if (allowed) {
      legal = allowed.find((known) => known.toLowerCase() === value.toLowerCase());
    }
    if (legal === undefined) return false;
    if (this.#values.get(path) !== legal) {
      this.#values.set(path, legal);
      this.#changed(path);
    }
    return true;
  }

  mayUse(path: string, roles: readonly Role[]): boolean {
    if (roles.includes('Admin')) return true;
    return BY_PATH.get(path.toLowerCase())?.roles?.some((role) => roles.includes(role)) ?? false;
  }

  all(): Record<string, string> {
    return Object.fromEntries([...this.#values].sort(([a], [b]) => a.localeCompare(b)));
  }

  tree(roles: readonly Role[]): Element {
    const root = element('Configuration');
    for (const [path, value] of Object.entries(this.all())) {
      if (!this.mayUse(path, roles)) continue;
      const words = path.split(' ');
      const name = words.pop() ?? '';
      plant(root, words, leaf(name, value, { valueSpaceRef: `/Valuespace/${words.concat(name).join('_')}` }));
    }
    return root;
  }
}
