/** A room's entry, its contact and the site's set-up against a small HTTPS server that loses replies on demand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { listContacts, pickContact } from '../../main/infinity/contact.ts';
import { putEntry, removeEntry, restoreEntry } from '../../main/infinity/endpoints.ts';
import type { EntryWish } from '../../main/infinity/entry.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { EntrySchema } from '../../main/infinity/resources.ts';
import { readSetup } from '../../main/infinity/setup.ts';
import { type RawNode, type Reply, startRawNode } from './infinity-server.ts';

const wish: EntryWish = {
  name: 'Oslo-Fjord',
  description: '',
  family: 'CISCO',
  mailbox: 'fjord@example.com',
  groupUri: `${RESOURCE.groups}3/`,
  address: '10.20.3.41',
  port: null,
  username: 'otj-push',
  password: 'Codec+Secret-20-chars',
};
const poly: EntryWish = { ...wish, name: 'Skog', family: 'POLY', mailbox: 'skog@example.com', username: 'skog' };

/** The schema of entries is asked for once, and this server has none. */
const SCHEMA = 'GET';

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

describe('the entry of a room', () => {
  it.each([wish, poly])(
    'is created as documented, read back, and after that only its password is written: $family',
    async (room) => {
      const client = open();
      const made = await putEntry(client, room, {});
      expect(made).toMatchObject({ id: 1, created: true, before: null, after: { id: 1, name: room.name } });
      const { body } = world.asked.find(({ method }) => method === 'POST') ?? {};
      expect(body).toHaveProperty(room.family === 'POLY' ? 'poly_password' : 'api_password', room.password);
      // The address alone is told of both; it is part of the key by which an entry is known.
      const others = Object.keys(body ?? {}).filter((field) =>
        field.startsWith(room.family === 'POLY' ? 'api_' : 'poly_'),
      );
      expect(others).toEqual(room.family === 'POLY' ? ['api_address'] : []);
      expect(await putEntry(client, room, { knownId: 1 })).toMatchObject({ id: 1, created: false });
      expect([count('POST'), count('PATCH')]).toEqual([1, 1]);
      const patched = world.asked.find(({ method }) => method === 'PATCH')?.body;
      expect(patched).toEqual({ [room.family === 'POLY' ? 'poly_password' : 'api_password']: room.password });
    },
  );

  it('is changed only where it differs, with the password', async () => {
    const client = open();
    await putEntry(client, wish, {});
    Object.assign(entryRows()[0] ?? {}, {
      room_resource_email: 'FJORD@example.com',
      api_address: '10.1.1.1',
      extra: 'x',
    });
    const changed = await putEntry(client, wish, {});
    expect(changed).toMatchObject({ id: 1, created: false, before: { api_address: '10.1.1.1', extra: 'x' } });
    expect(world.asked.find(({ method }) => method === 'PATCH')).toMatchObject({
      path: `${RESOURCE.endpoints}1/`,
      body: { api_address: '10.20.3.41', api_password: wish.password },
    });
    expect(changed.after.room_resource_email).toBe('FJORD@example.com');
  });

  it.each<[string, Reply]>([
    ['lost', 'drop'],
    ['late', 'hang'],
    ['a server fault', { status: 500 }],
    ['without a Location', { status: 201 }],
    ['a page of a proxy', { status: 504, body: '<html></html>' }],
  ])('is not created twice when the reply to its creation is %s', async (_, reply) => {
    world.after = ({ method }) => (method === 'POST' ? reply : undefined);
    expect(await putEntry(open({ timeoutMs: 400 }), wish, {})).toMatchObject({
      id: 1,
      created: true,
    });
    expect([entryRows().length, count('POST')]).toEqual([1, 1]);
  });

  it('is not created a second time by itself when the first attempt did nothing, but is by the next call', async () => {
    world.before = ({ method }) => (method === 'POST' && count('POST') === 1 ? 'drop' : undefined);
    const client = open();
    expect((await refused(putEntry(client, wish, {}))).code).toBe('INFINITY_UNREACHABLE');
    expect([entryRows().length, count('POST')]).toEqual([0, 1]);
    expect(await putEntry(client, wish, {})).toMatchObject({ created: true });
    expect(entryRows()).toHaveLength(1);
  });

  it('is looked up afresh before it is written again after a 429', async () => {
    world.before = ({ method }) =>
      method === 'POST' && count('POST') === 1 ? { status: 429, headers: { 'retry-after': '0' } } : undefined;
    expect(await putEntry(open(), wish, {})).toMatchObject({ id: 1, created: true });
    expect(world.asked.map(({ method }) => method)).toEqual([SCHEMA, 'GET', 'POST', 'GET', 'POST', 'GET']);
  });

  it('is not written when several could be it', async () => {
    const mine = { room_resource_email: wish.mailbox };
    world.rows[RESOURCE.endpoints] = [
      { id: 4, name: 'A', ...mine },
      { id: 5, name: 'B', ...mine },
    ];
    expect(await refused(putEntry(open(), wish, {}))).toMatchObject({
      code: 'INFINITY_CONFLICT',
      words:
        'fjord@example.com: entry 4 "A" (fjord@example.com) has this mailbox; entry 5 "B" (fjord@example.com) has this mailbox',
    });
    expect(world.asked.map(({ method }) => method)).toEqual([SCHEMA, 'GET']);
  });

  it('is not believed when reading back shows something else', async () => {
    world.after = ({ method }) => {
      if (method === 'POST') Object.assign(entryRows()[0] ?? {}, { mjx_endpoint_group: null });
      return undefined;
    };
    const error = await refused(putEntry(open(), wish, {}));
    expect(error).toMatchObject({
      code: 'NOT_CONFIRMED',
      words: expect.stringContaining('mjx_endpoint_group is null'),
    });
  });

  it('is not sent with a value that is too long', async () => {
    const long = { ...wish, password: 'x'.repeat(101) };
    const error = await refused(putEntry(open(), long, {}));
    expect(error).toMatchObject({ code: 'VALUE_TOO_LONG', words: expect.not.stringContaining('xxx') });
    expect(count('POST')).toBe(0);
  });

  it('is removed only while it is of the expected mailbox', async () => {
    const client = open();
    await putEntry(client, wish, {});
    expect((await refused(removeEntry(client, 1, 'other@example.com'))).code).toBe('INFINITY_CONFLICT');
    expect(entryRows()).toHaveLength(1);
    expect(await removeEntry(client, 1, 'Fjord@example.com ')).toBe(true);
    expect(entryRows()).toHaveLength(0);
    expect(await removeEntry(client, 1, wish.mailbox)).toBe(false);
    expect(count('DELETE')).toBe(1);
  });

  it('is removed when the reply to the removal is lost, and not believed gone while it is there', async () => {
    const client = open();
    await putEntry(client, wish, {});
    world.before = ({ method }) => (method === 'DELETE' ? { status: 204 } : undefined);
    expect((await refused(removeEntry(client, 1, wish.mailbox))).code).toBe('NOT_CONFIRMED');
    world.before = ({ method }) => (method === 'DELETE' ? 'drop' : undefined);
    expect((await refused(removeEntry(client, 1, wish.mailbox))).code).toBe('INFINITY_UNREACHABLE');
    world.before = () => undefined;
    world.after = ({ method }) => (method === 'DELETE' ? 'drop' : undefined);
    expect(await removeEntry(client, 1, wish.mailbox)).toBe(true);
  });

  it('is put back as it was', async () => {
    const old = { id: 1, name: 'Old', description: 'x', endpoint_type: 'CISCO', room_resource_email: wish.mailbox };
    world.rows[RESOURCE.endpoints] = [
      {
        ...old,
        mjx_endpoint_group: null,
        api_port: 80,
        api_username: null,
        use_https: 'NO',
        verify_cert: 'GLOBAL',
        api_address: '10.1.1.1',
      },
    ];
    const as = structuredClone(entryRows()[0]);
    const client = open();
    const { before } = await putEntry(client, wish, {});
    expect(entryRows()[0]).not.toEqual(as);
    expect(before && (await restoreEntry(client, 1, before))).toEqual(as);
    expect(entryRows()[0]).toEqual(as);
    world.rows[RESOURCE.endpoints] = [];
    expect(await refused(restoreEntry(client, 1, EntrySchema.parse(as)))).toMatchObject({
      code: 'INFINITY_CHANGED',
      conflict: { gone: true, wish: 'restore' },
    });
  });

  it('tells when Infinity was last in contact', async () => {
    world.rows[RESOURCE.contacts] = [
      {
        endpoint_name: wish.name,
        room_email: wish.mailbox,
        last_worker: 'conf-1',
        last_contact_time: '2026-05-04T09:12:31.402188',
        number_of_meetings: 4,
      },
    ];
    expect(pickContact(await listContacts(open()), wish)).toEqual({
      lastContact: new Date('2026-05-04T09:12:31.402Z'),
      node: 'conf-1',
      meetings: 4,
    });
  });
});

