import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Calendars } from '../lab/calendars.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { startPolyVideoOs } from '../lab/poly/videoos.ts';
import { type PexipService, startService } from '../lab/service/service.ts';
import type { PolySpec, World } from '../lab/types.ts';
import {
  BEHAVIOUR,
  basic,
  type Call,
  cisco,
  ENDPOINTS,
  findItem,
  GROUPS,
  poly,
  ROOMS,
  raw,
  startPlatform,
  until,
} from './lab-raw.ts';

let world: World;
let calendars: Calendars;
let platform: Platform;
let service: PexipService;
let call: Call;

const create = async (body: unknown): Promise<string> => {
  const made = await call('POST', ENDPOINTS, body);
  expect(made.status, made.text).toBe(201);
  return String(made.headers.location);
};
const statusOf = async (name: string) =>
  (await call('GET', `/api/admin/status/v1/mjx_endpoint/?limit=0&endpoint_name=${encodeURIComponent(name)}`)).json
    .objects[0];

beforeAll(async () => {
  ({ world, calendars, platform, call } = await startPlatform('127.31.8'));
  service = await startService({
    world,
    calendars,
    address: '127.31.8.20',
    port: 0,
    endpoints: [
      { mailbox: 'room-1@lab.example', token: 'token-1' },
      { mailbox: 'room-2@lab.example', username: 'room-2', password: 'old' },
    ],
  });
});

afterEach(() => call('DELETE', ENDPOINTS));

afterAll(async () => {
  await platform.stop();
  await service.stop();
});

