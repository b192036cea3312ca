/** The client signed in as an OAuth2 client, with a CA file, and against other versions, all on the lab's platform. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { type InfinityClient, type InfinityOptions, openInfinity } from '../../main/infinity/client.ts';
import { listEntries, putEntry } from '../../main/infinity/endpoints.ts';
import type { EntryWish } from '../../main/infinity/entry.ts';
import type { InfinityLogin } from '../../main/infinity/login.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { readAuthorities } from '../../main/services/authorities.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/infinity/behaviour.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { BEHAVIOUR, type Call, ENDPOINTS, GROUPS, startPlatform } from './lab-raw.ts';

const CLIENTS = '/api/admin/configuration/v1/oauth2_client/';
let platform: Platform;
let call: Call;
let login: Extract<InfinityLogin, { kind: 'oauth2' }>;
const clients: InfinityClient[] = [];

beforeAll(async () => {
  ({ platform, call } = await startPlatform('127.31.9'));
});
afterEach(async () => {
  Object.assign(platform.behaviour, DEFAULT_BEHAVIOUR, BEHAVIOUR);
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await call('DELETE', ENDPOINTS);
  await call('DELETE', CLIENTS);
});
afterAll(() => platform.stop());

async function register(role: number): Promise<Extract<InfinityLogin, { kind: 'oauth2' }>> {
  platform.behaviour.oauth = true;
  const { json } = await call('POST', CLIENTS, {
    client_name: `client ${role}`,
    role: `/api/admin/configuration/v1/role/${role}/`,
  });
  return { kind: 'oauth2', clientId: String(json.client_id), privateKey: String(json.private_key_jwt) };
}

function open(options: Partial<InfinityOptions> = {}): InfinityClient {
  const { hostname, port } = new URL(platform.url);
  const tls = { ca: platform.management.certificate };
  const admin: InfinityLogin = { kind: 'basic', username: 'admin', password: 'secret' };
  const client = openInfinity({ address: hostname, port: Number(port), tls, login: admin, retryMs: 10, ...options });
  clients.push(client);
  return client;
}

async function refused(work: Promise<unknown>): Promise<OtjError> {
  const thrown = await work.catch((error: unknown) => error);
  if (thrown instanceof OtjError) return thrown;
  throw new Error(`not refused: ${String(thrown)}`);
}

const wish: EntryWish = {
  name: 'Fjord',
  description: '3rd floor',
  family: 'CISCO',
  mailbox: 'room-1@lab.example',
  groupUri: `${GROUPS}1/`,
  address: '127.0.0.1',
  port: null,
  username: 'otj-push',
  password: 'Codec+Secret-20-chars',
};
const skog: EntryWish = {
  ...wish,
  name: 'Skog',
  family: 'POLY',
  mailbox: 'room-2@lab.example',
  address: '127.0.0.2',
  username: 'skog',
};

/** Tokens that were asked for while `work` went on. */
async function tokensDuring(work: () => Promise<unknown>): Promise<number> {
  const before = platform.requests.token;
  await work();
  return platform.requests.token - before;
}

