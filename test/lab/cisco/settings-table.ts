/**
 * Settings of a codec with defaults, legal values and rights, after the public xAPI schemas of https://roomos.cisco.com
 * (9.15 to 26.4). No schema of CE 8 or of early CE 9 is public, so the first version of a setting is [assumed] where
 * nothing else is said.
 */
import type { LabUser } from '../types.ts';
import { atLeast, type Version } from './version.ts';

export type Role = LabUser['roles'][number];

export interface Setting {
  path: string;
  /** First version that has it; all have it when absent. */
  since?: readonly number[];
  value: string | ((version: Version) => string);
  allowed?: readonly string[] | { min: number; max: number };
  /** Who besides Admin may read it. */
  read: readonly Role[];
  /** Who besides Admin may change it. */
  write: readonly Role[];
}

type More = Partial<Omit<Setting, 'path' | 'value'>>;

const ON_OFF = ['On', 'Off'] as const;
const TRUE_FALSE = ['True', 'False'] as const;
const SHOWN = ['Auto', 'Hidden'] as const;
const ROOM_STAFF = ['Integrator', 'User'] as const;
const STAFF: More = { read: ROOM_STAFF, write: ROOM_STAFF };
const USER: More = { read: ['User'], write: ['User'] };
const range = (min: number, max: number) => ({ min, max });

function setting(path: string, value: Setting['value'], allowed?: Setting['allowed'], more: More = {}): Setting {
  return { path, value, ...(allowed ? { allowed } : {}), read: ['User'], write: [], ...more };
}

function from(major: number, minor: number, later: string, before: string): (version: Version) => string {
  return (version) => (atLeast(version, major, minor) ? later : before);
}

/** Macros came with CE 9.2; the engine QuickJS with 11.14.2.3. */
const MACROS: More = { since: [9, 2] };
const QUICK_JS: More = { since: [11, 14, 2, 3] };
/** [assumed]: HttpClient came with CE 9.6. */
const HTTP_CLIENT: More = { since: [9, 6] };
/** Since CE 9.10, says the schema; before that they were words of `systemtools`. */
const POLICY: More = { since: [9, 10] };
const NTP_SERVERS = [1, 2, 3];

