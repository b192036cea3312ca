/**
 * What a recording asks a Poly device beside all that its driver reads: further resources, so that later versions find more
 * than today's read, and a few things that must fail. Nothing here changes anything. Paths: public clients of each family and
 * the command table of a RealPresence Group 500.
 */
import type { PolyFamilyName } from '../open.ts';

/** A resource of the HTTP API; with a body it is a POST, of a kind that only asks. */
export interface Resource {
  path: string;
  body?: { names: readonly string[] } | { data: readonly string[] };
}

const NOTHING = 'otj.nothing';
const SYSTEM_NAMES = [
  'system.info.systemname',
  'system.info.serialnumber',
  'system.info.humanreadablemodel',
  'system.info.humanreadableversion',
  'system.network.wired.ethernet.macaddress',
  'system.network.wired.ipv4nic.address',
  'system.network.hostname',
];

const config = (...names: string[]): Resource => ({ path: '/rest/config', body: { names } });
const trioConfig = (...data: string[]): Resource => ({ path: '/api/v1/mgmt/config/get', body: { data } });

const REST: readonly Resource[] = [
  { path: '/rest/system/status' },
  { path: '/rest/calendar' },
  { path: '/rest/calendar/meetings?number=10' },
  config(...SYSTEM_NAMES),
];
const ABSENT: readonly Resource[] = [config(NOTHING), { path: '/rest/otj/nothing' }];

export const RESOURCES: Record<PolyFamilyName, readonly Resource[]> = {
  'poly-videoos': [
    ...REST,
    { path: '/rest/system/apps' },
    { path: '/rest/current/system/apps/all' },
    { path: '/rest/current/session/sessions' },
    ...ABSENT,
  ],
  'poly-group': [...REST, { path: '/rest/system/uptime' }, ...ABSENT],
  'poly-trio': [
    { path: '/api/v1/mgmt/device/info' },
    { path: '/api/v1/mgmt/network/info' },
    trioConfig('exchange.showSeparateAuth', 'apps.restapi.enabled', 'device.baseProfile', 'device.local.deviceName'),
    trioConfig(NOTHING),
    { path: '/api/v1/otj/nothing' },
  ],
};

/** Lines of the command line of a Group. */
export const LINES: readonly string[] = [
  'whoami',
  'systemname get',
  'serialnum',
  'systemsetting get model',
  'callinfo all',
  'otjnothing',
  'otjnothing get',
];

/** Lines that are asked because no device has such a command. */
export const UNKNOWN_LINE = 'otjnothing';