describe('Conferencing Nodes', () => {
  let codec: Server;
  let port = 0;
  let pushed: { cookie: string | undefined; body: string }[] = [];
  let logins: (string | undefined)[] = [];
  let says = '<Command><BookingsPutResult status="OK"/></Command>';

  beforeAll(async () => {
    const pem = await generate([{ name: 'commonName', value: 'codec' }], { keyType: 'ec', algorithm: 'sha256' });
    codec = createServer({ key: pem.private, cert: pem.cert }, (incoming, response) => {
      let body = '';
      incoming.on('data', (chunk) => {
        body += String(chunk);
      });
      incoming.on('end', () => {
        if (incoming.url === '/xmlapi/session/begin') {
          logins.push(incoming.headers.authorization);
          response.writeHead(204, { 'Set-Cookie': 'SessionId=abc; Path=/' }).end();
        } else if (incoming.url === '/putxml') {
          pushed.push({ cookie: incoming.headers.cookie, body });
          response.end(`<?xml version="1.0"?>${says}`);
        } else {
          response.writeHead(204).end();
        }
      });
    });
    await new Promise<void>((resolve) => codec.listen(0, '127.0.0.1', resolve));
    port = (codec.address() as AddressInfo).port;
  });

  afterAll(() => {
    codec.closeAllConnections();
    codec.close();
  });

  it('push the meetings of a room in a group with a profile, after replication, and say so only when told OK', async () => {
    pushed = [];
    logins = [];
    says = '<Command><BookingsPutResult status="Error"/></Command>';
    const uri = await create(cisco(5, { api_port: port, mjx_endpoint_group: `${GROUPS}2/` }));
    expect(await statusOf('Room 5')).toMatchObject({ last_contact_time: null, number_of_meetings: 0 });
    await new Promise((resolve) => setTimeout(resolve, BEHAVIOUR.replicationMs + 300));
    expect(pushed, 'a group without a profile').toEqual([]);

    await call('PATCH', uri, { mjx_endpoint_group: `${GROUPS}1/` });
    const before = Date.now();
    await until(() => pushed.length > 0);
    expect(Date.now() - before).toBeGreaterThan(BEHAVIOUR.replicationMs - 50);
    await until(async () => (await call('GET', '/api/admin/status/v1/alarm/')).text.includes('Room 5'));
    expect(await statusOf('Room 5')).toMatchObject({ last_contact_time: null });

    says = '<Command><BookingsPutResult status="OK"/></Command>';
    await until(async () => (await statusOf('Room 5'))?.last_contact_time !== null);
    const seen = await statusOf('Room 5');
    const meetings = calendars.meetings(String(ROOMS[5]), 'inf');
    expect(seen).toMatchObject({ number_of_meetings: meetings.length, room_email: ROOMS[5] });
    expect(seen?.last_worker).toMatch(/^conf-[12]$/);
    expect(seen?.last_contact_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
    expect(logins[0], "the profile's account").toBe(basic('otj:from-profile'));
    expect(pushed.at(-1)?.cookie).toBe('SessionId=abc');
    expect(pushed.at(-1)?.body).toContain('<Command><Bookings><Put command="True"><body>');
    expect(pushed.at(-1)?.body).toContain(String(meetings[0]?.id));
    await until(async () => (await statusOf('Room 5'))?.last_contact_time !== seen?.last_contact_time);
    expect((await call('GET', '/api/admin/status/v1/mjx_meeting/')).json.objects).toHaveLength(meetings.length);

    await call('PATCH', uri, { api_username: 'own', api_password: 'own-secret' });
    await until(() => logins.includes(basic('own:own-secret')));
    await call('PATCH', uri, { verify_cert: 'YES' });
    await until(async () => (await call('GET', '/api/admin/status/v1/alarm/')).text.includes('self-signed'));
  });

  it('cannot reach a codec behind a firewall that others pass', async () => {
    platform.behaviour.unreachable = ['127.0.0.1'];
    says = '<Command><BookingsPutResult status="OK"/></Command>';
    pushed = [];
    await create(cisco(6, { api_port: port, mjx_endpoint_group: `${GROUPS}1/` }));
    await until(async () => (await call('GET', '/api/admin/status/v1/alarm/')).text.includes('timed out'));
    expect([pushed, (await statusOf('Room 6'))?.last_contact_time]).toEqual([[], null]);
    platform.behaviour.unreachable = [];
    await until(async () => (await statusOf('Room 6'))?.last_contact_time !== null);
  });

  it('answer Poly devices like an Exchange once the entry has reached them', async () => {
    await create(poly(2));
    expect((await findItem(world.names.resolve('conf-1.lab.example'), 'poly-2:poly-secret')).status).toBe(401);
    await until(
      async () => (await findItem(world.names.resolve('conf-1.lab.example'), 'poly-2:poly-secret')).status === 200,
    );
    const answer = await findItem(world.names.resolve('conf-1.lab.example'), 'poly-2:poly-secret');
    const meetings = calendars.meetings(String(ROOMS[2]), 'inf');
    expect(answer.text.match(/<t:CalendarItem>/g)).toHaveLength(meetings.length);
    expect(answer.text).toContain(`Id="${meetings[0]?.id}"`);
    expect(answer.text).toContain('<m:ResponseCode>NoError</m:ResponseCode>');
    const refused = await findItem(world.names.resolve('conf-1.lab.example'), 'poly-2:old');
    expect([refused.status, String(refused.headers['www-authenticate']).slice(0, 12)]).toEqual([401, 'Basic realm=']);
    expect(await statusOf('Room 2')).toMatchObject({ number_of_meetings: meetings.length, last_worker: 'conf-1' });
  });

  it('serve a Poly of the lab that is set to them', async () => {
    await create(poly(3));
    const mailbox = 'room-3@lab.example';
    const server = 'conf-2.lab.example';
    const calendar = { enabled: true, server, mailbox, domain: '', username: 'poly-3', password: 'poly-secret' };
    const spec: PolySpec = {
      kind: 'poly-videoos',
      address: '127.31.8.40',
      httpsPort: 8443,
      serial: '8G2400AAAAAACN',
      mac: '64:16:7F:00:00:01',
      model: 'StudioX50',
      systemName: 'Room 3',
      software: '4.2.0',
      admin: { username: 'admin', password: 'admin-secret' },
      calendar,
      pollMs: 100,
    };
    const device = await startPolyVideoOs(spec, world);
    await until(async () => (await statusOf('Room 3'))?.last_worker === 'conf-2').finally(() => device.stop());
    expect(JSON.stringify(device.snapshot())).toContain('inf-');
  });

  it('carry a certificate that names them', () => {
    const [first] = platform.nodes;
    expect(new X509Certificate(first?.host.certificate ?? '').checkHost('conf-1.lab.example')).toBeDefined();
    expect(platform.nodes.map((node) => node.fqdn)).toEqual(['conf-1.lab.example', 'conf-2.lab.example']);
    const at = world.names.resolve('CONF-2.lab.example');
    expect(at).toEqual({ address: '127.31.8.12', port: platform.nodes[1]?.host.port });
  });
});

describe('the Service side', () => {
  it('gives macros their meetings by token, and Poly devices theirs by the old login', async () => {
    const at = world.names.resolve('nordbank.otj.pexip.io');
    const get = (token: string) => raw('GET', `https://${at?.address}:${at?.port}/v1/meetings/${token}`, {});
    const answer = await get('token-1');
    const [booking] = answer.json.bookings as Record<string, unknown>[];
    expect(booking).toMatchObject({ Id: expect.stringMatching(/^svc-/), Time: { Duration: expect.any(Number) } });
    expect((await get('token-2')).status).toBe(404);
    const poly = await findItem(world.names.resolve('nordbank.otj.pexip.io'), 'room-2:old');
    expect([poly.status, poly.text.includes('Id="svc-')]).toEqual([200, true]);
    expect((await findItem(world.names.resolve('nordbank.otj.pexip.io'), 'room-2:wrong')).status).toBe(401);
    service.setEnabled('room-1@lab.example', false);
    expect((await get('token-1')).status).toBe(404);
  });
});
