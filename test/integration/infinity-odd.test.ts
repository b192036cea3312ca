/** An Infinity whose lists, schema pages and rights are not as expected. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../main/contract/jobs.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { EntrySchema } from '../../main/infinity/resources.ts';
import { runChecks } from '../../main/services/checks.ts';
import { readDrift } from '../../main/services/drift.ts';
import type { Site } from '../../main/site/site.ts';
import { freshSite, never, prepared } from '../support/rawInfinity.ts';
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
