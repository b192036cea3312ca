/**
 * Ten kinds of host as a customer's network has them, and what each shows to everybody. Written from the reference, not
 * from what the product looks for; what the reference does not know is made up the way devices of the kind do it.
 */

export interface HostKind {
  /** What a person would call it; the names are those that the tests compare with. */
  name: string;
  ours: boolean;
  https?: Web & { subject: string };
  http?: Web;
  /** First line of its SSH server. */
  ssh?: string;
  sip?: { over: 'udp' | 'tcp'; agent: string };
}

export interface Web {
  server?: string;
  /** By path; `*` = any other. */
  pages: Record<string, Page>;
}

export interface Page {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

const page = (title: string): Page => ({
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${title}</title></head><body></body></html>`,
});
const json = (status: number, value: unknown): Page => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const NOT_FOUND: Page = { status: 404, headers: { 'content-type': 'text/html' }, body: '<title>404</title>' };
const codecWeb = (server: string): Web => ({
  server,
  pages: {
    '/': { status: 302, headers: { location: '/web/signin' } },
    '*': {
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="CISCO-Endpoint"', 'content-type': 'text/plain; charset=UTF-8' },
      body: '401 Unauthorized\n',
    },
  },
});

export const HOST_KINDS: readonly HostKind[] = [
  {
    name: 'cisco-roomos',
    ours: true,
    https: { subject: 'RoomKitPro', ...codecWeb('nginx') },
    ssh: 'SSH-2.0-OpenSSH_9.3',
  },
  {
    name: 'cisco-roomos',
    ours: true,
    https: { subject: 'RoomKit', ...codecWeb('nginx/1.8.0') },
    ssh: 'SSH-2.0-OpenSSH_7.4',
    sip: { over: 'udp', agent: 'TANDBERG/529 (ce9.15.0.d97b604b745) Cisco-RoomKit' },
  },
  {
    name: 'cisco-tc',
    ours: true,
    https: { subject: 'SX20', server: 'nginx', pages: { '*': NOT_FOUND } },
    ssh: 'SSH-2.0-OpenSSH_5.9',
    sip: { over: 'tcp', agent: 'TANDBERG/518 (TC7.3.3.c84180a) Cisco-SX20' },
  },
  {
    name: 'poly-videoos',
    ours: true,
    https: {
      subject: 'StudioX50',
      pages: { '/': page(''), '/rest/system': json(403, { code: 403, reason: 'no session' }), '*': NOT_FOUND },
    },
  },
  {
    name: 'poly-group',
    ours: true,
    https: { subject: 'RealPresence', pages: { '*': NOT_FOUND } },
    ssh: 'SSH-2.0-dropbear_2014.63',
    sip: { over: 'udp', agent: 'PolycomRealPresenceGroup500/6.2.2' },
  },
  {
    name: 'poly-trio',
    ours: true,
    https: { subject: '64167F0AB1C2', pages: { '/': page('Poly Trio 8800 - Configuration Utility'), '*': NOT_FOUND } },
  },
  {
    name: 'poly-hdx',
    ours: true,
    http: { server: 'Viavideo-Web', pages: { '/': page('Polycom HDX'), '*': NOT_FOUND } },
  },
  {
    name: 'cisco-roomos',
    ours: true,
    https: { subject: '<script>alert(1)</script>Board', ...codecWeb('nginx') },
  },
  {
    name: 'printer',
    ours: false,
    https: {
      subject: 'NPI4C2F1A',
      server: 'HP HTTP Server; HP LaserJet MFP M528 - 1PV49A; Serial Number: CNB1N1234X',
      pages: { '/': page('HP LaserJet MFP M528'), '*': NOT_FOUND },
    },
  },
  {
    name: 'switch',
    ours: false,
    http: {
      server: 'cisco-IOS',
      pages: { '*': { status: 401, headers: { 'www-authenticate': 'Basic realm="level_15_access"' } } },
    },
    ssh: 'SSH-2.0-Cisco-1.25',
  },
  { name: 'pc', ours: false, ssh: 'SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5' },
  {
    name: 'pc',
    ours: false,
    https: { subject: 'WS-0417', server: 'Microsoft-IIS/10.0', pages: { '/': page('IIS Windows'), '*': NOT_FOUND } },
  },
];
