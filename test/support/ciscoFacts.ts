/** Facts of a codec that is as it should be, for tests of what follows from them. */

import type { CodecUser } from '../../main/endpoints/cisco/facts/users.ts';
import type { CiscoFacts } from '../../main/endpoints/cisco/facts.ts';
import { firmwareOf } from '../../main/endpoints/cisco/firmware.ts';
import { judgeMacros, type Macro } from '../../main/endpoints/cisco/otj/judge.ts';
import type { EndpointTarget, Wish } from '../../main/endpoints/driver.ts';

export const CISCO_WISH: Wish = {
  mailbox: 'fjord@example.com',
  login: { username: 'otj-push', password: 'Wish-Secret-1' },
  server: null,
  takeMacros: [],
  leaveMacros: [],
  accepted: [],
  tidyHttpClient: false,
  clearBookings: false,
  oldPassword: null,
};

export const CISCO_TARGET: EndpointTarget = {
  family: 'cisco-roomos',
  address: '10.0.0.1',
  sshPort: 22,
  httpsPort: 443,
  transport: 'auto',
  lastTransport: null,
  legacy: false,
  username: 'admin',
  password: 'Device "Admin" \\ 7',
  trust: { check: () => undefined },
  timeoutMs: 1_000,
  proofMs: 0,
  proofEveryMs: 50,
};

/** The shortest text that is certainly the Service's macro; more can be appended, it ends in a comment. */
export const OTJ_TEXT = `const url = 'https://fjord.otj.pexip.io/meetings';
xapi.Command.HttpClient.Get({ Url: url }).then(({ Body }) => xapi.Command.Bookings.Put({}, Body)); // One-Touch Join`;

export function codecUser(username: string, change: Partial<CodecUser> = {}): CodecUser {
  const inOrder = { active: true, blocked: false, passphraseChangeRequired: false, passphraseExpired: false };
  return { username, roles: ['Admin'], ...inOrder, ...change };
}

export function ciscoFacts(macros: readonly Macro[], change: Partial<CiscoFacts> = {}): CiscoFacts {
  const software = change.identity?.software ?? 'ce11.27.2.0.0123456789a';
  return {
    identity: { serial: 'FOC1', mac: null, model: 'Cisco Room Kit', software, systemName: 'Fjord' },
    inCall: (change.calls ?? 0) > 0,
    told: [],
    firmware: firmwareOf(software),
    macros: [...macros],
    judgements: judgeMacros(macros),
    users: [codecUser('admin')],
    panels: [{ id: 'lights', sha256: 'aa', layout: null }],
    panelAnswer: '{"Panel":[{"PanelId":{"Value":"lights"}}]}',
    panelExport: null,
    bookings: { ids: ['a'], lastUpdated: null, answer: '{}' },
    settings: {
      'Macros Mode': 'On',
      'Macros AutoStart': 'On',
      'Macros EvaluateTranspiled': 'True',
      'Macros QuickJSEngine': 'On',
      'NetworkServices HTTP Mode': 'HTTPS',
      'NetworkServices HTTPS Server MinimumTLSVersion': 'TLSv1.2',
      'NetworkServices HTTPS VerifyClientCertificate': 'Off',
      'NetworkServices SSH Mode': 'On',
      'NetworkServices Websocket': 'FollowHTTPService',
      'HttpClient Mode': 'On',
      'HttpClient AllowHTTP': 'True',
      'HttpClient AllowInsecureHTTPS': 'False',
      'HttpClient UseHttpProxy': 'On',
    },
    allowedHosts: [],
    clock: { time: '2026-01-01T08:00:00.000Z', offsetMs: 0 },
    ntp: { status: 'Synced', server: '10.0.0.2' },
    outside: {
      mode: 'Auto',
      status: 'Idle',
      manager: null,
      webex: { status: 'Disabled', developerId: null },
      upgrade: null,
    },
    policy: {
      minimum: { MinimumLength: 8, MinimumDigits: 0, MinimumLowercase: 0, MinimumUppercase: 0, MinimumSpecial: 0 },
      lifetimeDays: 0,
    },
    runtime: 'running',
    uptime: 3_600,
    starting: false,
    calls: 0,
    ...change,
  };
}
