import type { Faults, PolyTrioSpec } from '../types.ts';
import type { Asked } from './appliance.ts';
import { html, json, type Reply } from './reply.ts';
import { said } from './setting.ts';
import type { Settings } from './settings.ts';

export interface TrioDevice {
  readonly given: PolyTrioSpec;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly bootedAt: number;
  /** Where each parameter's value comes from, when it is not its default. */
  readonly sources: Map<string, string>;
  /** What nobody should have called. */
  readonly misdeeds: string[];
  readonly restarting: boolean;
  safeRestart(): void;
  reset(): void;
}

type Call = (device: TrioDevice, body: unknown) => Reply;

/** As a public client lists them; 4000, 4001 and 4002 are guessed by that list's order. */
export const STATUS = {
  ok: '2000',
  invalid: '4000',
  busy: '4001',
  noCall: '4007',
  tooLarge: '4009',
  defaultPassword: '4010',
  failed: '5000',
} as const;

/** From the maker's REST guide as the lab remembers it. */
const MOST_PARAMETERS = 20;

const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['GET v1/mgmt/device/info', infoV1],
  ['GET v2/mgmt/device/info', infoV2],
  ['GET v1/mgmt/network/info', network],
  ['GET v1/webCallControl/callStatus', callStatus],
  ['GET v2/webCallControl/callStatus', callStatus],
  ['POST v1/mgmt/config/get', configGet],
  ['POST v1/mgmt/config/set', configSet],
  ['POST v1/mgmt/safeRestart', restart],
  ['POST v1/mgmt/factoryReset', reset('factoryReset')],
  ['POST v1/mgmt/configReset', reset('configReset')],
]);

/** HTTP 200 and a `Status` in the body, whatever became of it: that is a guess for all but 2000. */
export const reply = (Status: string, data?: unknown): Reply =>
  json(200, { Status, ...(data === undefined ? {} : { data }) });

/** Of somebody who is logged in. */
export function trioCall(device: TrioDevice, asked: Asked): Reply {
  const call = CALLS.get(`${asked.method} ${asked.path.slice('/api/'.length)}`);
  if (!call) return reply(STATUS.noCall);
  if (!hasVersion(device.given, asked.path)) return { ...html('<title>404 Not Found</title>'), status: 404 };
  const { busyRequests = 0 } = device.faults;
  if (busyRequests > 0) {
    device.faults.busyRequests = busyRequests - 1;
    return reply(STATUS.busy);
  }
  let body: unknown;
  try {
    body = asked.text === '' ? undefined : JSON.parse(asked.text);
  } catch {
    return reply(STATUS.invalid);
  }
  return call(device, body);
}

/** Of what there are two versions, this device may have one. */
function hasVersion({ api }: PolyTrioSpec, path: string): boolean {
  const [, , version, ...rest] = path.split('/');
  const both = ['v1', 'v2'].every((one) => CALLS.has(`GET ${one}/${rest.join('/')}`));
  return !both || api === undefined || api === version;
}

function infoV2(device: TrioDevice): Reply {
  const { given, faults } = device;
  const up = Math.floor((Date.now() - device.bootedAt) / 1000);
  return reply(STATUS.ok, {
    ...identity(given),
    Firmware: { Application: given.software, BootBlock: '3.0.6.0002 (65290-001)', Updater: version(given) },
    UpTime: {
      Days: String(Math.floor(up / 86_400)),
      Hours: String(Math.floor(up / 3600) % 24),
      Minutes: String(Math.floor(up / 60) % 60),
      Seconds: String(up % 60),
    },
    AppState: 'AppStateMenu',
    AttachedHardware: {},
    ReadyToUse: 'True',
    CanApplyShutdownRequest: faults.inCall ? 'False' : 'True',
    IntendToShutdown: device.restarting ? 'True' : 'False',
  });
}

/** Path and names are known of it; a time is written as in `network/stats`, recorded as `1 day 1:41:50`. */
function infoV1({ given, bootedAt }: TrioDevice): Reply {
  const up = Math.floor((Date.now() - bootedAt) / 1000);
  const two = (part: number): string => String(part % 60).padStart(2, '0');
  const days = Math.floor(up / 86_400);
  return reply(STATUS.ok, {
    ...identity(given),
    FirmwareRelease: version(given),
    UpTimeSinceLastReboot: `${days} day${days === 1 ? '' : 's'} ${Math.floor(up / 3600) % 24}:${two(Math.floor(up / 60))}:${two(up)}`,
  });
}

const version = ({ software }: PolyTrioSpec): string => software.split(' ')[0] ?? '';

const identity = ({ address, mac, model }: PolyTrioSpec) => ({
  DeviceType: 'HardwareEndpoint',
  DeviceVendor: 'Polycom',
  IPAddress: address,
  MACAddress: mac.replaceAll(':', '').toLowerCase(),
  ModelNumber: model,
});

function network({ given, settings }: TrioDevice): Reply {
  return reply(STATUS.ok, {
    IPV4Address: given.address,
    ProvServerAddress: settings.text('device.prov.serverName'),
    DHCP: 'enabled',
  });
}

function callStatus({ faults }: TrioDevice): Reply {
  const call = { CallState: 'Connected', Type: 'Incoming', Protocol: 'SIP', CallHandle: '41c2c008', LineID: '1' };
  return reply(STATUS.ok, faults.inCall ? [call] : []);
}

/** A name that it does not know is left out, and a secret reads as nothing: both are guesses. */
function configGet(device: TrioDevice, body: unknown): Reply {
  const names = data(body);
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return reply(STATUS.invalid);
  if (names.length > MOST_PARAMETERS) return reply(STATUS.tooLarge);
  const { hideNames = [], refuseUnknown } = device.faults;
  const known = (name: string) => (hideNames.includes(name) ? undefined : device.settings.named(name));
  if (refuseUnknown && names.some((name) => !known(name))) return reply(STATUS.invalid);
  const found = names.flatMap((name) => {
    const one = known(name);
    const { passwordRow } = device.given;
    if (!one || (one.secure && passwordRow === 'none')) return [];
    const secret = passwordRow === 'null' ? null : '';
    return [[name, { Value: one.secure ? secret : said(one), Source: device.sources.get(name) ?? 'default' }]];
  });
  return reply(STATUS.ok, Object.fromEntries(found));
}

/** All or nothing where a name or value is wrong (a guess); what a fault refuses leaves the others standing. */
function configSet(device: TrioDevice, body: unknown): Reply {
  const wanted = data(body);
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return reply(STATUS.invalid);
  const pairs = Object.entries(wanted);
  if (pairs.length > MOST_PARAMETERS) return reply(STATUS.tooLarge);
  const { settings, faults } = device;
  if (pairs.some(([name, value]) => settings.judge(name, value) !== 'NOERROR')) return reply(STATUS.invalid);
  const most = faults.dropAfterVars;
  if (most !== undefined) delete faults.dropAfterVars;
  const results = settings.write(pairs.slice(0, most).map(([name, value]) => ({ name, value })));
  for (const { name, result } of results) if (result === 'NOERROR') device.sources.set(name, 'web');
  if (most !== undefined) return { ...reply(STATUS.ok), lost: true };
  return reply(results.find(({ result }) => result !== 'NOERROR')?.result ?? STATUS.ok);
}

function restart(device: TrioDevice): Reply {
  return { ...reply(STATUS.ok), after: () => device.safeRestart() };
}

function reset(what: string): Call {
  return (device) => {
    device.misdeeds.push(what);
    device.reset();
    return { ...reply(STATUS.ok), after: () => device.safeRestart() };
  };
}

function data(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
}
