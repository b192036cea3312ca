import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_BEHAVIOUR } from '../lab/infinity/behaviour.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { BEHAVIOUR, type Call, cisco, ENDPOINTS, GROUPS, poly, raw, startPlatform } from './lab-raw.ts';

let platform: Platform;
let call: Call;

const create = async (body: unknown): Promise<string> => {
  const made = await call('POST', ENDPOINTS, body);
  expect(made.status, made.text).toBe(201);
  return String(made.headers.location);
};

beforeAll(async () => {
  ({ platform, call } = await startPlatform('127.31.7'));
});

afterEach(async () => {
  Object.assign(platform.behaviour, DEFAULT_BEHAVIOUR, BEHAVIOUR);
  await platform.management.start();
  await call('DELETE', ENDPOINTS);
});

afterAll(() => platform.stop());

describe('paths, logins and verbs', () => {
  it('creates with 201, an empty body and a Location', async () => {
    const made = await call('POST', ENDPOINTS, cisco(1));
    expect([made.status, made.text]).toEqual([201, '']);
    expect(made.headers.location).toMatch(/^\/api\/admin\/configuration\/v1\/mjx_endpoint\/\d+\/$/);
    platform.behaviour.location = 'absolute';
    const other = await call('POST', ENDPOINTS, cisco(2));
    expect(String(other.headers.location)).toMatch(/^https:\/\/127\.31\.7\.10:\d+\/api\/.*\/\d+\/$/);
  });

  it('answers 404 without the last slash, 405 to a POST on status, 401 and 403', async () => {
    expect((await call('GET', ENDPOINTS.slice(0, -1))).status).toBe(404);
    expect((await call('GET', '/api/admin/configuration/v1/no_such_thing/')).status).toBe(404);
    expect((await call('GET', `${ENDPOINTS}99999/`)).status).toBe(404);
    expect((await call('POST', '/api/admin/status/v1/mjx_endpoint/', {})).status).toBe(405);
    const refused = await call('GET', ENDPOINTS, undefined, '');
    expect([refused.status, String(refused.headers['www-authenticate']).slice(0, 5)]).toEqual([401, 'Basic']);
    expect((await call('GET', ENDPOINTS, undefined, 'admin:wrong')).status).toBe(401);
    expect((await call('GET', ENDPOINTS, undefined, 'reader:secret')).status).toBe(200);
    expect((await call('POST', ENDPOINTS, cisco(1), 'reader:secret')).status).toBe(403);
  });

  it('lists its resources and describes them', async () => {
    const root = await call('GET', '/api/admin/configuration/v1/');
    expect(root.json.mjx_endpoint).toEqual({ list_endpoint: ENDPOINTS, schema: `${ENDPOINTS}schema/` });
    expect((await call('GET', '/api/admin/status/v1/')).json).toHaveProperty('licensing');
    const schema = (await call('GET', `${ENDPOINTS}schema/?format=json`)).json;
    expect(schema.default_limit).toBe(20);
    expect(schema.fields).toMatchObject({
      endpoint_type: { default: 'CISCO', valid_choices: ['CISCO', 'POLY', 'WEBEX'], type: 'string' },
      mjx_endpoint_group: { type: 'related', related_type: 'to_one', nullable: true },
    });
    for (const name of ['mjx_endpoint_group', 'mjx_integration', 'mjx_graph_deployment', 'worker_vm']) {
      const list = await call('GET', `/api/admin/configuration/v1/${name}/`);
      expect([name, list.status, list.json.objects.length > 0]).toEqual([name, 200, true]);
    }
    const [manager] = (await call('GET', '/api/admin/status/v1/management_vm/')).json.objects;
    expect(manager?.version).toMatch(/^\d+/);
    const [node] = (await call('GET', '/api/admin/status/v1/worker_vm/')).json.objects;
    expect(node?.system_location).toBe('Oslo');
  });

  it('changes, replaces and deletes one; PATCH keeps what it is not given', async () => {
    const uri = await create(cisco(1, { description: 'before', api_password: 'pw' }));
    expect((await call('PATCH', uri, { description: 'after' })).status).toBe(202);
    expect((await call('GET', uri)).json).toMatchObject({ name: 'Room 1', description: 'after' });
    expect(platform.store.follow(uri)?.api_password).toBe('pw');
    expect((await call('PUT', uri, cisco(1, { name: 'New' }))).status).toBe(204);
    expect((await call('GET', uri)).json).toMatchObject({ name: 'New', description: '' });
    expect(platform.store.follow(uri)?.api_password).toBeNull();
    expect((await call('DELETE', uri)).status).toBe(204);
    expect((await call('GET', uri)).status).toBe(404);
  });

  it('changes lists in bulk, all or none, and deletes all of them when no id is given', async () => {
    const first = await create(cisco(1));
    const second = await create(cisco(2));
    const body = { objects: [{ resource_uri: first, description: 'bulk' }, cisco(3)], deleted_objects: [second] };
    expect((await call('PATCH', ENDPOINTS, body)).status).toBe(202);
    const { objects } = (await call('GET', ENDPOINTS)).json;
    expect(objects.map((object) => [object.name, object.description])).toEqual([
      ['Room 1', 'bulk'],
      ['Room 3', ''],
    ]);
    const bad = { objects: [{ resource_uri: first, description: 'no' }, cisco(1)] };
    expect((await call('PATCH', ENDPOINTS, bad)).status).toBe(400);
    expect((await call('GET', first)).json.description).toBe('bulk');
    expect((await call('DELETE', ENDPOINTS)).status).toBe(204);
    expect((await call('GET', ENDPOINTS)).json.meta.total_count).toBe(0);
  });
});