export const SETTINGS: readonly Setting[] = [
  setting('Audio DefaultVolume', '50', range(0, 100), STAFF),
  setting('HttpClient Mode', 'Off', ON_OFF, HTTP_CLIENT),
  setting('HttpClient AllowHTTP', 'True', TRUE_FALSE, HTTP_CLIENT),
  setting('HttpClient AllowInsecureHTTPS', 'False', TRUE_FALSE, HTTP_CLIENT),
  setting('HttpClient UseHttpProxy', 'On', ON_OFF, HTTP_CLIENT),
  setting('Macros Mode', 'Off', ON_OFF, MACROS),
  setting('Macros AutoStart', 'On', ON_OFF, MACROS),
  setting('Macros UnresponsiveTimeout', '5', range(0, 65_535), MACROS),
  setting('Macros EvaluateTranspiled', from(26, 1, 'False', 'True'), TRUE_FALSE, QUICK_JS),
  setting('Macros QuickJSEngine', 'On', ON_OFF, QUICK_JS),
  setting('NetworkServices HTTP Mode', 'HTTPS', ['HTTP+HTTPS', 'HTTPS', 'Off']),
  setting('NetworkServices HTTP Proxy LoginName', ''),
  setting('NetworkServices HTTP Proxy Mode', 'Off', ['Manual', 'Off', 'PACUrl', 'WPAD'], { since: [9, 0] }),
  setting('NetworkServices HTTP Proxy Password', ''),
  setting('NetworkServices HTTP Proxy Url', ''),
  setting(
    'NetworkServices HTTPS Server MinimumTLSVersion',
    from(11, 24, 'TLSv1.2', 'TLSv1.1'),
    ['TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
    { since: [9, 0] },
  ),
  setting('NetworkServices HTTPS StrictTransportSecurity', 'Off', ON_OFF, { since: [9, 0] }),
  setting('NetworkServices HTTPS VerifyClientCertificate', 'Off', ON_OFF),
  setting('NetworkServices NTP Mode', 'Auto', ['Auto', 'Manual', 'Off']),
  ...NTP_SERVERS.flatMap((number) => [
    setting(`NetworkServices NTP Server ${number} Address`, number === 1 ? '0.tandberg.pool.ntp.org' : ''),
    setting(`NetworkServices NTP Server ${number} Key`, ''),
  ]),
  setting('NetworkServices SNMP CommunityName', '', undefined, { read: ROOM_STAFF, write: ['Integrator'] }),
  setting('NetworkServices SNMP Mode', 'Off', ['Off', 'ReadOnly', 'ReadWrite'], {
    read: ROOM_STAFF,
    write: ['Integrator'],
  }),
  setting('NetworkServices SSH Mode', 'On', ON_OFF),
  setting('NetworkServices SSH HostKeyAlgorithm', 'RSA', ['RSA', 'ECDSA', 'ed25519'], { since: [9, 0] }),
  setting('NetworkServices SSH KeyExchangeAlgorithms AllowLegacy', 'On', ON_OFF, { since: [11, 17] }),
  setting('NetworkServices UPnP Mode', (version) => (version.numbers[0] === 10 ? 'Off' : 'On'), ON_OFF),
  setting('NetworkServices Websocket', from(10, 19, 'FollowHTTPService', 'Off'), ['FollowHTTPService', 'Off'], {
    since: [9, 7],
  }),
  setting('NetworkServices WelcomeText', 'On', ON_OFF),
  setting('Provisioning Connectivity', 'Auto', ['Auto', 'External', 'Internal'], USER),
  setting('Provisioning ExternalManager Address', '', undefined, USER),
  setting('Provisioning ExternalManager AlternateAddress', '', undefined, USER),
  setting('Provisioning ExternalManager Domain', '', undefined, USER),
  setting('Provisioning ExternalManager Path', '', undefined, USER),
  setting('Provisioning ExternalManager Protocol', 'HTTP', ['HTTP', 'HTTPS'], USER),
  setting('Provisioning LoginName', '', undefined, USER),
  setting('Provisioning Mode', 'Auto', ['Auto', 'CUCM', 'Edge', 'Off', 'TMS', 'VCS', 'Webex'], USER),
  setting('Provisioning Password', '', undefined, USER),
  setting('Provisioning TlsVerify', 'On', ON_OFF, USER),
  setting('Provisioning WebexEdge', 'Off', ON_OFF, { ...USER, since: [9, 15] }),
  setting('Security Session FailedLoginsLockoutTime', from(26, 2, '5', '60'), range(0, 10_000)),
  setting('Security Session InactivityTimeout', '0', range(0, 10_000)),
  setting('Security Session MaxFailedLogins', from(26, 2, '5', '0'), range(0, 10)),
  setting('Security Session MaxSessionsPerUser', '20', range(1, 20)),
  setting('Security Session MaxTotalSessions', from(11, 0, '30', '20'), range(1, 30)),
  setting('Security Session ShowLastLogon', 'Off', ON_OFF),
  setting('SystemUnit BroadcastName', '', undefined, { since: [10, 0], read: [...ROOM_STAFF, 'RoomControl'] }),
  setting('SystemUnit Name', '', undefined, { read: [...ROOM_STAFF, 'RoomControl'] }),
  setting('Time Zone', 'Etc/UTC', undefined, STAFF),
  setting('UserInterface Bookings Visibility Title', 'Auto', SHOWN, { ...STAFF, since: [9, 0] }),
  setting('UserInterface Bookings Visibility Organizer', 'Auto', SHOWN, { ...STAFF, since: [11, 14] }),
  setting('UserInterface Bookings Visibility EarlyJoin', 'Hidden', SHOWN, { since: [11, 14] }),
  setting('UserManagement PasswordPolicy Complexity MinimumDigits', '0', range(0, 4), POLICY),
  // In 26.4, not in 26.1; what lies between has no public schema.
  setting('UserManagement PasswordPolicy Complexity MinimumEntropy', '0', range(0, 150), { since: [26, 2] }),
  setting('UserManagement PasswordPolicy Complexity MinimumLength', '8', range(0, 256), POLICY),
  setting('UserManagement PasswordPolicy Complexity MinimumLowercase', '0', range(0, 4), POLICY),
  setting('UserManagement PasswordPolicy Complexity MinimumSpecial', '0', range(0, 4), POLICY),
  setting('UserManagement PasswordPolicy Complexity MinimumUppercase', '0', range(0, 4), POLICY),
  setting('UserManagement PasswordPolicy MaxLifetime', '0', range(0, 7300), POLICY),
  setting('UserManagement PasswordPolicy ReuseLimit', '12', range(0, 24), POLICY),
];
