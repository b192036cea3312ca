import type { Faults, PolyBase } from '../types.ts';
import type { Calendar } from './calendar.ts';
import { json, type Reply, xml } from './reply.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';

/** What differs between Group and VideoOS on the way to their resources. */
export interface Dialect {
  /** Changes need the XSRF token. */
  xsrf: boolean;
  notLoggedIn: 401 | 403;
  alreadyActive: 400 | 412;
  /** A POST with the action `Logout` does not log out. */
  logsOutByDelete?: boolean;
  /** `DELETE /rest/current/session` logs out, and other things answer below `current/` too. */
  current: boolean;
  resources: ReadonlyMap<string, Resource>;
}

export interface Device {
  readonly dialect: Dialect;
  readonly spec: PolyBase;
  readonly settings: Settings;
  readonly sessions: Sessions;
  readonly calendar: Calendar;
  /** The live object: a fault used up is gone from it. */
  readonly faults: Faults;
  readonly bootedAt: number;
  reboot(): void;
}

export interface Call {
  session: Session;
  query: URLSearchParams;
  /** Parsed JSON; undefined when there was none or it was not JSON. */
  body: unknown;
}

export type Resource = (device: Device, call: Call) => Reply;

const BUILD = '600123';

/** What a session may ask for, by method and path without the `/rest/` in front. */
const RESOURCES: ReadonlyMap<string, Resource> = new Map<string, Resource>([
  ['GET system', system],
  ['GET system/status', systemStatus],
  ['GET system/mode/device', () => json(200, { result: false })],
  ['GET system/apps', (device) => json(200, apps(device))],
  ['GET system/apps/all', (device) => json(200, apps(device))],
  ['GET system/mode', (device) => json(200, mode(device))],
  ['POST system/reboot', reboot],
  ['POST devicemanagement/devices', devices],
  ['GET calendar', (device) => json(200, { status: device.calendar.status })],
  ['GET calendar/meetings', meetings],
  ['POST config', config],
  ['GET provisioning/config', (device) => xml(device.settings.exportXml())],
]);

/** As on Studio X30 with 3.10.0 and 3.12.0. */
export const VIDEOOS: Dialect = {
  xsrf: true,
  notLoggedIn: 403,
  alreadyActive: 412,
  current: true,
  resources: RESOURCES,
};

/** Resources that are known to answer below `/rest/current/` as well. */
export const ALSO_CURRENT: ReadonlySet<string> = new Set([
  'system/mode',
  'system/mode/device',
  'system/apps/all',
  'devicemanagement/devices',
]);

export function system(device: Device): Reply {
  const { spec, settings, faults } = device;
  return json(200, {
    build: BUILD,
    buildType: 'Release',
    hardwareVersion: '1',
    lanStatus: { duplex: 'FULL', speedMbps: 1000, state: 'LAN_UP' },
    model: spec.model,
    rebootNeeded: settings.rebootNeeded,
    serialNumber: spec.serial,
    softwareVersion: spec.software,
    state: faults.inCall ? 'IN_CALL' : 'READY',
    systemName: settings.text('system.info.systemname'),
    systemTime: Date.now() + (faults.clockOffsetMs ?? 0),
    timeOffset: 0,
    timeServerState: 'TIMESERVER_UP',
    uptime: Math.round((Date.now() - device.bootedAt) / 10) / 100,
  });
}

function systemStatus(device: Device): Reply {
  const row = (name: string, langtag: string, state: string) => ({
    langtag,
    name: `system.status.${name}`,
    stateList: [state],
  });
  const managed = device.settings.on('management.provisioning.enabled');
  return json(200, [
    row('ipnetwork', 'LAN_NETWORK_HEADING', 'up'),
    row('sipserver', 'SIP_SERVER_HEADING', 'off'),
    row('provisioning', 'PROVISIONING_SERVICE_HEADING', managed ? 'up' : 'off'),
    row('mr.camera', 'CAMERAS_HEADING', 'all_up'),
    row('mr.audio', 'MICROPHONES_HEADING', 'all_up'),
    row('calendar', 'CALENDAR_SERVICE_HEADING', device.calendar.row),
  ]);
}