describe('lists', () => {
  it('has pages of 20, relative links and a null at the end', async () => {
    const rooms = Array.from({ length: 25 }, (_, index) => cisco(index));
    expect((await call('PATCH', ENDPOINTS, { objects: rooms })).status).toBe(202);
    const first = (await call('GET', ENDPOINTS)).json;
    expect(first.meta).toMatchObject({ limit: 20, offset: 0, previous: null, total_count: 25 });
    expect(first.objects).toHaveLength(20);
    expect(String(first.meta.next)).toMatch(/^\/api\/admin/);
    const last = (await call('GET', String(first.meta.next))).json;
    expect([last.objects.length, last.meta.next]).toEqual([5, null]);
    expect((await call('GET', `${ENDPOINTS}?limit=0`)).json.objects).toHaveLength(25);
    expect((await call('GET', `${ENDPOINTS}?limit=99999`)).json.meta.limit).toBe(10_000);
    expect((await call('GET', `${ENDPOINTS}?limit=x`)).status).toBe(400);
  });

  it('filters and orders by permitted fields only', async () => {
    await call('PATCH', ENDPOINTS, { objects: [cisco(1), cisco(2), cisco(12)] });
    const names = async (search: string) =>
      (await call('GET', `${ENDPOINTS}?${search}`)).json.objects.map((object) => object.name);
    expect(await names('name=Room%202')).toEqual(['Room 2']);
    expect(await names('name__icontains=ROOM%201&order_by=-name')).toEqual(['Room 12', 'Room 1']);
    expect(await names('room_resource_email__iexact=ROOM-2@lab.example')).toEqual(['Room 2']);
    expect((await call('GET', `${ENDPOINTS}?api_password=x`)).status).toBe(400);
    expect((await call('GET', `${ENDPOINTS}?name__like=x`)).status).toBe(400);
  });
});

