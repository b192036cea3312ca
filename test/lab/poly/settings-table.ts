import type { PolySpec } from '../types.ts';

export type Kind =
  | { is: 'bool' }
  | { is: 'text'; max: number }
  /** A name or an address: no scheme, no path. */
  | { is: 'host' }
  | { is: 'choice'; of: readonly string[] }
  /** `Off` or a whole number. */
  | { is: 'count' };

export interface Setting {
  /** Name in /rest/config; export-only settings are not found there. */
  name: string;
  /** Attribute name in the exported configuration. */
  exported?: string;
  kind: Kind;
  value: string;
  overRest: boolean;
  editable: boolean;
  secure: boolean;
  needsReboot: boolean;
}

const bool: Kind = { is: 'bool' };
const host: Kind = { is: 'host' };
const count: Kind = { is: 'count' };
const text = (max: number): Kind => ({ is: 'text', max });
const choice = (...of: string[]): Kind => ({ is: 'choice', of });

type Extra = Partial<Omit<Setting, 'name' | 'kind' | 'value'>>;

function setting(name: string, kind: Kind, value: string, extra: Extra = {}): Setting {
  return { name, kind, value, overRest: true, editable: true, secure: false, needsReboot: false, ...extra };
}

/**
 * The settings of a device. Names and sample values as public clients show them: exported names and `exchange.*` from
 * https://github.com/HL727/Meeting, `system.info.*` in /rest/config from the same. That VideoOS answers to the
 * Group's `cal.*` names in /rest/config is likely, not proven; `exchange.*` and `sec.*` are names of the export, and
 * only the latter also answer over REST here, so that a test can change them.
 */
export function settingsOf(spec: PolySpec): Setting[] {
  return [...calendarSettings(spec.calendar), ...identitySettings(spec), ...managementSettings(spec), ...security()];
}

function calendarSettings(calendar: PolySpec['calendar']): Setting[] {
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
    exportOnly('exchange.auth.useLoginCredentials', bool, 'False'),
  ];
}

function identitySettings(spec: PolySpec): Setting[] {
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

function managementSettings(spec: PolySpec): Setting[] {
  const server = spec.provisioningServer ?? '';
  return [
    setting('management.provisioning.enabled', bool, boolText(server !== '')),
    setting('management.provisioning.server', host, server),
  ];
}

function security(): Setting[] {
  const lockout = (prefix: string, attempts: string): Setting[] => [
    named(`${prefix}.failedLoginWindow`, count, 'Off'),
    named(`${prefix}.lockoutAttempts`, count, attempts),
    named(`${prefix}.lockoutTime`, count, '1'),
  ];
  return [
    ...lockout('sec.auth.accountLockout.admin', '10'),
    ...lockout('sec.auth.portLockout', '10'),
    ...lockout('sec.auth.portLockout.ssh', 'Off'),
    named('sec.access.maxSessions', count, '50'),
    named('sec.web.idleSessionTimeout', count, '10'),
    named('sec.web.httpsOnly', bool, 'True'),
    named('sec.ssh.enable', bool, 'True'),
    named('sec.telnet.enable', bool, 'False'),
    named('sec.telnet.apiPort', count, '24'),
    named('sec.TLS.cert.validatePeer.enable', bool, 'False'),
    named('sec.TLS.customCaCert.1', { is: 'text', max: 16_384 }, ''),
  ];
}

function named(name: string, kind: Kind, value: string): Setting {
  return setting(name, kind, value, { exported: name });
}

function exportOnly(name: string, kind: Kind, value: string): Setting {
  return setting(name, kind, value, { exported: name, overRest: false });
}

const boolText = (on: boolean): string => (on ? 'True' : 'False');

const hostName = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
