/** The client against a small HTTPS server; what is said of resources is in infinity-entry.test.ts. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OtjError } from '../../main/contract/errors.ts';
import { listEntries } from '../../main/infinity/endpoints.ts';
import { objectPath, RESOURCE } from '../../main/infinity/paths.ts';
import { EntrySchema } from '../../main/infinity/resources.ts';
import { PASSWORD, type RawNode, type Reply, startRawNode } from './infinity-server.ts';

let world: RawNode;
beforeEach(async () => {
  world = await startRawNode();
});
afterEach(() => world.stop());
const open: RawNode['open'] = (options) => world.open(options);
const count: RawNode['count'] = (method) => world.count(method);
const entryRows = () => world.rows[RESOURCE.endpoints] ?? [];
async function refused(work: Promise<unknown>): Promise<OtjError> {
  const thrown = await work.catch((error: unknown) => error);
  if (thrown instanceof OtjError) return thrown;
  throw new Error(`not refused: ${String(thrown)}`);
}

describe('client', () => {
  it('pages through more than a thousand objects, each once', async () => {
    world.rows[RESOURCE.endpoints] = Array.from({ length: 2345 }, (_, i) => ({ id: i + 1, name: `Room ${i}` }));
    expect((await listEntries(open())).map(({ id }) => id)).toEqual(Array.from({ length: 2345 }, (_, i) => i + 1));
    expect(world.asked.map(({ query }) => query.toString())).toEqual([
      'limit=1000&offset=0',
      'limit=1000&offset=1000',
      'limit=1000&offset=2000',
    ]);
  });

  it('reads a list again when it shrinks between two pages, and copes with a smaller page than asked for', async () => {
    world.rows[RESOURCE.endpoints] = Array.from({ length: 1500 }, (_, i) => ({ id: i + 1 }));
    let shrunk = false;
    world.after = ({ query }) => {
      if (shrunk || query.get('offset') !== '0') return undefined;
      shrunk = true;
      const objects = entryRows().slice(0, 1000);
      entryRows().shift();
      return { status: 200, body: { meta: { total_count: 1500 }, objects } };
    };
    expect((await listEntries(open())).map(({ id }) => id)).toEqual(Array.from({ length: 1499 }, (_, i) => i + 2));
    world.before = ({ query }) => {
      const offset = Number(query.get('offset'));
      return { status: 200, body: { meta: { total_count: 1499 }, objects: entryRows().slice(offset, offset + 500) } };
    };
    expect(await listEntries(open())).toHaveLength(1499);
  });

  it('does not believe a list that ends before its count', async () => {
    world.before = () => ({ status: 200, body: { meta: { total_count: 5 }, objects: [] } });
    expect((await refused(listEntries(open()))).code).toBe('INFINITY_ODD');
  });

  it('waits as long as a 429 asks before it reads again', async () => {
    let first = true;
    world.before = () => {
      if (!first) return undefined;
      first = false;
      return { status: 429, headers: { 'retry-after': '1' } };
    };
    const start = performance.now();
    expect(await listEntries(open())).toEqual([]);
    expect(performance.now() - start).toBeGreaterThanOrEqual(999);
    expect(count('GET')).toBe(2);
  });

  it('gives up on a 429 that asks for too long or does not end', async () => {
    world.before = () => ({ status: 429, headers: { 'retry-after': '3600' } });
    expect((await refused(listEntries(open()))).code).toBe('RATE_LIMITED');
    expect(count('GET')).toBe(1);
    world.before = () => ({ status: 429 });
    expect((await refused(listEntries(open()))).code).toBe('RATE_LIMITED');
    expect(count('GET')).toBe(5);
  });

  it.each([500, 502, 503, 504])('repeats a read three times on %i, then calls it unreachable', async (status) => {
    world.before = () => ({ status, body: '<html><title>Bad Gateway</title></html>' });
    expect(await refused(listEntries(open()))).toMatchObject({
      code: 'INFINITY_UNREACHABLE',
      words: `Bad Gateway (HTTP ${status} to GET configuration/v1/mjx_endpoint/)`,
    });
    expect(count('GET')).toBe(4);
  });

  it.each<[string, Reply]>([
    ['503', { status: 503 }],
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['a lost connection', 'drop'],
  ])('never repeats a write by itself on %s', async (_, reply) => {
    world.before = () => reply;
    const client = open();
    await refused(client.post(RESOURCE.endpoints, { name: 'a' }));
    await refused(client.patch(objectPath(`${RESOURCE.endpoints}1/`), { name: 'a' }));
    await refused(client.remove(objectPath(`${RESOURCE.endpoints}1/`)));
    expect(world.asked.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'DELETE']);
  });

  it('tries a wrong password once, whatever is asked at the same time and later', async () => {
    const client = open({ password: 'wrong' });
    const work = Array.from({ length: 8 }, () => refused(listEntries(client)));
    expect(new Set((await Promise.all(work)).map(({ code }) => code))).toEqual(new Set(['INFINITY_LOGIN']));
    expect((await refused(client.post(RESOURCE.endpoints, {}))).code).toBe('INFINITY_LOGIN');
    expect(world.asked).toHaveLength(1);
  });

  it('keeps at most five requests in flight', async () => {
    world.latencyMs = 30;
    const client = open();
    await Promise.all(Array.from({ length: 20 }, () => listEntries(client)));
    expect(world.most).toBe(5);
  });

  it.each<[string, Reply, string]>([
    ['a web page', { status: 200, body: '<!doctype html><title>Sign in</title>' }, 'INFINITY_ODD'],
    ['a web page as 403', { status: 403, body: '<html><title>Blocked</title></html>' }, 'INFINITY_ODD'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example.com/' } }, 'INFINITY_ODD'],
    ['no JSON', { status: 200, body: '{"meta"' }, 'INFINITY_ODD'],
    ['another shape', { status: 200, body: { things: [] } }, 'INFINITY_ODD'],
    ['an object without an id', { status: 200, body: { objects: [{ name: 'a' }] } }, 'INFINITY_ODD'],
    ['no such resource', { status: 404 }, 'INFINITY_ODD'],
    ['a proxy that wants a login', { status: 407 }, 'INFINITY_ODD'],
    ['no permission', { status: 403, body: { error: 'No.' } }, 'INFINITY_FORBIDDEN'],
    ['a bad request', { status: 400, body: { error: 'No.' } }, 'INFINITY_REFUSED'],
    ['a wrong verb', { status: 405 }, 'INFINITY_REFUSED'],
  ])('calls %s by its name and sends nothing more', async (_, reply, code) => {
    world.before = () => reply;
    expect((await refused(listEntries(open()))).code).toBe(code);
    expect(world.asked).toHaveLength(1);
  });

  it('repeats the words of a refusal without the passwords in them', async () => {
    const basic = Buffer.from(`admin:${PASSWORD}`).toString('base64');
    world.before = ({ body }) => ({
      status: 400,
      body: { mjx_endpoint: { api_password: [`"${body?.api_password}" is bad`, `${PASSWORD} ${basic}`] } },
    });
    const error = await refused(open().post(RESOURCE.endpoints, { api_password: 'Codec"Secret' }));
    expect(error).toMatchObject({
      code: 'INFINITY_REFUSED',
      words: 'api_password: "***" is bad; api_password: *** *** (HTTP 400 to POST configuration/v1/mjx_endpoint/)',
    });
  });

  it('gives null for an object that is not there', async () => {
    expect(await open().get(objectPath(`${RESOURCE.endpoints}9/`), EntrySchema)).toBeNull();
  });

  it('sends no single-object verb to a collection, even when a type was forced', async () => {
    const client = open();
    const forced = RESOURCE.endpoints as unknown as ReturnType<typeof objectPath>;
    expect((await refused(client.remove(forced))).code).toBe('INTERNAL');
    expect((await refused(client.patch(forced, {}))).code).toBe('INTERNAL');
    expect(world.asked).toEqual([]);
  });

  it('takes a created object without a Location for odd', async () => {
    world.before = () => ({ status: 201 });
    expect((await refused(open().post(RESOURCE.endpoints, {}))).code).toBe('INFINITY_ODD');
  });

  it('names a server that is not there, slow, or not the one that is trusted', async () => {
    world.before = () => 'hang';
    const slow = await refused(listEntries(open({ timeoutMs: 100 })));
    expect(slow).toMatchObject({ code: 'INFINITY_UNREACHABLE', words: expect.stringContaining('no answer in time') });
    expect((await refused(listEntries(open({ tls: {} })))).code).toBe('HANDSHAKE');
    const other = {
      check: () => {
        throw new OtjError('TRUST_CHANGED');
      },
    };
    expect((await refused(listEntries(open({ tls: { pin: other } })))).code).toBe('TRUST_CHANGED');
    expect(await refused(listEntries(open({ port: 1 })))).toMatchObject({
      code: 'INFINITY_UNREACHABLE',
      words: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('works with a pinned fingerprint', async () => {
    const seen: string[] = [];
    expect(await listEntries(open({ tls: { pin: { check: (_, sha256) => seen.push(sha256) } } }))).toEqual([]);
    const der = Buffer.from(world.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(seen).toEqual([createHash('sha256').update(der).digest('hex')]);
  });

  it('stops at once on request, also while it waits', async () => {
    world.before = () => ({ status: 503, headers: { 'retry-after': '30' } });
    const start = performance.now();
    expect((await refused(listEntries(open({ signal: AbortSignal.timeout(100) })))).code).toBe('CANCELLED');
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('reads again once when a kept connection was closed', async () => {
    let first = true;
    world.before = () => {
      const drop = first;
      first = false;
      return drop ? 'drop' : undefined;
    };
    expect(await open().list(RESOURCE.manager, z.unknown())).toEqual([]);
  });

  it('refuses a user name that Basic authentication cannot carry', () => {
    expect(() => open({ username: 'a:b' })).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