describe('what it accepts', () => {
  it.each([
    ['name', { name: 'x'.repeat(101) }],
    ['name', { name: '' }],
    ['endpoint_type', { endpoint_type: 'cisco' }],
    ['use_https', { use_https: true }],
    ['room_resource_email', { room_resource_email: 'no address' }],
    ['api_port', { api_port: 70_000 }],
    ['api_port', { api_port: '443' }],
    ['api_address', { api_address: null }],
    ['api_address', { api_address: 'https://codec/' }],
    ['mjx_endpoint_group', { mjx_endpoint_group: 1 }],
    ['mjx_endpoint_group', { mjx_endpoint_group: `${GROUPS}99/` }],
    ['serial', { serial: 'FOC1' }],
    ['poly_username', { endpoint_type: 'POLY', poly_password: 'x' }],
  ])('refuses a bad %s', async (field, more) => {
    const refused = await call('POST', ENDPOINTS, cisco(1, more));
    expect([refused.status, Object.keys(refused.json)]).toEqual([400, [field]]);
    platform.behaviour.errorShape = 'nested';
    const nested = await call('POST', ENDPOINTS, cisco(1, more));
    expect(Object.keys(nested.json.mjx_endpoint as object)).toEqual([field]);
  });

  it('keeps names and room mailboxes unique, and never tells a password', async () => {
    const uri = await create(poly(1));
    const twice = await call('POST', ENDPOINTS, cisco(1, { room_resource_email: 'ROOM-1@lab.example' }));
    expect([twice.status, Object.keys(twice.json).sort()]).toEqual([400, ['name', 'room_resource_email']]);
    const seen = (await call('GET', uri)).json;
    expect(seen).not.toHaveProperty('poly_password');
    expect(seen.poly_username).toBe('poly-1');
    platform.behaviour.secretsInReplies = 'blank';
    expect((await call('GET', uri)).json.poly_password).toBe('');
    const group = await call('GET', `${GROUPS}1/`);
    expect(group.text).not.toContain('poly-secret');
    expect((group.json.endpoints as Record<string, unknown>[])[0]?.resource_uri).toBe(uri);
    platform.behaviour.membersAs = 'strings';
    expect((await call('GET', `${GROUPS}1/`)).json.endpoints).toEqual([uri]);
    const profiles = '/api/admin/configuration/v1/mjx_integration/1/';
    expect((await call('GET', profiles)).json.graph_deployment).toMatch(/mjx_graph_deployment\/1\/$/);
    platform.behaviour.deploymentsAs = 'objects';
    expect((await call('GET', profiles)).text).not.toContain('graph-secret');
    expect((await call('GET', profiles)).json.graph_deployment).toMatchObject({ resource_uri: expect.any(String) });
  });

  it('counts licences and refuses or accepts what is above them', async () => {
    platform.behaviour.otjTotal = 1;
    const uri = await create(cisco(1));
    const licences = async () => (await call('GET', '/api/admin/status/v1/licensing/')).json.objects[0];
    expect(await licences()).toMatchObject({ otj_count: 1, otj_total: 1 });
    expect((await call('POST', ENDPOINTS, cisco(2))).status).toBe(400);
    platform.behaviour.overLicence = 'accept';
    await create(cisco(2));
    expect(await licences()).toMatchObject({ otj_count: 2 });
    await call('DELETE', uri);
    expect(await licences()).toMatchObject({ otj_count: 1 });
  });
});

describe('bad moments', () => {
  it('says 429 with Retry-After, 503, loses a reply after it saved, and can be switched off', async () => {
    platform.behaviour.ratePerMinute = 1;
    const limited = await call('GET', ENDPOINTS);
    expect([limited.status, Number(limited.headers['retry-after']) > 0]).toEqual([429, true]);
    platform.behaviour.ratePerMinute = 1000;
    platform.behaviour.unavailable = 1;
    expect((await call('GET', ENDPOINTS)).status).toBe(503);
    platform.behaviour.loseReplies = 1;
    await expect(call('POST', ENDPOINTS, cisco(1))).rejects.toThrow();
    expect((await call('GET', ENDPOINTS)).json.meta.total_count).toBe(1);
    await platform.management.stop();
    // The first one may still find its open connection cut.
    await call('GET', ENDPOINTS).catch(() => {});
    await expect(call('GET', ENDPOINTS)).rejects.toThrow(/ECONNREFUSED/);
    await platform.management.start();
    expect((await call('GET', ENDPOINTS)).json.meta.total_count).toBe(1);
  });
});

describe('OAuth2', () => {
  it('gives a token for a good assertion once', async () => {
    const clients = '/api/admin/configuration/v1/oauth2_client/';
    const made = await call('POST', clients, { client_name: 'cli', role: '/api/admin/configuration/v1/role/1/' });
    const id = String(made.json.client_id);
    const key = createPrivateKey(String(made.json.private_key_jwt));
    const url = `${platform.url}/oauth/token/`;
    const assertion = (more: Record<string, unknown> = {}, alg = 'ES256') => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: id, sub: id, aud: url, iat: now, exp: now + 60, jti: randomUUID(), ...more };
      const signed = [{ alg, typ: 'JWT' }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
      return `${signed}.${signature.toString('base64url')}`;
    };
    const token = async (jwt: string) => {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: jwt,
      });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return raw('POST', url, headers, form.toString());
    };
    expect((await token(assertion())).status, 'off on a new platform').toBe(404);
    platform.behaviour.oauth = true;
    const good = assertion();
    const given = await token(good);
    expect(given.json).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect((await call('GET', ENDPOINTS, undefined, `Bearer ${String(given.json.access_token)}`)).status).toBe(200);
    expect((await call('GET', ENDPOINTS, undefined, 'Bearer nonsense')).status).toBe(401);
    expect((await token(good)).status, 'the same jti again').toBe(401);
    expect((await token(assertion({ aud: url.slice(0, -1) }))).status).toBe(401);
    expect((await token(assertion({ exp: 1 }))).status).toBe(401);
    expect((await token(assertion({}, 'HS256'))).status).toBe(401);
    await call('DELETE', clients);
  });
});