describe('an OAuth2 client', () => {
  it('signs in with one token for all that goes on at the same time', async () => {
    login = await register(1);
    const client = open({ login });
    expect(await tokensDuring(() => Promise.all(Array.from({ length: 8 }, () => listEntries(client))))).toBe(1);
    expect(await putEntry(client, wish, {})).toMatchObject({ created: true });
  });

  it('renews its token before it ends, and when the reply does not tell its life', async () => {
    login = await register(1);
    platform.behaviour.tokenSeconds = 1;
    const client = open({ login });
    await listEntries(client);
    expect(await tokensDuring(() => listEntries(client)), 'half its life is left').toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await tokensDuring(() => listEntries(client)), 'less than half').toBe(1);
    platform.behaviour.tokenSeconds = 3600;
    const early = open({ login });
    await listEntries(early);
    platform.behaviour.tokenSeconds = null;
    expect(await tokensDuring(() => listEntries(early))).toBe(0);
    expect(await tokensDuring(() => listEntries(open({ login })))).toBe(1);
    platform.behaviour.tokenSeconds = 3600;
  });

  it('reads the life of a token, and everything else, also where numbers are written as texts', async () => {
    login = await register(1);
    platform.behaviour.valuesAs = 'texts';
    try {
      const client = open({ login });
      expect(await putEntry(client, { ...wish, name: 'Texts', mailbox: 'texts@lab.example' }, {})).toMatchObject({
        created: true,
      });
      expect(await tokensDuring(() => listEntries(client))).toBe(0);
    } finally {
      platform.behaviour.valuesAs = 'json';
    }
  });

  it('gets one new token when the platform has forgotten the old one, also for a write', async () => {
    login = await register(1);
    const client = open({ login });
    await putEntry(client, wish, {});
    await platform.management.stop();
    await platform.management.start();
    expect(await tokensDuring(() => putEntry(client, { ...wish, description: 'moved' }, {}))).toBe(1);
    await platform.management.stop();
    await platform.management.start();
    const all = () => Promise.all(Array.from({ length: 5 }, () => listEntries(client)));
    expect(await tokensDuring(all), 'whoever meets it at once shares it').toBe(1);
  });

  it('stops when the new token is refused as well', async () => {
    login = await register(1);
    const client = open({ login });
    await listEntries(client);
    await call('DELETE', CLIENTS);
    expect((await refused(listEntries(client))).code).toBe('INFINITY_LOGIN');
    expect(await tokensDuring(() => refused(listEntries(client))), 'nothing more is sent').toBe(0);
  });

  it.each([
    ['ahead', -20, /20 min ahead of Infinity/],
    ['behind', 90, /90 min behind Infinity/],
  ])('tells that the clock of this computer is %s', async (_, minutes, words) => {
    login = await register(1);
    platform.behaviour.clockOffsetMs = minutes * 60_000;
    expect(await refused(listEntries(open({ login })))).toMatchObject({
      code: 'CLOCK_SKEW',
      words: expect.stringMatching(words),
    });
  });

  it('is told from a wrong key, an unknown client and a platform without OAuth2, and no key comes back in words', async () => {
    login = await register(1);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const wrong = await refused(listEntries(open({ login: { ...login, privateKey: other } })));
    expect(wrong).toMatchObject({ code: 'INFINITY_LOGIN', words: expect.stringContaining('invalid_client') });
    expect((await refused(listEntries(open({ login: { ...login, clientId: 'nobody' } })))).code).toBe('INFINITY_LOGIN');
    platform.behaviour.oauth = false;
    expect((await refused(listEntries(open({ login })))).code).toBe('OAUTH_OFF');
    expect(JSON.stringify(wrong.toProblem())).not.toContain(other.slice(40, 80));
  });

  it('asks again for a token that the platform could not give just now', async () => {
    login = await register(1);
    platform.behaviour.unavailable = 2;
    expect(await listEntries(open({ login }))).toEqual([]);
    platform.behaviour.tooMany = 1;
    expect(await listEntries(open({ login }))).toEqual([]);
  });

  it('may do what its role may do', async () => {
    login = await register(2);
    const client = open({ login });
    expect(await listEntries(client)).toEqual([]);
    expect((await refused(putEntry(client, wish, {}))).code).toBe('INFINITY_FORBIDDEN');
    expect((await call('GET', ENDPOINTS)).json.objects).toEqual([]);
  });
});

describe('a file of authorities', () => {
  it('vouches for the certificate in the place of the system, and another does not', async () => {
    const { ca, subjects } = readAuthorities(Buffer.from(platform.management.certificate));
    expect(subjects).toEqual(['CN=manager.lab.example']);
    expect(await listEntries(open({ tls: { ca } }))).toEqual([]);
    const node = platform.nodes[0]?.host.certificate ?? '';
    expect((await refused(listEntries(open({ tls: { ca: node } })))).code).toBe('HANDSHAKE');
    expect((await refused(listEntries(open({ tls: {} })))).code).toBe('HANDSHAKE');
  });
});

describe('another version', () => {
  it.each(['older', 'newer', 'none'] as const)('gets only fields that it knows: %s', async (schema) => {
    platform.behaviour.schema = schema;
    const client = open();
    expect(await putEntry(client, wish, {})).toMatchObject({ created: true });
    if (schema !== 'none') expect(await putEntry(client, skog, {})).toMatchObject({ created: true });
    expect((await call('GET', ENDPOINTS)).json.objects[0]).toMatchObject({ name: 'Fjord', use_https: 'YES' });
    // and a second time there is nothing to mend but the password
    expect(await putEntry(client, wish, {})).toMatchObject({ created: false });
  });

  it('is refused, with nothing written, when it demands a field that we do not know', async () => {
    platform.behaviour.schema = 'stricter';
    const error = await refused(putEntry(open(), wish, {}));
    expect(error).toMatchObject({ code: 'INFINITY_VERSION', words: expect.stringContaining('tenant_code') });
    expect((await call('GET', ENDPOINTS)).json.objects).toEqual([]);
  });

  it('is asked for its schema once', async () => {
    const client = open();
    const before = platform.requests.all;
    await Promise.all([client.schema(RESOURCE.endpoints), client.schema(RESOURCE.endpoints)]);
    await client.schema(RESOURCE.endpoints);
    expect(platform.requests.all - before).toBe(1);
  });
});

describe('what stands in between', () => {
  it.each([
    [200, 'INFINITY_ODD'],
    [403, 'INFINITY_ODD'],
    [407, 'INFINITY_ODD'],
    [502, 'INFINITY_UNREACHABLE'],
  ] as const)('is named by its web page: %i', async (status, code) => {
    Object.assign(platform.behaviour, { proxyPages: 9, proxyStatus: status });
    expect(await refused(listEntries(open()))).toMatchObject({ code, words: expect.stringContaining('Web gateway') });
  });

  it('does not make a second entry when a change is saved and answered with a 500', async () => {
    platform.behaviour.failAfterSaving = 1;
    expect(await putEntry(open(), wish, {})).toMatchObject({ created: true });
    expect((await call('GET', ENDPOINTS)).json.objects).toHaveLength(1);
  });

  it('is waited for while the node is in maintenance, and then given up', async () => {
    platform.behaviour.maintenance = true;
    expect((await refused(listEntries(open()))).code).toBe('INFINITY_UNREACHABLE');
  });
});
