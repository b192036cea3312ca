import type { PolyGroupSpec } from '../types.ts';
import { json, type Reply } from './reply.ts';
import {
  badRequest,
  type Call,
  config,
  type Device,
  type Dialect,
  meetings,
  member,
  type Resource,
  system,
} from './resources.ts';

/**
 * A Group's REST, as clients of 6.2.2.8 show it: no XSRF token, `languageTag` and `state` in place of `langtag` and
 * `stateList`, and no word on the calendar. That it lists meetings as VideoOS does is a guess, as is HTTP 401.
 */
export function groupDialect({ calendarTold = 'meetings' }: Pick<PolyGroupSpec, 'calendarTold'>): Dialect {
  const all = calendarTold === 'all';
  return {
    xsrf: false,
    notLoggedIn: 401,
    alreadyActive: 400,
    current: false,
    resources: new Map<string, Resource>([
      ['GET system', system],
      ['GET system/status', (device) => systemStatus(device, all)],
      ['GET system/uptime', (device) => json(200, Math.floor((Date.now() - device.bootedAt) / 1000))],
      ['POST system/reboot', reboot],
      ...(all ? [['GET calendar', service] as const] : []),
      ...(calendarTold === 'nothing' ? [] : [['GET calendar/meetings', meetings] as const]),
      ['POST config', config],
    ]),
  };
}

const service: Resource = (device) => json(200, { status: device.calendar.status });

/** The rows of a Group 500, recorded; none of them is the calendar's, which `told` adds as a guess. */
function systemStatus(device: Device, told: boolean): Reply {
  const row = (name: string, languageTag: string, state: string) => ({
    name: `system.status.${name}`,
    languageTag,
    state: [state],
  });
  const managed = device.settings.on('management.provisioning.enabled');
  return json(200, [
    row('inacall', 'IN_A_CALL', device.faults.inCall ? 'up' : 'off'),
    row('autoanswerp2p', 'AUTO_ANSWER_P2P', 'off'),
    row('remotecontrol', 'REMOTE_CONTROL', 'up'),
    row('microphones', 'MICROPHONES', 'up'),
    row('visualboard', 'VISUALBOARD', 'up'),
    row('globaldirectory', 'GLOBALDIRECTORY_SERVER', 'off'),
    row('ipnetwork', 'IP_NETWORK', 'up'),
    row('gatekeeper', 'GATEKEEPER', 'unknown'),
    row('sipserver', 'SIP_SERVER', 'off'),
    row('logthreshold', 'LOG_THRESHOLD', 'off'),
    row('meetingpassword', 'MEETING_PASSWORD', 'off'),
    // `down` on a device that nobody manages, as recorded.
    row('provisioning', 'PROVISIONING', managed ? 'up' : 'down'),
    row('rpms', 'RPMS', 'off'),
    row('modularroom', 'MODULAR_ROOM', 'off'),
    ...(told ? [row('calendar', 'CALENDAR', device.calendar.row)] : []),
  ]);
}

function reboot(device: Device, { body }: Call): Reply {
  if (member(body, 'action') !== 'reboot') return badRequest('action');
  if (device.faults.refuseReboot) return badRequest('not now');
  return {
    status: 200,
    type: 'text/plain',
    text: 'System Diags Service: reboot carried out successfully\n',
    cookies: [],
    after: () => device.reboot(),
  };
}