/** Which applications there are; that Teams stands first while it runs is the lab's guess. */
function apps({ faults }: Device): Record<string, unknown>[] {
  const app = (appName: string, packageName: string, personaName: string, polyCallFeaturesEnabled: boolean) => ({
    appName,
    packageName,
    personaName,
    polyCallFeaturesEnabled,
    versionInfo: '1.0',
  });
  return [
    ...(faults.teamsMode ? [app('Microsoft Teams', 'com.microsoft.teams.ipphone', 'Teams', false)] : []),
    app('Poly', 'com.poly.polylauncher', 'Poly', true),
    app('Device Mode', 'com.polycom.camuvc', 'camuvc', false),
  ];
}

/** That there is such a resource is known; its words are the lab's guess. */
const mode = ({ faults }: Device) => ({
  mode: faults.teamsMode ? 'TEAMS' : 'POLY',
  provider: faults.teamsMode ? 'Teams' : 'Poly',
});

/** A touch panel stands beside the codec, so that only who asks for the CODEC row gets the right MAC address. */
function devices(device: Device, { body }: Call): Reply {
  if (member(body, 'deviceState') !== 'PAIRED') return badRequest('deviceState');
  const { spec, settings } = device;
  const common = { networkInterface: '', serialNumber: '', softwareVersion: spec.software };
  return json(200, [
    {
      ...common,
      connectionType: 'Corp',
      deviceCategory: 'MODULE',
      deviceState: 'CONNECTED',
      deviceType: 'TOUCHCONTROL',
      ip: '',
      macAddress: '00e0dbfe0001',
      productName: 'Poly TC8',
      systemName: 'Poly TC8',
      uid: '1',
    },
    {
      ...common,
      connectionType: 'Unknown',
      deviceCategory: 'SYSTEM',
      deviceState: 'CONNECTED',
      deviceType: 'CODEC',
      ip: spec.address,
      macAddress: spec.mac.toLowerCase(),
      productName: spec.model,
      systemName: settings.text('system.info.systemname'),
      uid: 'local-system',
    },
  ]);
}

/** Of a meeting only `inCall` is publicly known; the other names are the lab's own. */
export function meetings(device: Device, { query }: Call): Reply {
  const asked = query.get('number');
  if (asked !== null && !/^\d{1,4}$/.test(asked)) return badRequest('number');
  const now = Date.now();
  const coming = device.calendar.meetings.filter((meeting) => !(Date.parse(meeting.end) <= now));
  const list = asked === null ? coming : coming.slice(0, Number(asked));
  return json(
    200,
    list.map(({ id, subject, organizer, location, start, end }) => ({
      id,
      subject,
      organizer,
      location,
      startTime: start,
      endTime: end,
      inCall: device.faults.inCall === true && Date.parse(start) <= now,
    })),
  );
}

export function config(device: Device, { body }: Call): Reply {
  const names = member(body, 'names');
  const vars = member(body, 'vars');
  if ((names === undefined) === (vars === undefined)) return badRequest('either names or vars');
  if (names !== undefined) return isTexts(names) ? readConfig(device, names) : badRequest('names');
  if (!isVars(vars)) return badRequest('vars');
  const most = device.faults.dropAfterVars;
  if (most !== undefined) delete device.faults.dropAfterVars;
  const written = device.settings.write(vars.slice(0, most));
  const reply = json(200, { vars: written, rebootNeeded: device.settings.rebootNeeded });
  return most === undefined ? reply : { ...reply, lost: true };
}

function readConfig({ settings, faults: { refuseUnknown } }: Device, names: readonly string[]): Reply {
  const vars = settings.read(names);
  if (refuseUnknown === undefined || vars.every(({ result }) => result === 'NOERROR')) return json(200, { vars });
  return refuseUnknown === 'bare' ? badRequest('unknown name') : json(400, { vars });
}

function reboot(device: Device, { body }: Call): Reply {
  if (member(body, 'action') !== 'reboot') return badRequest('action');
  if (device.faults.refuseReboot) return badRequest('not now');
  return { ...json(200, { success: true }), after: () => device.reboot() };
}

export function badRequest(what: string): Reply {
  return json(400, { success: false, reason: `Bad request: ${what}` });
}

export function member(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name)
    ? (body as Record<string, unknown>)[name]
    : undefined;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isVars = (value: unknown): value is { name: string; value: unknown }[] =>
  Array.isArray(value) && value.every((item) => typeof member(item, 'name') === 'string');
