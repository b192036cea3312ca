import type { PolyBase, PolyGroupSpec, PolySpec } from '../types.ts';
import { namesOf } from './firmware.ts';
import {
  bool,
  boolText,
  choice,
  count,
  type Extra,
  host,
  hostName,
  type Kind,
  renamed,
  type Setting,
  setting,
  text,
} from './setting.ts';

/**
 * The settings of a VideoOS device. Names and sample values as public clients show them: exported names and
 * `exchange.*` from https://github.com/HL727/Meeting, `system.info.*` in /rest/config from the same. What the
 * calendar's are called in /rest/config is not publicly known: see `firmware.ts`. `sec.*` are names of the export,
 * and answer over REST here too, so that a test can change them.
 */
export function videoOsSettings(spec: PolySpec): Setting[] {
  const { names, words } = namesOf(spec);
  const calendar = calendarSettings(spec.calendar).map((one) => renamed(one, names(one.key), words));
  const security = securitySettings().map((one) => ({
    ...one,
    exported: one.key,
    secure: spec.hidesAuthorities === true && one.key.startsWith('sec.TLS.customCaCert.'),
  }));
  const all = [...calendar, ...identitySettings(spec), ...managementSettings(spec), ...security];
  return withOwn(withPort(all, spec), spec);
}

/** The Group's own names of what the lab knows by the export's name of VideoOS; the last two are the lab's guesses. */
const GROUP_NAMES: Readonly<Record<string, string>> = {
  ...lockoutNames('sec.auth.accountLockout.admin', 'security.authentication.lockout.accountlockout.admin'),
  ...lockoutNames('sec.auth.portLockout', 'security.authentication.lockout.portlockout.web'),
  ...lockoutNames('sec.auth.portLockout.ssh', 'security.authentication.lockout.portlockout.ssh'),
  'sec.telnet.enable': 'security.remoteaccess.telnet.enabled',
  'sec.telnet.apiPort': 'security.remoteaccess.telnet.apiport',
  'sec.ssh.enable': 'security.remoteaccess.ssh.enabled',
  'sec.access.maxSessions': 'security.remoteaccess.maxsessions',
  'sec.web.idleSessionTimeout': 'security.remoteaccess.idlesessiontimeout',
};

/** The settings of a Group: `cal.*` as in the device's own command table, and no export. */
export function groupSettings(spec: PolyGroupSpec): Setting[] {
  const named = [
    ...calendarSettings(spec.calendar).filter((one) => one.key.startsWith('cal.')),
    ...identitySettings(spec),
    ...managementSettings(spec),
    ...securitySettings({ attempts: '5' }).map((one) => renamed(one, GROUP_NAMES[one.key])),
  ];
  const all = named.map(({ exported: _none, ...one }) =>
    one.key === 'sec.telnet.enable' ? { ...one, value: 'True' } : one,
  );
  return withOwn(withPort(all, spec), spec);
}

/** The lab's ports are not a real device's. */
function withPort(settings: Setting[], { telnetPort }: { telnetPort?: number }): Setting[] {
  if (telnetPort === undefined) return settings;
  return settings.map((one) => (one.key === 'sec.telnet.apiPort' ? { ...one, value: String(telnetPort) } : one));
}

function lockoutNames(key: string, name: string): Record<string, string> {
  return {
    [`${key}.failedLoginWindow`]: `${name}.failedloginwindow`,
    [`${key}.lockoutAttempts`]: `${name}.lockoutattempts`,
    [`${key}.lockoutTime`]: `${name}.lockouttime`,
  };
}

function withOwn(settings: Setting[], spec: PolyBase): Setting[] {
  const own = spec.settings ?? {};
  const known = new Set(settings.map((one) => one.key));
  for (const key of Object.keys(own)) if (!known.has(key)) throw new RangeError(`no setting ${key}`);
  return settings.map((one) => (own[one.key] === undefined ? one : { ...one, value: String(own[one.key]) }));
}