describe('what a site needs', () => {
  beforeEach(() => {
    const location = `${RESOURCE.locations}2/`;
    const node = {
      system_location: location,
      domain: 'example.com',
      node_type: 'CONFERENCING',
      maintenance_mode: false,
    };
    world.rows = {
      [RESOURCE.manager]: [{ id: 1, version: '41 (1.2.3)' }],
      [RESOURCE.licences]: [{ otj_count: 3, otj_total: 10 }],
      [RESOURCE.groups]: [
        {
          id: 3,
          name: 'Oslo',
          resource_uri: `${RESOURCE.groups}3/`,
          system_location: location,
          mjx_integration: `${RESOURCE.profiles}1/`,
          endpoints: [],
        },
        { id: 4, name: 'No profile', system_location: location, mjx_integration: null },
      ],
      [RESOURCE.profiles]: [{ id: 1, name: 'Nordic', graph_deployment: { id: 1, resource_uri: '/x/1/' } }],
      [RESOURCE.locations]: [{ id: 2, name: 'Oslo DC', resource_uri: location }],
      [RESOURCE.nodes]: [
        { id: 1, hostname: 'conf-2', ...node },
        { id: 2, hostname: 'conf-1', ...node, node_type: undefined, maintenance_mode: undefined },
        { id: 3, hostname: 'edge', ...node, node_type: 'PROXYING' },
        { id: 4, hostname: 'mended', ...node, maintenance_mode: true },
        { id: 5, hostname: 'far', ...node, system_location: `${RESOURCE.locations}9/` },
      ],
      [RESOURCE.rules]: [
        { id: 1, enabled: true, mjx_integration: `${RESOURCE.profiles}1/` },
        { id: 2, enabled: false, mjx_integration: `${RESOURCE.profiles}1/` },
        { id: 3, enabled: true, mjx_integration: `${RESOURCE.profiles}2/` },
      ],
    };
  });

  it('is read in one flight', async () => {
    expect(await readSetup(open(), 'oslo')).toEqual({
      version: '41 (1.2.3)',
      licences: { used: 3, total: 10 },
      group: { uri: wish.groupUri, name: 'Oslo' },
      profile: { uri: `${RESOURCE.profiles}1/`, name: 'Nordic', hasCalendar: true },
      location: { uri: `${RESOURCE.locations}2/`, name: 'Oslo DC' },
      nodes: ['conf-1.example.com', 'conf-2.example.com'],
      rules: 1,
    });
    expect(world.asked).toHaveLength(7);
  });

  it('is named when it is missing, and licences may be unknown', async () => {
    expect(await refused(readSetup(open(), 'Bergen'))).toMatchObject({
      code: 'INFINITY_SETUP',
      words: expect.stringContaining('Bergen'),
    });
    expect(await refused(readSetup(open(), 'No profile'))).toMatchObject({
      code: 'INFINITY_SETUP',
      words: expect.stringContaining('profile'),
    });
    world.rows[RESOURCE.licences] = [];
    expect((await readSetup(open(), 'Oslo')).licences).toBeNull();
  });
});
