/** A sync with an Infinity that is silent, forbids, or whose clock is another; and what counts as its word. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import { deliverEntry } from '../../main/services/infinity.ts';
import { InfinityLink } from '../../main/services/infinityLink.ts';
import type { SyncItem } from '../../main/services/sync.ts';
import type { ListedRoom } from '../../main/site/rooms.ts';
import type { Site } from '../../main/site/site.ts';
import { startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { prepareAll } from '../support/infinitySite.ts';
import { freshSite, never, prepared, synced, uri } from '../support/rawInfinity.ts';
import { addRoom, PASSPHRASE, tempFolder } from '../support/siteFile.ts';
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

function owing(site: Site, rooms: number, change: Partial<ListedRoom> = {}): void {
  for (let at = 0; at < rooms; at++) {
    const listed = { name: `R${at}`, mailbox: `r${at}@example.com`, address: `10.0.1.${at + 1}` };
    const { room } = addRoom(site, { ...listed, ...change });
    site.outbox.owe(room.id, 'entry');
  }
}

describe('an Infinity that does not do it', () => {
  it('is left in peace after several refusals, and what was not tried is still owed', async () => {
    const site = await freshSite(node);
    owing(site, 30);
    node.before = ({ method }) => (method === 'POST' ? { status: 403, body: { error: 'no' } } : undefined);
    const told: SyncItem[] = [];
    await expect(synced(site, {}, told)).rejects.toMatchObject({
      code: 'SYNC_STOPPED',
      words: expect.stringMatching('30'),
    });
    expect(node.count('POST')).toBeLessThan(20);
    expect(told.map(({ problem }) => problem?.code)).toEqual(Array(node.count('POST')).fill('INFINITY_FORBIDDEN'));
    expect(site.outbox.owed()).toHaveLength(30);

    node.before = () => undefined;
    expect(await synced(site)).toHaveLength(30);
    expect(node.rows[RESOURCE.endpoints]).toHaveLength(30);
    expect(site.outbox.owed()).toEqual([]);
  });

  it('is left in peace by a prepare as well, which writes all of them when it does it again', async () => {
    const ROOMS = 160;
    const site = await freshSite(node);
    owing(site, ROOMS);
    for (const { id } of site.rooms.all()) site.outbox.drop(id, 'entry');
    node.before = ({ method }) => (method === 'POST' ? { status: 403, body: { error: 'no' } } : undefined);
    const codes = Object.values(await prepareAll(site));
    // Those that were on their way when the fifth had ended, and not the 150 that are at work.
    expect(node.count('POST')).toBeLessThan(ROOMS / 4);
    expect(codes.toSorted()).toEqual([
      ...Array(ROOMS - node.count('POST')).fill('BATCH_PAUSED'),
      ...Array(node.count('POST')).fill('INFINITY_FORBIDDEN'),
    ]);
    // What was not sent is as if it had not been begun.
    expect(site.outbox.owed().map(({ problem }) => problem?.code)).toEqual(
      Array(node.count('POST')).fill('INFINITY_FORBIDDEN'),
    );

    node.before = () => undefined;
    expect(await prepareAll(site)).toEqual({});
    expect(node.rows[RESOURCE.endpoints]).toHaveLength(ROOMS);
    expect(site.outbox.owed()).toEqual([]);
  });

  it('is left in peace while what is written already is read back, and no other entry is half begun', async () => {
    const site = await freshSite(node);
    owing(site, 120);
    const [given, ...others] = site.rooms.all();
    for (const { id } of others) site.outbox.drop(id, 'entry');
    if (!given) throw new Error('no room');
    site.outbox.failed(given.id, 'entry', new OtjError('INFINITY_SETUP', 'as before').toProblem());
    // The first are made, and wait to be read back until the others have met the trouble.
    let refused = 0;
    node.before = ({ method }) => {
      if (method !== 'POST' || node.count('POST') <= 8) return undefined;
      refused++;
      return { status: 403, body: { error: 'no' } };
    };
    const rooms = [...others, given];
    const codes = Object.values(await prepareAll(site, rooms));
    expect(codes.filter((code) => code === 'INFINITY_FORBIDDEN')).toHaveLength(refused);
    expect(codes.filter((code) => code === 'BATCH_PAUSED')).toHaveLength(120 - 8 - refused);
    expect(refused).toBeLessThan(40);
    expect(site.rooms.all().filter(({ id }) => site.outbox.entry(id))).toHaveLength(8);
    const owed = site.outbox.owed();
    expect(owed.filter(({ problem }) => problem?.code === 'INFINITY_FORBIDDEN')).toHaveLength(refused);
    expect(owed.filter(({ roomId }) => roomId === given.id)).toMatchObject([
      { attempts: 1, problem: { code: 'INFINITY_SETUP' } },
    ]);
    expect(owed).toHaveLength(refused + 1);
  });

  it('holds the work as a screen sees it: only what was tried has failed, and the rest was left', async () => {
    const ROOMS = 60;
    const site = await freshSite(node);
    owing(site, ROOMS);
    for (const { id } of site.rooms.all()) site.outbox.drop(id, 'entry');
    node.before = ({ method }) => (method === 'POST' ? { status: 403, body: { error: 'no' } } : undefined);
    const app = startApp(tempFolder());
    onTestFinished(() => app.backend.close());
    await app.call('site.open', { path: site.path });
    await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
    expect(await app.done('jobs.prepare', { rooms: null })).toEqual({ kind: 'prepare', prepared: 0 });
    const tried = node.count('POST');
    expect(tried).toBeLessThan(40);
    const job = (await app.call('app.state', undefined)).jobs.find(({ kind }) => kind === 'prepare');
    expect(job).toMatchObject({ held: { code: 'BATCH_PAUSED' }, done: tried, failed: tried, total: ROOMS });
    const { rooms } = await app.call('jobs.detail', { job: job?.id ?? 0 });
    expect(rooms.filter(({ status }) => status === 'left')).toHaveLength(ROOMS - tried);
  });

  it('owes nothing of entries whose change was not begun, and has nothing on record as sent that was refused', async () => {
    const ROOMS = 60;
    const site = await freshSite(node);
    owing(site, ROOMS);
    expect(await prepareAll(site)).toEqual({});
    owing(site, ROOMS, { building: 'Bergen' });
    for (const { id } of site.rooms.all()) site.outbox.drop(id, 'entry');
    node.before = ({ method }) => (method === 'PATCH' ? { status: 403, body: { error: 'no' } } : undefined);
    const codes = await prepareAll(site);
    const sent = node.count('PATCH');
    expect(sent).toBeLessThan(40);
    expect(Object.values(codes).filter((code) => code === 'BATCH_PAUSED')).toHaveLength(ROOMS - sent);
    for (const { id, name } of site.rooms.all()) {
      const isHeld = codes[name] === 'BATCH_PAUSED';
      expect(site.outbox.debt(id)).toMatchObject({ kinds: isHeld ? [] : ['entry'], sent: null });
    }
  });

  it('is not asked for entries any more that are looked at before they are changed', async () => {
    const ROOMS = 60;
    const site = await freshSite(node);
    owing(site, ROOMS);
    expect(await prepareAll(site)).toEqual({});
    owing(site, ROOMS, { building: 'Bergen' });
    for (const { id } of site.rooms.all()) site.outbox.drop(id, 'entry');
    let looks = 0;
    node.before = ({ method, path }) => {
      if (method !== 'GET' || !/mjx_endpoint\/\d+\//.test(path)) return undefined;
      looks++;
      return { status: 403, body: { error: 'no' } };
    };
    const codes = Object.values(await prepareAll(site));
    expect(looks).toBeLessThan(40);
    expect(codes.filter((code) => code === 'INFINITY_FORBIDDEN')).toHaveLength(looks);
    expect(codes.filter((code) => code === 'BATCH_PAUSED')).toHaveLength(ROOMS - looks);
  });

  it.each<[string, Reply]>([
    ['drops what is in flight', 'drop'],
    ['restarts its web server', { status: 503, body: {} }],
  ])('goes on with all others when it %s once', async (_what, reply) => {
    const site = await freshSite(node);
    owing(site, 60);
    node.before = ({ method }) => (method === 'POST' && node.count('POST') <= 5 ? reply : undefined);
    const codes = Object.values(await prepareAll(site));
    expect(codes).toEqual(Array(5).fill('INFINITY_UNREACHABLE'));
    expect(node.rows[RESOURCE.endpoints]).toHaveLength(55);
  });

  it('goes on with the others where one room after the other is refused for itself', async () => {
    const site = await freshSite(node);
    owing(site, 12);
    node.before = ({ method, body }) =>
      method === 'POST' && Number(String(body?.name).slice(1)) < 10
        ? { status: 400, body: { name: ['odd'] } }
        : undefined;
    expect((await synced(site)).filter(({ problem }) => problem === null)).toHaveLength(2);
  });

  it('that goes away is asked for a handful of rooms, at most five at once', async () => {
    const site = await freshSite(node);
    owing(site, 30);
    node.most = 0;
    node.before = (asked) =>
      asked.method === 'POST' || node.asked.some(({ method }) => method === 'POST') ? 'drop' : undefined;
    await expect(synced(site)).rejects.toMatchObject({ code: 'SYNC_STOPPED' });
    expect(node.count('POST')).toBeLessThan(20);
    expect(node.most).toBeLessThanOrEqual(5);
    expect(site.outbox.owed()).toHaveLength(30);
  });

  it('delivers several rooms at once', async () => {
    const site = await freshSite(node);
    owing(site, 20);
    node.latencyMs = 20;
    node.before = ({ method }) => {
      // from the first write on nothing is read by itself, so what is open at once are rooms
      if (method === 'POST' && node.count('POST') === 1) node.most = 0;
      return undefined;
    };
    await synced(site).finally(() => {
      node.latencyMs = 0;
    });
    expect(node.most).toBeGreaterThan(1);
    expect(node.rows[RESOURCE.endpoints]).toHaveLength(20);
  });
});