describe('roles, passwords and trouble on the way', () => {
  it('lets an OAuth2 client do what its role may, and an account without rights see no One-Touch Join', async () => {
    expect((await call('GET', ENDPOINTS, undefined, 'blind:secret')).status).toBe(403);
    expect((await call('GET', '/api/admin/configuration/v1/system_location/', undefined, 'blind:secret')).status).toBe(
      200,
    );
    expect((await call('GET', ENDPOINTS, undefined, 'expired:secret')).status).toBe(401);
    const away = await call('GET', ENDPOINTS, undefined, 'sent-away:secret');
    expect([away.status, away.headers.location]).toEqual([302, '/admin/password_change/']);
  });

  it('answers with a proxy, with maintenance, with 429 and with 500 after saving, as often as told', async () => {
    Object.assign(platform.behaviour, { proxyPages: 1, proxyStatus: 407 });
    const page = await call('GET', ENDPOINTS);
    expect([page.status, page.headers['content-type'], page.text]).toEqual([
      407,
      'text/html',
      expect.stringContaining('<html>'),
    ]);
    platform.behaviour.tooMany = 1;
    const slow = await call('POST', ENDPOINTS, cisco(1));
    expect([slow.status, slow.headers['retry-after']]).toEqual([429, '0']);
    platform.behaviour.failAfterSaving = 1;
    expect((await call('POST', ENDPOINTS, cisco(1))).status).toBe(500);
    expect((await call('GET', ENDPOINTS)).json.objects).toHaveLength(1);
    platform.behaviour.maintenance = true;
    expect((await call('GET', ENDPOINTS)).status).toBe(503);
  });

  it('tells its own time', async () => {
    platform.behaviour.clockOffsetMs = 3_600_000;
    const ahead = Date.parse(String((await call('GET', ENDPOINTS)).headers.date)) - Date.now();
    expect(Math.abs(ahead - 3_600_000)).toBeLessThan(5000);
  });

  it('meets every trouble by chance, and saves what it says or loses', async () => {
    platform.behaviour.chaos = 1;
    const seen = new Set<number | string>();
    for (let at = 0; at < 30; at++) {
      const made = await call('POST', ENDPOINTS, cisco(at)).catch(() => null);
      seen.add(made?.status ?? 'lost');
    }
    expect([...seen].map(String).toSorted()).toEqual(['429', '500', '503', 'lost']);
  });
});

describe('versions', () => {
  const schemaOf = async () =>
    (await call('GET', `${ENDPOINTS}schema/?format=json`)).json.fields as Record<string, unknown>;

  it('differ in their schema and take only the fields that they know', async () => {
    platform.behaviour.schema = 'older';
    expect(Object.keys(await schemaOf())).not.toContain('webex_device_id');
    expect((await call('POST', ENDPOINTS, cisco(1, { webex_device_id: 'x' }))).json.webex_device_id).toEqual([
      'Unknown field.',
    ]);
    expect((await call('POST', ENDPOINTS, cisco(1, { endpoint_type: 'WEBEX' }))).status).toBe(400);
    expect((await call('GET', await create(cisco(1)))).json).not.toHaveProperty('webex_device_id');
    platform.behaviour.schema = 'newer';
    expect(Object.keys(await schemaOf())).toContain('push_priority');
    expect((await call('GET', await create(cisco(2)))).json).toMatchObject({ push_priority: 5 });
    platform.behaviour.schema = 'stricter';
    expect((await call('POST', ENDPOINTS, cisco(3))).json.tenant_code).toEqual(['This field is required.']);
    platform.behaviour.schema = 'none';
    expect((await call('GET', `${ENDPOINTS}schema/?format=json`)).status).toBe(404);
  });
});