function calendarSettings(calendar: PolyBase['calendar']): Setting[] {
  return [
    setting('cal.enabled', bool, boolText(calendar.enabled), { exported: 'exchange.enable' }),
    setting('cal.ews.server', host, calendar.server, { exported: 'exchange.server.url' }),
    setting('cal.ews.mailbox', text(255), calendar.mailbox, { exported: 'exchange.auth.email' }),
    setting('cal.ews.domain', text(255), calendar.domain, { exported: 'exchange.auth.domain' }),
    setting('cal.ews.username', text(64), calendar.username, { exported: 'exchange.auth.userName' }),
    setting('cal.ews.password', text(255), calendar.password, { exported: 'exchange.auth.password', secure: true }),
    setting('cal.ews.secureconnectionprotocol', choice('Auto', 'tlsv1'), 'Auto'),
    setting('cal.ews.oauth.enabled', bool, 'False'),
    setting('cal.ews.oauth.accesstoken', text(4096), '', { secure: true }),
    setting('cal.ews.oauth.refreshtoken', text(4096), '', { secure: true }),
    setting('cal.ews.oauth.expiration', text(64), ''),
    setting('cal.remindertime', choice('None', '1', '5', '10', '15', '30'), '5', {
      exported: 'exchange.meeting.reminderInterval',
    }),
    setting('cal.playremindertone', bool, 'True', { exported: 'exchange.meeting.reminderSound.enable' }),
    setting('cal.showprivatemeeting', bool, 'False', { exported: 'exchange.showPrivateMeeting' }),
    setting('exchange.auth.useLoginCredentials', bool, 'False', { exported: 'exchange.auth.useLoginCredentials' }),
  ];
}

/** Where certificates of authorities are installed. */
export const CA_SLOTS = ['sec.TLS.customCaCert.1', 'sec.TLS.customCaCert.2', 'sec.TLS.customCaCert.3'] as const;

function identitySettings(spec: PolyBase): Setting[] {
  const fixed: Extra = { editable: false };
  return [
    setting('system.info.systemname', text(64), spec.systemName, { exported: 'device.local.deviceName' }),
    setting('system.info.serialnumber', text(64), spec.serial, fixed),
    setting('system.info.humanreadablemodel', text(64), spec.model, fixed),
    setting('system.info.humanreadableversion', text(64), spec.software, fixed),
    setting('system.network.wired.ethernet.macaddress', text(17), spec.mac, fixed),
    setting('system.network.wired.ipv4nic.address', text(15), spec.address, fixed),
    setting('system.network.hostname', text(63), hostName(spec.systemName), { needsReboot: true }),
    setting('comm.nics.sipnic.sipusername', text(255), ''),
  ];
}

function managementSettings(spec: PolyBase): Setting[] {
  const server = spec.provisioningServer ?? '';
  return [
    setting('management.provisioning.enabled', bool, boolText(server !== '')),
    setting('management.provisioning.server', host, server),
  ];
}

function securitySettings({ attempts }: { attempts: string } = { attempts: '10' }): Setting[] {
  const lockout = (prefix: string, most: string): Setting[] => [
    setting(`${prefix}.failedLoginWindow`, count, 'Off'),
    setting(`${prefix}.lockoutAttempts`, count, most),
    setting(`${prefix}.lockoutTime`, count, '1'),
  ];
  const more: readonly (readonly [key: string, kind: Kind, value: string])[] = [
    ['sec.access.maxSessions', count, '50'],
    ['sec.web.idleSessionTimeout', count, '10'],
    ['sec.web.httpsOnly', bool, 'True'],
    ['sec.ssh.enable', bool, 'True'],
    ['sec.telnet.enable', bool, 'False'],
    ['sec.telnet.apiPort', count, '24'],
    ['sec.TLS.cert.validatePeer.enable', bool, 'False'],
    // One slot is known, more are a guess.
    ...CA_SLOTS.map((slot) => [slot, text(16_384), ''] as const),
  ];
  return [
    ...lockout('sec.auth.accountLockout.admin', attempts),
    ...lockout('sec.auth.portLockout', attempts),
    ...lockout('sec.auth.portLockout.ssh', attempts === '10' ? 'Off' : attempts),
    ...more.map(([key, kind, value]) => setting(key, kind, value)),
  ];
}
