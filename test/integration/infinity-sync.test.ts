/** What counts as Infinity’s word, entries that cannot be read, and licences that are short. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { deliverEntry } from '../../main/services/infinity.ts';
import { InfinityLink } from '../../main/services/infinityLink.ts';
import type { Site } from '../../main/site/site.ts';
import { codeOf } from '../support/codeOf.ts';
import { prepareAll } from '../support/infinitySite.ts';
import { freshSite, never, owing, prepared, synced, uri } from '../support/rawInfinity.ts';
import { addRoom } from '../support/siteFile.ts';
import { type RawNode, type Reply, type Row, startRawNode } from './infinity-server.ts';

let node: RawNode;
beforeAll(async () => {
  node = await startRawNode();
});
afterAll(() => node.stop());

const MINUTE = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms);
/** As Infinity writes its times. */
const stamp = (date: Date) => date.toISOString().slice(0, -1);
const contact = (at: Date): Row => ({
  id: 1,
  endpoint_name: 'Fjord',
  room_email: 'fjord@example.com',
  last_contact_time: stamp(at),
  last_worker: 'conf-1',
  number_of_meetings: 3,
});
/** As an administrator made it: with another account than the site's. */
const OTHERS: Row = {
  id: 1,
  name: 'Fjord',
  room_resource_email: 'fjord@example.com',
  endpoint_type: 'CISCO',
  mjx_endpoint_group: uri(RESOURCE.groups, 3),
  api_address: '10.0.0.1',
  api_username: 'admin',
  use_https: 'YES',
  verify_cert: 'NO',
};

/** A row that can be read: a list of which none can is no list. */
const OTHER: Row = {
  ...OTHERS,
  id: 8,
  name: 'Other',
  room_resource_email: 'other@example.com',
  api_address: '10.9.9.9',
};

/** A room that was moved so long ago, and of which Infinity's word is awaited. */
function moved(site: Site, ms: number) {
  const { room } = addRoom(site);
  site.rooms.setState(room.id, 'awaiting sync');
  site.rooms.mark(room.id, 'cutover_at', ago(ms));
  site.outbox.owe(room.id, 'contact');
  return room.id;
}

describe('what counts as Infinity’s word', () => {
  it('is later than a change of the entry, not only than the cut-over', async () => {
    const site = await freshSite(node, { [RESOURCE.endpoints]: [{ ...OTHERS }] });
    const id = moved(site, 60 * MINUTE);
    expect((await prepared(site)).map(({ problem }) => problem)).toEqual([null]);
    // with the old account, half an hour ago
    node.rows[RESOURCE.contacts] = [contact(ago(30 * MINUTE))];
    const proofs: string[] = [];
    await synced(site, { proven: ({ proof }) => proofs.push(proof.state) });
    expect(proofs).toEqual(['replicating']);
    expect(site.rooms.get(id)?.state).toBe('awaiting sync');
    expect(site.outbox.owedOf(id)).toEqual(['contact']);

    node.rows[RESOURCE.contacts] = [contact(new Date(Date.now() + 1000))];
    await synced(site, { proven: ({ proof }) => proofs.push(proof.state) });
    expect(proofs).toEqual(['replicating', 'proven']);
    expect(site.rooms.get(id)?.state).toBe('migrated');
  });

  it('stays when the entry is written again as it was, and goes when it is changed', async () => {
    const site = await freshSite(node);
    const id = moved(site, 0);
    await prepared(site);
    node.rows[RESOURCE.contacts] = [contact(new Date(Date.now() + 1))];
    await synced(site);
    expect(site.rooms.get(id)?.state).toBe('migrated');
    const { changedAt } = site.outbox.entry(id) ?? {};
    await prepared(site);
    expect(site.outbox.entry(id)).toMatchObject({ changedAt, lastContact: expect.any(String) });
    addRoom(site, { building: 'Bergen' });
    await prepared(site);
    expect(site.outbox.entry(id)).toMatchObject({ lastContact: null });
    expect(site.outbox.entry(id)?.changedAt).not.toBe(changedAt);
  });

  it.each([15, -15])('counts a clock of this computer that is %i min ahead of Infinity’s', async (minutes) => {
    const site = await freshSite(node);
    node.clockOffsetMs = -minutes * MINUTE;
    const told = (ms: number) => contact(new Date(Date.now() - ms + node.clockOffsetMs));
    try {
      const id = moved(site, 11 * MINUTE);
      site.db.run('UPDATE room SET state_at = $at', { at: ago(11 * MINUTE).toISOString() });
      node.rows[RESOURCE.endpoints] = [{ ...OTHERS }];
      // before the cut-over, whatever the clocks show
      node.rows[RESOURCE.contacts] = [told(12 * MINUTE)];
      const proofs: { state: string; evidence: string[] }[] = [];
      await synced(site, { proven: ({ proof }) => proofs.push(proof) });
      expect(proofs).toMatchObject([{ state: 'late', evidence: [expect.stringContaining('15 min')] }]);
      expect(site.rooms.get(id)?.state).toBe('awaiting sync');
      node.rows[RESOURCE.contacts] = [told(10 * MINUTE)];
      await synced(site, { proven: ({ proof }) => proofs.push(proof) });
      expect(proofs[1]).toMatchObject({ state: 'proven' });
      expect(site.rooms.get(id)?.state).toBe('migrated');
    } finally {
      node.clockOffsetMs = 0;
    }
  });
});

