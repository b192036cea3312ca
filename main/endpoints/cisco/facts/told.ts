/** What a person wants to know of a codec, in its own values. Texts from devices are cut, and hold no control characters. */
import type { Told, ToldKey } from '../../../contract/device.ts';
import { defaultOf, whyLacking } from '../firmware.ts';
import { clockIsOff } from './clock.ts';
import { isInCloud, isInstalling } from './outside.ts';
import type { Readings } from './readings.ts';
import type { SettingPath } from './settings.ts';
import { troubleOf } from './users.ts';

const LONGEST = 300;
const DAY_SECONDS = 86_400;

export function toldBy(seen: Readings): Told[] {
  const { firmware, settings, outside, clock, uptime, ntp, users, panels, bookings, allowedHosts, policy } = seen;
  const told: Told[] = [];
  const tell = (key: ToldKey, value: string | null, warn = false): void => {
    if (value !== null && value !== '') told.push({ key, value: clean(value), warn });
  };
  /** A setting that software of this version must have but does not tell is as shipped, and that is said. */
  const setting = (path: SettingPath): string | null => {
    const branchTold = Object.entries(settings).some(([one, value]) => sameBranch(one, path) && value !== null);
    const shipped = branchTold ? defaultOf(firmware, path) : null;
    return settings[path] ?? (shipped === null ? null : `${shipped} (default)`);
  };
  const named = (path: SettingPath): string | null => {
    const value = setting(path);
    return value === null ? null : `${path.split(' ').at(-1)} ${value}`;
  };
  tell('generation', firmware.name, !firmware.known);
  tell('uptime', uptime === null ? null : `${uptime}s`);
  tell('clock', clock?.time ?? null, clock !== null && clockIsOff(clock));
  tell('ntp', list([ntp.status, ntp.server]), ntp.status !== null && ntp.status !== 'Synced');
  tell('macros', setting('Macros Mode') ?? whyLacking(firmware, 'Configuration Macros Mode'));
  tell('macro-start', setting('Macros AutoStart'));
  tell('macro-engine', list([named('Macros EvaluateTranspiled'), named('Macros QuickJSEngine')]));
  tell('http', setting('NetworkServices HTTP Mode'), settings['NetworkServices HTTP Mode'] === 'Off');
  tell('websocket', setting('NetworkServices Websocket'));
  tell('ssh', setting('NetworkServices SSH Mode'));
  const needsCertificate = settings['NetworkServices HTTPS VerifyClientCertificate'] === 'On';
  const tls = [
    setting('NetworkServices HTTPS Server MinimumTLSVersion'),
    needsCertificate ? named('NetworkServices HTTPS VerifyClientCertificate') : null,
  ];
  tell('tls', list(tls), needsCertificate);
  tell('http-client', setting('HttpClient Mode'));
  tell('http-allowed', allowedHosts === null ? null : list(allowedHosts.map(({ expression }) => expression)));
  tell('provisioning', list([outside.mode, outside.status]));
  const { manager, webex, upgrade } = outside;
  tell('manager', manager && list([manager.name, manager.address]), true);
  tell('webex', webex.status, isInCloud(outside));
  tell('webex-id', webex.developerId);
  tell(
    'users',
    users && list(users.map((user) => `${user.username} (${[...user.roles, ...troubleOf(user)].join(', ')})`)),
  );
  const { lifetimeDays } = policy;
  tell('passphrase-life', lifetimeDays === 0 ? null : `${lifetimeDays * DAY_SECONDS}s`, true);
  tell('panels', list(panels.map(({ id }) => id)));
  tell('bookings', list([`${bookings.ids.length}`, bookings.lastUpdated]));
  tell('upgrade', upgrade, isInstalling(upgrade));
  return told;
}

function list(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(', ');
}

function sameBranch(one: string, other: string): boolean {
  return one.split(' ')[0] === other.split(' ')[0];
}

function clean(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
