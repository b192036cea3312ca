/** An Infinity that does one thing and another not, or nothing: when it is left in peace, and what is owed then. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { RESOURCE } from '../../main/infinity/paths.ts';
import type { SyncItem } from '../../main/services/sync.ts';
import type { Site } from '../../main/site/site.ts';
import { startApp } from '../support/appClient.ts';
import { prepareAll } from '../support/infinitySite.ts';
import { freshSite, owing, synced } from '../support/rawInfinity.ts';
import { PASSPHRASE, tempFolder } from '../support/siteFile.ts';
import { type RawNode, type Reply, startRawNode } from './infinity-server.ts';

let node: RawNode;
beforeAll(async () => {
  node = await startRawNode();
});
afterAll(() => node.stop());

/** Rooms whose entries were made, and are to be changed since. */
async function moved(rooms: number): Promise<Site> {
  const site = await freshSite(node);
  owing(site, rooms);
  expect(await prepareAll(site)).toEqual({});
  owing(site, rooms, { building: 'Bergen' });
  for (const { id } of site.rooms.all()) site.outbox.drop(id, 'entry');
  return site;
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
    const site = await moved(ROOMS);
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
    const site = await moved(ROOMS);
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