describe('an entry that is not among those that could be read', () => {
  it.each<[string, Row[], (string | null)[]]>([
    ['is told as none at once', [{ ...OTHERS, room_resource_email: 'x@example.com' }], ['no-entry', 'no-entry']],
    // The row lacks what tells an object, and may be the room's all the same.
    ['and may be an odd row is no word on it', [{ ...OTHERS, id: null }, OTHER], [null, 'never-asked']],
    [
      'nor is an odd row of another room',
      [{ id: null, room_resource_email: 'x@example.com' }, OTHER],
      ['no-entry', 'no-entry'],
    ],
  ])('%s', async (_what, rows, causes) => {
    const site = await freshSite(node, { [RESOURCE.endpoints]: rows });
    moved(site, 5 * MINUTE);
    site.db.run('UPDATE room SET state_at = $at', { at: ago(5 * MINUTE).toISOString() });
    const found: (string | null)[] = [];
    for (const deadlineMs of [60 * MINUTE, 0])
      await synced(site, {
        patience: { replicationMs: 0, deadlineMs },
        proven: ({ proof }) => found.push(proof.cause),
      });
    expect(found).toEqual(causes);
  });
});

describe('licences', () => {
  const licences = (free: number) => ({ [RESOURCE.licences]: [{ id: 1, otj_count: 900 - free, otj_total: 900 }] });

  it.each<[string, Reply, (string | undefined)[]]>([
    ['did not take are there', { status: 400, body: { name: ['odd'] } }, ['INFINITY_REFUSED', undefined]],
    ['may have taken are not there', 'drop', ['INFINITY_UNREACHABLE', 'LICENCES']],
  ])('that an entry %s for the next room', async (_what, reply, wanted) => {
    const site = await freshSite(node, licences(1));
    owing(site, 2);
    node.before = ({ method, body }) => (method === 'POST' && body?.name === 'R0' ? reply : undefined);
    const link = new InfinityLink(site, never);
    const ends: (string | undefined)[] = [];
    for (const room of site.rooms.all()) ends.push(await codeOf(() => deliverEntry(site, link, { room })));
    await link.close();
    expect(ends).toEqual(wanted);
  });

  it.each<[string, Reply, string, number]>([
    ['refused', { status: 400, body: { name: ['odd'] } }, 'INFINITY_REFUSED', 1],
    ['perhaps made', 'drop', 'INFINITY_UNREACHABLE', 0],
  ])('are all used where rooms wait for the word on an entry that is %s', async (_what, reply, code, made) => {
    const site = await freshSite(node, licences(1));
    owing(site, 5);
    const [first = 'none', ...others] = site.rooms.all().map(({ name }) => name);
    node.latencyMs = 20;
    node.before = ({ method, body }) => (method === 'POST' && body?.name === first ? reply : undefined);
    const ends = Object.values(await prepareAll(site)).toSorted();
    expect(ends).toEqual([code, ...others.slice(made).map(() => 'LICENCES')]);
    expect(node.rows[RESOURCE.endpoints]).toHaveLength(made);
    // Bought since: nothing that was refused is lost.
    node.before = () => undefined;
    node.latencyMs = 0;
    node.rows[RESOURCE.licences] = licences(5)[RESOURCE.licences] ?? [];
    await synced(site);
    expect(node.rows[RESOURCE.endpoints]).toHaveLength(5);
    expect(site.outbox.owed()).toEqual([]);
  });

  it('that somebody else takes meanwhile are told as such, and each licence that is left is used', async () => {
    const site = await freshSite(node, licences(4));
    owing(site, 6);
    // Infinity's own count, which a colleague brings up by two behind our back.
    const used = () => 896 + 2 + (node.rows[RESOURCE.endpoints]?.length ?? 0);
    node.before = ({ method, path }) => {
      if (method !== 'POST' || path !== RESOURCE.endpoints) return undefined;
      const isFull = used() >= 900;
      node.rows[RESOURCE.licences] = [{ id: 1, otj_count: used() + (isFull ? 0 : 1), otj_total: 900 }];
      return isFull ? { status: 400, body: { __all__: ['not enough licenses'] } } : undefined;
    };
    const ends = Object.values(await prepareAll(site));
    expect(ends).toEqual(['LICENCES', 'LICENCES', 'LICENCES', 'LICENCES']);
    expect(node.rows[RESOURCE.endpoints]).toHaveLength(2);
    expect(site.outbox.owed().map(({ problem }) => problem?.words)).toContainEqual(
      expect.stringContaining('not enough licenses'),
    );
  });

  it('keep nobody waiting after a stop, nor when what became of an entry cannot be told', async () => {
    const site = await freshSite(node, licences(1));
    owing(site, 2);
    const [first, second] = site.rooms.all();
    if (!first || !second) throw new Error('no rooms');
    const waiting = async (isStopped: boolean, end: (link: InfinityLink) => unknown) => {
      const stop = new AbortController();
      const link = new InfinityLink(site, stop.signal);
      await link.open();
      await link.useLicence(first);
      const code = codeOf(() => link.useLicence(second));
      if (isStopped) stop.abort();
      await end(link);
      await link.close();
      return code;
    };
    expect(await waiting(true, (link) => link.licenceSettled(first, () => false))).toBe('CANCELLED');
    const broken = (link: InfinityLink) =>
      codeOf(() =>
        link.licenceSettled(first, () => {
          throw new OtjError('DISK');
        }),
      );
    expect(await waiting(false, broken)).toBe('LICENCES');
  });

  it('are counted once for entries that are refused together', async () => {
    const site = await freshSite(node, licences(100));
    owing(site, 30);
    node.before = ({ method }) => (method === 'POST' ? { status: 400, body: { name: ['odd'] } } : undefined);
    const counts = () => node.asked.filter(({ path }) => path.startsWith(RESOURCE.licences)).length;
    expect(Object.values(await prepareAll(site))).toEqual(Array(30).fill('INFINITY_REFUSED'));
    // Two looks at the whole set-up, before and in the prepare, and a few of the count alone.
    expect(counts()).toBeLessThan(15);
  });

  it('that a removal gives back are there for an entry of the same sync, whichever is owed first', async () => {
    const site = await freshSite(node, licences(1));
    const { room: old } = addRoom(site, { name: 'Old', mailbox: 'old@example.com', address: '10.0.1.1' });
    await prepared(site);
    const { room: fresh } = addRoom(site, { name: 'New', mailbox: 'new@example.com', address: '10.0.1.2' });
    node.rows[RESOURCE.licences] = licences(0)[RESOURCE.licences] ?? [];
    site.outbox.owe(fresh.id, 'entry');
    site.outbox.owe(old.id, 'entry-removal');
    expect((await synced(site)).map(({ kind, problem }) => [kind, problem?.code ?? null])).toEqual([
      ['entry-removal', null],
      ['entry', null],
    ]);
    expect(node.rows[RESOURCE.endpoints]).toMatchObject([{ name: 'New' }]);
  });
});
