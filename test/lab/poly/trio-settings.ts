import type { PolyTrioSpec } from '../types.ts';
import { bool, boolText, choice, count, type Kind, type Setting, setting, text } from './setting.ts';

/** The calendar's part, and the names that the lab's other families know it by. */
export const CALENDAR_PARAMETERS = /^(exchange\.|feature\.exchangeCalendar\.)/;

/**
 * Parameters of a Trio with the defaults of the 8800's and C60's sample files (https://github.com/HL727/Meeting). The
 * key is the parameter's name. How long a text may be, `device.baseProfile` and `device.prov.serverName` are from the
 * maker's administrator guide as the lab remembers it.
 */
export function trioSettings(spec: PolyTrioSpec): { settings: Setting[]; set: ReadonlySet<string> } {
  const { calendar } = spec;
  const defaults: readonly (readonly [name: string, kind: Kind, value: string])[] = [
    ['feature.exchangeCalendar.enabled', bool, 'False'],
    ['feature.exchangeCalendar.validateCaCerts', bool, 'False'],
    ['exchange.server.url', text(255), ''],
    ['exchange.auth.email', text(255), ''],
    ['exchange.auth.domain', text(255), ''],
    ['exchange.auth.password', text(255), ''],
    ['exchange.userId', text(255), ''],
    ['exchange.targetMailbox', text(255), ''],
    ['exchange.showSeparateAuth', bool, 'False'],
    ['exchange.IgnoreSslErrors.enabled', bool, 'False'],
    ['exchange.pollInterval', count, '30000'],
    ['exchange.reconnectOnError', bool, 'True'],
    ['exchange.NTLMonTokenFail.enabled', bool, 'False'],
    ['exchange.service.retryCount', count, '2'],
    ['exchange.meeting.reminderEnabled', bool, 'True'],
    ['exchange.meeting.reminderInterval', count, '300'],
    ['exchange.meeting.parseWhen', choice('NonSkypeMeeting', 'Always', 'Never'), 'NonSkypeMeeting'],
    ['exchange.meeting.parseOption', choice('All', 'Location', 'LocationAndSubject', 'Description'), 'All'],
    ['apps.restapi.enabled', bool, 'False'],
    ['httpd.cfg.secureTunnelRequired', bool, 'True'],
    ['httpd.cfg.lockWebUI.enable', bool, 'True'],
    ['httpd.cfg.lockWebUI.noOfInvalidAttempts', count, '5'],
    ['httpd.cfg.lockWebUI.invalidAttemptsTimeout', count, '60'],
    ['httpd.cfg.lockWebUI.lockOutDuration', count, '60'],
    ['device.sec.TLS.customCaCert1', text(16_384), ''],
    ['device.baseProfile', choice('Generic', 'Lync', 'MSTeams'), 'Generic'],
    ['device.prov.serverName', text(255), ''],
    ['device.local.deviceName', text(64), ''],
  ];
  const own: Record<string, string> = {
    'feature.exchangeCalendar.enabled': boolText(calendar.enabled),
    'exchange.server.url': calendar.server,
    'exchange.auth.email': calendar.mailbox,
    'exchange.auth.domain': calendar.domain,
    'exchange.auth.password': calendar.password,
    // There is no user name of its own: that the login goes here is a guess.
    'exchange.userId': calendar.username,
    'apps.restapi.enabled': boolText(spec.rest !== false),
    'device.local.deviceName': spec.systemName,
    'device.prov.serverName': spec.provisioningServer ?? '',
    ...spec.settings,
  };
  const set = new Set<string>();
  const settings = defaults.map(([name, kind, value]) => {
    const mine = own[name] ?? value;
    if (mine !== value) set.add(name);
    return setting(name, kind, mine, { words: 'digit', secure: name.endsWith('.password') });
  });
  for (const name of Object.keys(own)) {
    if (!settings.some(({ key }) => key === name)) throw new RangeError(`no parameter ${name}`);
  }
  return { settings, set };
}
