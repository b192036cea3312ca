/** An Infinity whose lists, schema pages and rights are not as expected. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../main/contract/jobs.ts';
import type { InfinityAddress } from '../../main/contract/site.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { EntrySchema } from '../../main/infinity/resources.ts';
import { runChecks } from '../../main/services/checks.ts';
import { readDrift } from '../../main/services/drift.ts';
import { assertMayDeliver } from '../../main/services/infinity.ts';
import { InfinityLink } from '../../main/services/infinityLink.ts';
import { applySetup, previewSetup } from '../../main/services/setupInfinity.ts';
import type { Site } from '../../main/site/site.ts';
import { codeOf } from '../support/codeOf.ts';
import { freshSite, never, prepared, uri } from '../support/rawInfinity.ts';
import { addRoom } from '../support/siteFile.ts';
import { type RawNode, startRawNode } from './infinity-server.ts';

let node: RawNode;
beforeAll(async () => {
  node = await startRawNode();
});
afterAll(() => node.stop());

async function checked(site: Site): Promise<Record<string, Check>> {
  const checks = await runChecks(site, { signal: never, checked: () => undefined });
  return Object.fromEntries(checks.map((check) => [check.id, check]));
}
const codes = async (site: Site) => (await prepared(site)).map(({ problem }) => problem?.code ?? 'ok');

describe('an odd row of somebody else', () => {
  it('keeps no room from its entry, and is told', async () => {
    const site = await freshSite(node);
    addRoom(site);
    node.rows[RESOURCE.groups]?.push({ id: 9, name: 'Other', endpoints: [{ id: 1, name: 'x' }] }, { name: 'no id' });
    node.rows[RESOURCE.endpoints] = [
      { id: 1, name: 'Somebody', room_resource_email: 'x@example.com', api_port: '8443' },
      { id: null, name: 'Nobody', room_resource_email: 'y@example.com' },
    ];
    expect(await checked(site)).toMatchObject({
      'infinity.entries': { status: 'warn', reason: 'rows-unread', count: 1 },
      'infinity.group': { status: 'warn', reason: 'rows-unread', count: 1 },
      'infinity.licences': { status: 'pass' },
    });
    expect(await readDrift(site, { rooms: site.rooms.all(), signal: never })).toMatchObject({ unread: 1 });
    expect(await codes(site)).toEqual(['ok']);
  });

  it('is not passed over when it has the room’s mailbox', async () => {
    const site = await freshSite(node, {
      [RESOURCE.endpoints]: [
        { id: 'x', name: 'Mine', room_resource_email: 'FJORD@example.com' },
        { id: 2, name: 'Other', room_resource_email: 'o@example.com' },
      ],
    });
    addRoom(site);
    expect(await codes(site)).toEqual(['INFINITY_ODD']);
    const { rows } = await readDrift(site, { rooms: site.rooms.all(), signal: never });
    expect(rows).toMatchObject([{ action: 'blocked', problem: { code: 'INFINITY_ODD' } }]);
    expect(node.count('POST')).toBe(0);
  });

  it('is no list at all where no row can be read', async () => {
    const site = await freshSite(node, { [RESOURCE.endpoints]: [{ serial: 1 }, { serial: 2 }] });
    addRoom(site);
    expect(await codes(site).catch(({ code }) => code)).toBe('INFINITY_ODD');
  });
});

describe('a list in pages', () => {
  const many = Array.from({ length: 250 }, (_, at) => ({ id: at + 1, name: `E${at}` }));
  const page = (meta: Record<string, unknown>, offset: number) => ({
    status: 200,
    body: { meta: { limit: 100, offset, ...meta }, objects: many.slice(offset, offset + 100) },
  });

  it.each<[string, (offset: number) => Record<string, unknown>]>([
    [
      'a next page and no count',
      (at) => ({ next: at + 100 < 250 ? `${RESOURCE.endpoints}?offset=${at + 100}` : null }),
    ],
    ['neither', () => ({})],
    ['a count as a text', () => ({ total_count: '250', next: null })],
    ['a count that says less than the next page', (at) => ({ total_count: 100, next: at + 100 < 250 ? 'x' : null })],
  ])('is read to its end where the node tells %s', async (_, metaAt) => {
    node.before = ({ query }) => page(metaAt(Number(query.get('offset'))), Number(query.get('offset')));
    expect(await node.open().list(RESOURCE.endpoints, EntrySchema)).toHaveLength(250);
  });
});

describe('a role', () => {
  const OTJ_ONLY = /management_vm|licensing|worker_vm|system_location/;
  const forbidden = { status: 403, body: { error: 'Permission denied' } };

  it('with rights on One-Touch Join alone is enough for a codec', async () => {
    const site = await freshSite(node);
    node.before = ({ path }) => (OTJ_ONLY.test(path) ? forbidden : undefined);
    addRoom(site);
    addRoom(site, { name: 'Skog', mailbox: 'skog@example.com', address: '10.0.0.2', family: 'poly-videoos' });
    const all = await checked(site);
    expect(all).toMatchObject({
      'infinity.login': { status: 'pass', reason: 'write-unknown' },
      'infinity.version': { status: 'warn', reason: 'forbidden' },
      'infinity.licences': { status: 'warn', reason: 'forbidden' },
      'infinity.group': { status: 'pass' },
      'infinity.calendar': { status: 'pass' },
      'infinity.nodes': { status: 'warn', reason: 'forbidden' },
    });
    // A device that signs in to a node needs one.
    expect(await codes(site)).toEqual(['ok', 'INFINITY_FORBIDDEN']);
    expect(node.count('POST')).toBe(1);
    expect((await checked(site))['infinity.login']).toMatchObject({ status: 'pass', reason: 'write-proven' });
  });

  it('that may not write is told by the check and before a device is touched, until a write is taken', async () => {
    const site = await freshSite(node);
    const { room } = addRoom(site);
    const mayDeliver = async () => {
      const link = new InfinityLink(site, never);
      return assertMayDeliver(site, link, { room, keep: false })
        .then(
          () => 'ok',
          ({ code }) => code,
        )
        .finally(() => link.close());
    };
    expect(await mayDeliver()).toBe('ok');
    node.before = ({ method }) => (method === 'GET' ? undefined : forbidden);
    expect(await codes(site)).toEqual(['INFINITY_FORBIDDEN']);
    expect((await checked(site))['infinity.login']).toMatchObject({ status: 'fail', reason: 'write-refused' });
    expect(await mayDeliver()).toBe('INFINITY_FORBIDDEN');
    node.before = () => undefined;
    expect(await codes(site)).toEqual(['ok']);
    expect(await mayDeliver()).toBe('ok');
  });

  it('that may not write a profile may write endpoints all the same, and the other way round', async () => {
    const site = await freshSite(node);
    const { room } = addRoom(site);
    const wish = { group: 'New', location: 'Oslo', profile: 'OTJ', calendar: null, rules: [] };
    const setUp = async () =>
      applySetup(site, { wish, confirmed: await previewSetup(site, wish, never), signal: never });
    const mayDeliver = async () => {
      const link = new InfinityLink(site, never);
      return codeOf(() => assertMayDeliver(site, link, { room, keep: false })).finally(() => link.close());
    };
    const login = async () => (await checked(site))['infinity.login']?.reason;
    node.before = ({ method, path }) => (method === 'POST' && path === RESOURCE.groups ? forbidden : undefined);
    expect(await codeOf(setUp)).toBe('INFINITY_FORBIDDEN');
    expect([await mayDeliver(), await login()]).toEqual([undefined, 'write-unknown']);

    node.before = ({ method, path }) => (method === 'POST' && path === RESOURCE.endpoints ? forbidden : undefined);
    expect(await codes(site)).toEqual(['INFINITY_FORBIDDEN']);
    site.saveSettings({ infinity: { ...(site.settings.infinity as InfinityAddress), group: 'Oslo' } });
    await setUp();
    expect([await mayDeliver(), await login()]).toEqual(['INFINITY_FORBIDDEN', 'write-refused']);
  });

  it('whose schema page offers no verb that writes is told before anything is sent', async () => {
    const site = await freshSite(node);
    addRoom(site);
    const page = { allowed_list_http_methods: ['get'], fields: { name: { readonly: false } } };
    node.before = ({ path }) => (path === `${RESOURCE.endpoints}schema/` ? { status: 200, body: page } : undefined);
    expect(await codes(site)).toEqual(['INFINITY_FORBIDDEN']);
    expect(node.count('POST')).toBe(0);
  });
});

describe('the schema page of another version', () => {
  const field = (more: Record<string, unknown> = {}) => ({
    blank: true,
    default: '',
    nullable: true,
    readonly: false,
    type: 'string',
    ...more,
  });
  const COMMON = ['name', 'description', 'room_resource_email', 'mjx_endpoint_group', 'api_address', 'verify_cert'];
  const CISCO = [...COMMON, 'api_port', 'api_username', 'api_password'];
  const POLY = [...COMMON, 'poly_username', 'poly_password', 'poly_raise_alarms_for_this_endpoint', 'use_https'];
  /** @param more fields that are described by themselves */
  function describedBy(names: readonly string[], more: Record<string, unknown> = {}, each = field()): void {
    const fields = { ...Object.fromEntries(names.map((name) => [name, each])), ...more };
    node.before = ({ path }) =>
      path === `${RESOURCE.endpoints}schema/` ? { status: 200, body: { fields } } : undefined;
  }
  const looked = (site: Site) => readDrift(site, { rooms: site.rooms.all(), signal: never });

  it('which does not tell what can be emptied takes a second prepare', async () => {
    const site = await freshSite(node);
    const { nullable: _, default: __, ...bare } = field();
    describedBy([...CISCO, 'use_https', 'endpoint_type'], {}, bare as ReturnType<typeof field>);
    addRoom(site);
    expect(await codes(site)).toEqual(['ok']);
    expect(await codes(site)).toEqual(['ok']);
    expect(node.rows[RESOURCE.endpoints]).toMatchObject([{ use_https: 'YES', verify_cert: 'NO' }]);
  });

  it('is what is compared with: no field that it does not know, and its lengths', async () => {
    const site = await freshSite(node);
    describedBy(CISCO, { name: field({ help_text: 'Maximum length: 10 characters.' }), endpoint_type: field() });
    addRoom(site, { name: 'Fjord the long one' });
    expect((await looked(site)).rows).toMatchObject([{ action: 'blocked', problem: { code: 'VALUE_TOO_LONG' } }]);
    addRoom(site, { name: 'Fjord' });
    const { rows } = await looked(site);
    expect(rows).toMatchObject([{ action: 'create' }]);
    expect(rows[0]?.fields.map((one) => one.field)).not.toContain('use_https');
    expect(await codes(site)).toEqual(['ok']);
    expect((await looked(site)).counts).toMatchObject({ same: 1, change: 0 });
  });

  it('writes its own words, also in an entry that is taken over as it was shown', async () => {
    const old = { id: 1, name: 'Fjord', room_resource_email: 'fjord@example.com', endpoint_type: 'cisco' };
    const site = await freshSite(node, {
      [RESOURCE.endpoints]: [{ ...old, mjx_endpoint_group: uri(RESOURCE.groups, 3) }],
    });
    describedBy(POLY, { endpoint_type: field({ valid_choices: ['cisco', 'poly'] }) });
    addRoom(site, { family: 'poly-videoos' });
    const { rows } = await looked(site);
    expect(rows).toMatchObject([{ action: 'take-over' }]);
    // what cannot be compared is written over all the same
    expect(rows[0]?.fields.find((one) => one.field === 'poly_password')).toMatchObject({ site: '(new secret)' });
    expect(await codes(site)).toEqual(['ok']);
    expect(node.rows[RESOURCE.endpoints]).toMatchObject([{ id: 1, endpoint_type: 'poly' }]);
  });
});

