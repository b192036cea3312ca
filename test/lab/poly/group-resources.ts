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
 * `stateList`. The calendar's resources are those of VideoOS; that a Group has them too is a guess, as is HTTP 401.
 */
export const GROUP: Dialect = {
  xsrf: false,
  notLoggedIn: 401,
  alreadyActive: 400,
  current: false,
  resources: new Map<string, Resource>([
    ['GET system', system],
    ['GET system/status', systemStatus],
    ['GET system/uptime', (device) => json(200, Math.floor((Date.now() - device.bootedAt) / 1000))],
    ['POST system/reboot', reboot],
    ['GET calendar', (device) => json(200, { status: device.calendar.status })],
    ['GET calendar/meetings', meetings],
    ['POST config', config],
  ]),
};

function systemStatus(device: Device): Reply {
  const row = (name: string, languageTag: string, state: string) => ({
    name: `system.status.${name}`,
    languageTag,
    state: [state],
  });
  const managed = device.settings.on('management.provisioning.enabled');
  return json(200, [
    row('inacall', 'IN_A_CALL', device.faults.inCall ? 'up' : 'off'),
    row('microphones', 'MICROPHONES', 'up'),
    row('ipnetwork', 'IP_NETWORK', 'up'),
    row('gatekeeper', 'GATEKEEPER', 'unknown'),
    row('sipserver', 'SIP_SERVER', 'off'),
    row('provisioning', 'PROVISIONING', managed ? 'up' : 'off'),
    row('calendar', 'CALENDAR', device.calendar.row),
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