it('a Poly entry tells the address of its device, and another one there is nobody’s trouble', async () => {
  const site = await freshSite(node);
  addRoom(site, { family: 'poly-videoos' });
  expect(await codes(site)).toEqual(['ok']);
  expect(node.rows[RESOURCE.endpoints]).toMatchObject([{ endpoint_type: 'POLY', api_address: '10.0.0.1' }]);
  Object.assign(node.rows[RESOURCE.endpoints]?.[0] ?? {}, { api_address: null });
  expect((await readDrift(site, { rooms: site.rooms.all(), signal: never })).counts).toMatchObject({ same: 1 });
});

it('many rooms that are turned away for the rate read the list again together', async () => {
  const site = await freshSite(node, {
    [RESOURCE.endpoints]: Array.from({ length: 2500 }, (_, at) => ({ id: at + 1, name: `E${at}` })),
  });
  for (let at = 0; at < 12; at++)
    addRoom(site, { name: `R${at}`, mailbox: `r${at}@example.com`, address: `10.0.1.${at + 1}` });
  let refused = 0;
  node.before = ({ method }) =>
    method === 'POST' && refused++ < 12
      ? { status: 429, headers: { 'retry-after': '0' }, body: { error: 'Too many' } }
      : undefined;
  expect(await codes(site)).toEqual(Array(12).fill('ok'));
  const pages = node.asked.filter(({ method, path }) => method === 'GET' && path === RESOURCE.endpoints).length;
  // three pages for the comparison, three for the prepare, and some more should a slow computer take that long
  expect(pages).toBeLessThanOrEqual(15);
});

it('a set-up is believed where Infinity writes an id in small letters and a number as a text', async () => {
  const none = {
    [RESOURCE.profiles]: [],
    [RESOURCE.graphDeployments]: [],
    [RESOURCE.rules]: [],
    [RESOURCE.groups]: [],
  };
  const site = await freshSite(node, none);
  const wish = {
    group: 'Oslo',
    location: 'Oslo',
    profile: 'P',
    calendar: {
      kind: 'graph' as const,
      name: 'C',
      fields: {
        client_id: '5B9AD7A4-6DD5-4A11-9F04-6F2A3C5F8A10',
        oauth_token_url: 'https://login.microsoftonline.com/x/oauth2/v2.0/token',
      },
      secret: 'x',
    },
    rules: ['teams'],
  };
  node.after = () => {
    for (const row of node.rows[RESOURCE.graphDeployments] ?? [])
      Object.assign(row, { client_id: String(row.client_id).toLowerCase(), request_quota: String(row.request_quota) });
    return undefined;
  };
  const confirmed = await previewSetup(site, wish, never);
  const steps = await applySetup(site, { wish, confirmed, signal: never });
  expect(steps.map(({ action }) => action)).toEqual(Array(4).fill('same'));
});
