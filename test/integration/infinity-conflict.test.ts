/** Entries that somebody else changes meanwhile: nothing is overwritten or deleted without a person's word. */
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { takenOver } from '../../main/contract/takeOver.ts';
import { deliverRemoval } from '../../main/services/infinity.ts';
import { InfinityLink } from '../../main/services/infinityLink.ts';
import { prepare } from '../../main/services/prepare.ts';
import { sync } from '../../main/services/sync.ts';
import type { Site } from '../../main/site/site.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/infinity/behaviour.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { prepareAll, siteOn, syncAll } from '../support/infinitySite.ts';
import { PASSPHRASE, tempFolder } from '../support/siteFile.ts';
import { BEHAVIOUR, type Call, ENDPOINTS, startPlatform } from './lab-raw.ts';

let platform: Platform;
let call: Call;

beforeAll(async () => {
  ({ platform, call } = await startPlatform('127.31.11'));
});
afterEach(async () => {
  Object.assign(platform.behaviour, DEFAULT_BEHAVIOUR, BEHAVIOUR);
  await call('DELETE', ENDPOINTS);
});
afterAll(() => platform.stop());

const entries = async () => (await call('GET', `${ENDPOINTS}?limit=0`)).json.objects;
const entryOf = async (name: string) => (await entries()).find((entry) => entry.name === name);
async function meddle(name: string, fields: Record<string, unknown>): Promise<void> {
  expect((await call('PATCH', String((await entryOf(name))?.resource_uri), fields)).status).toBe(202);
}
const roomNamed = (site: Site, name: string) => {
  const room = site.rooms.all().find((one) => one.name === name);
  if (!room) throw new Error(`no ${name}`);
  return room;
};
const settle = (site: Site, name: string, take: 'site' | 'infinity') =>
  site.outbox.settle(roomNamed(site, name).id, take);
async function remove(site: Site, name: string): Promise<void> {
  const link = new InfinityLink(site, new AbortController().signal);
  try {
    await deliverRemoval(site, link, roomNamed(site, name));
  } finally {
    await link.close();
  }
}

describe('a value that somebody changed after us', () => {
  it('is left alone and shown beside ours and what we wrote; taking ours writes it', async () => {
    const site = await siteOn(platform, 2);
    expect(await prepareAll(site)).toEqual({});
    await meddle('Room 1', { api_address: '10.9.9.9', description: 'by hand' });
    expect(await prepareAll(site)).toEqual({ 'Room 1': 'INFINITY_CHANGED' });
    expect(site.outbox.owed()).toMatchObject([
      {
        kind: 'entry',
        problem: { code: 'INFINITY_CHANGED' },
        conflict: {
          wish: 'write',
          gone: false,
          fields: [
            { field: 'description', base: 'Oslo, floor 2', theirs: 'by hand', ours: 'Oslo, floor 2' },
            { field: 'api_address', base: '10.1.0.1', theirs: '10.9.9.9', ours: '10.1.0.1' },
          ],
        },
      },
    ]);
    expect(await entryOf('Room 1')).toMatchObject({ api_address: '10.9.9.9', description: 'by hand' });

    settle(site, 'Room 1', 'site');
    expect(await syncAll(site)).toEqual({});
    expect(await entryOf('Room 1')).toMatchObject({ api_address: '10.1.0.1', description: 'Oslo, floor 2' });
    expect(site.outbox.owed()).toEqual([]);
  });

  it('is told anew when it changed again after the decision', async () => {
    const site = await siteOn(platform, 1);
    await prepareAll(site);
    await meddle('Room 1', { api_address: '10.9.9.9' });
    await prepareAll(site);
    settle(site, 'Room 1', 'site');
    await meddle('Room 1', { api_address: '10.8.8.8' });
    expect(await syncAll(site)).toEqual({ 'Room 1': 'INFINITY_CHANGED' });
    expect(await entryOf('Room 1')).toMatchObject({ api_address: '10.8.8.8' });
  });

  it('stays when it is taken, through later writes, until the site has a new wish of its own', async () => {
    const site = await siteOn(platform, 1);
    await prepareAll(site);
    await meddle('Room 1', { api_username: 'theirs', api_password: 'Their+Own-Password-12345' });
    await prepareAll(site);
    settle(site, 'Room 1', 'infinity');
    expect(await syncAll(site)).toEqual({});
    expect(site.outbox.owed()).toEqual([]);
    const [row] = platform.store.rows('mjx_endpoint');
    expect(row).toMatchObject({ api_username: 'theirs', api_password: 'Their+Own-Password-12345' });
    expect(await prepareAll(site)).toEqual({});
    expect(await entryOf('Room 1')).toMatchObject({ api_username: 'theirs' });
    site.saveSettings({ accountName: 'otj-new' });
    expect(await prepareAll(site)).toEqual({});
    expect(await entryOf('Room 1')).toMatchObject({ api_username: 'otj-new' });
  });

  it('is no conflict where it is what we want, or a field that we do not write', async () => {
    const site = await siteOn(platform, 1);
    await prepareAll(site);
    await meddle('Room 1', { webex_device_id: 'x', room_resource_email: 'ROOM-1@lab.example', verify_cert: 'YES' });
    expect(await prepareAll(site)).toEqual({});
    expect(await entryOf('Room 1')).toMatchObject({ webex_device_id: 'x', verify_cert: 'YES' });
  });

  it('is not seen in our own write whose reply was lost', async () => {
    const site = await siteOn(platform, 1);
    await prepareAll(site);
    site.saveSettings({ accountName: 'otj-two' });
    platform.behaviour.loseReplies = 1;
    expect(await prepareAll(site)).toEqual({ 'Room 1': 'INFINITY_UNREACHABLE' });
    site.saveSettings({ accountName: 'otj-three' });
    expect(await prepareAll(site)).toEqual({});
    expect(await entryOf('Room 1')).toMatchObject({ api_username: 'otj-three' });
  });
});

describe('an entry from before us', () => {
  const foreign = async (at: number) => {
    const fields = { name: `Old ${at}`, room_resource_email: `room-${at}@lab.example`, api_address: `10.7.7.${at}` };
    expect((await call('POST', ENDPOINTS, fields)).status).toBe(201);
  };
  /** Rooms that were moved while Infinity was away. */
  const owing = (site: Site) => {
    for (const { id } of site.rooms.all()) site.outbox.owe(id, 'entry');
    return site;
  };

  it('is left alone by a sync and shown with three values; a decision ends it, and an undo puts it back', async () => {
    const site = owing(await siteOn(platform, 2));
    await foreign(1);
    await foreign(2);
    expect(await syncAll(site)).toEqual({ 'Room 1': 'INFINITY_CHANGED', 'Room 2': 'INFINITY_CHANGED' });
    expect(await entries()).toMatchObject([{ name: 'Old 1' }, { name: 'Old 2' }]);
    const [owed] = site.outbox.owed();
    expect(owed?.conflict).toMatchObject({ foreign: true, theirs: { name: 'Old 1', api_address: '10.7.7.1' } });
    expect(owed?.conflict?.fields).toContainEqual({
      field: 'api_address',
      base: null,
      theirs: '10.7.7.1',
      ours: '10.1.0.1',
    });
    // a second look is no agreement
    expect(await syncAll(site)).toEqual({ 'Room 1': 'INFINITY_CHANGED', 'Room 2': 'INFINITY_CHANGED' });

    settle(site, 'Room 1', 'site');
    settle(site, 'Room 2', 'infinity');
    expect(await syncAll(site)).toEqual({});
    expect(await entries()).toMatchObject([
      { name: 'Room 1', api_address: '10.1.0.1' },
      { name: 'Old 2', api_address: '10.7.7.2' },
    ]);
    await remove(site, 'Room 1');
    await remove(site, 'Room 2');
    expect(await entries()).toMatchObject([
      { name: 'Old 1', api_address: '10.7.7.1' },
      { name: 'Old 2', api_address: '10.7.7.2' },
    ]);
  });

  it('is adopted by a sync and said so where it is as wished', async () => {
    const first = await siteOn(platform, 1);
    await prepareAll(first);
    const before = await entries();
    const site = owing(await siteOn(platform, 1));
    const told: unknown[] = [];
    const { signal } = new AbortController();
    await sync(site, { signal, waitMs: 0, delivered: (item) => told.push(item), waiting: () => undefined });
    expect(told).toMatchObject([{ problem: null, adopted: { entryId: before[0]?.id, taken: [] } }]);
    expect(await entries()).toEqual(before);
    expect(site.outbox.entry(roomNamed(site, 'Room 1').id)).toMatchObject({ createdByUs: false });
  });

  it('is changed by a prepare only where a person has seen what, and not where it has appeared since', async () => {
    const site = await siteOn(platform, 3);
    await foreign(1);
    const shown = [roomNamed(site, 'Room 1')];
    // between what was shown and the writing
    await foreign(2);
    expect(await prepareAll(site, site.rooms.all(), shown)).toEqual({ 'Room 2': 'INFINITY_CHANGED' });
    expect(await entryOf('Room 1')).toMatchObject({ api_address: '10.1.0.1' });
    expect(await entryOf('Old 2')).toMatchObject({ api_address: '10.7.7.2' });
    expect(await entryOf('Room 3')).toBeDefined();
    expect(site.outbox.owed()).toMatchObject([{ kind: 'entry', conflict: { foreign: true } }]);
  });

  it('is changed for a screen only in rooms that it has shown as taken over', async () => {
    const { path } = await siteOn(platform, 2);
    await foreign(1);
    await foreign(2);
    const app = startApp(tempFolder());
    onTestFinished(() => app.backend.close());
    await app.call('site.open', { path });
    await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
    const [first] = await app.call('rooms.list', undefined);
    expect(await app.done('jobs.prepare', { rooms: null })).toMatchObject({ prepared: 0 });
    expect(await entries()).toMatchObject([{ name: 'Old 1' }, { name: 'Old 2' }]);
    await app.done('jobs.drift', { rooms: [first?.id ?? 0] });
    const looked = (await app.call('app.state', undefined)).jobs.find(({ kind }) => kind === 'drift');
    const drift = await app.call('infinity.drift', { job: looked?.id ?? 0 });
    const takeOver = takenOver(drift?.rows ?? []);
    expect(takeOver).toMatchObject([{ roomId: first?.id }]);
    // As it is no more: nobody has agreed to what is there now.
    await call('PATCH', String((await entries())[0]?.resource_uri), { api_address: '10.7.7.99' });
    expect(await app.done('jobs.prepare', { rooms: null, takeOver })).toMatchObject({ prepared: 0 });
    expect(await entries()).toMatchObject([{ name: 'Old 1', api_address: '10.7.7.99' }, { name: 'Old 2' }]);
    await call('PATCH', String((await entries())[0]?.resource_uri), { api_address: '10.7.7.1' });
    // Nor to what the site wants by now.
    const corrected = { roomId: first?.id ?? 0, address: '10.1.0.99', serial: null };
    await app.call('rooms.correct', corrected);
    expect(await app.done('jobs.prepare', { rooms: null, takeOver })).toMatchObject({ prepared: 0 });
    expect(await entries()).toMatchObject([{ name: 'Old 1', api_address: '10.7.7.1' }, { name: 'Old 2' }]);
    await app.call('rooms.correct', { ...corrected, address: '10.1.0.1' });
    expect(await app.done('jobs.prepare', { rooms: null, takeOver })).toMatchObject({ prepared: 1 });
    expect(await entries()).toMatchObject([{ name: 'Room 1' }, { name: 'Old 2' }]);
  });

  it('that was deleted since ends with a person’s word, whatever it is: it cannot be put back', async () => {
    for (const take of ['infinity', 'site'] as const) {
      const site = await siteOn(platform, 1);
      await foreign(1);
      expect(await prepareAll(site)).toEqual({});
      await call('DELETE', String((await entryOf('Room 1'))?.resource_uri));
      expect(await codeOf(() => remove(site, 'Room 1'))).toBe('INFINITY_CHANGED');
      expect(site.outbox.owed()).toMatchObject([{ conflict: { gone: true, wish: 'restore' } }]);
      settle(site, 'Room 1', take);
      await syncAll(site);
      expect(site.outbox.owed()).toEqual([]);
      expect(await entries()).toEqual([]);
    }
  });

  it('that a person agreed to change needs no second word when the reply was lost', async () => {
    const site = await siteOn(platform, 1);
    await foreign(1);
    platform.behaviour.loseReplies = 1;
    expect(await prepareAll(site)).toEqual({ 'Room 1': 'INFINITY_UNREACHABLE' });
    expect(await syncAll(site)).toEqual({});
    expect(platform.store.rows('mjx_endpoint')).toMatchObject([{ name: 'Room 1', api_address: '10.1.0.1' }]);
  });
});

describe('an entry that somebody deleted', () => {
  it('is not made again unasked', async () => {
    const site = await siteOn(platform, 1);
    await prepareAll(site);
    await call('DELETE', String((await entryOf('Room 1'))?.resource_uri));
    expect(await prepareAll(site)).toEqual({ 'Room 1': 'INFINITY_CHANGED' });
    expect(await entries()).toEqual([]);
    settle(site, 'Room 1', 'infinity');
    expect(site.outbox.owed()).toEqual([]);
    expect(await syncAll(site)).toEqual({});
    expect(await entries()).toEqual([]);
  });

  it('is made again when the site is taken, and is ours', async () => {
    const site = await siteOn(platform, 1);
    await prepareAll(site);
    await call('DELETE', String((await entryOf('Room 1'))?.resource_uri));
    await prepareAll(site);
    settle(site, 'Room 1', 'site');
    expect(await syncAll(site)).toEqual({});
    expect(site.outbox.entry(roomNamed(site, 'Room 1').id)).toMatchObject({ createdByUs: true });
    expect(await entries()).toHaveLength(1);
  });
});

describe('work that is stopped', () => {
  it('leaves no debt for rooms whose turn had not come', async () => {
    const site = await siteOn(platform, 30);
    const stop = new AbortController();
    const { rooms } = await prepare(site, {
      rooms: site.rooms.all(),
      signal: stop.signal,
      began: () => stop.abort(),
      done: () => undefined,
    });
    site.releaseLock();
    expect(rooms.every(({ problem }) => problem?.code === 'CANCELLED')).toBe(true);
    expect(site.outbox.owed()).toEqual([]);
    expect(await entries()).toEqual([]);
  });
});

describe('clean-up', () => {
  it('deletes what we made and nobody touched', async () => {
    const site = await siteOn(platform, 3);
    await prepareAll(site);
    await remove(site, 'Room 1');
    await remove(site, 'Room 3');
    expect((await entries()).map(({ name }) => name)).toEqual(['Room 2']);
  });

  it('does not delete what somebody has worked on, until a person says so', async () => {
    const site = await siteOn(platform, 2);
    await prepareAll(site);
    // also a field that we never write
    await meddle('Room 1', { webex_device_id: 'kept by somebody' });
    await meddle('Room 2', { description: 'kept by somebody' });
    expect(await codeOf(() => remove(site, 'Room 1'))).toBe('INFINITY_CHANGED');
    expect(await codeOf(() => remove(site, 'Room 2'))).toBe('INFINITY_CHANGED');
    expect(await entries()).toHaveLength(2);
    settle(site, 'Room 1', 'site');
    settle(site, 'Room 2', 'infinity');
    expect(await syncAll(site)).toEqual({});
    expect((await entries()).map(({ name }) => name)).toEqual(['Room 2']);
    expect(site.outbox.owed()).toEqual([]);
  });

  it('puts an entry from before us back as it was, but not over what somebody wrote since', async () => {
    const site = await siteOn(platform, 1);
    await call('POST', ENDPOINTS, {
      name: 'Fjord (old)',
      room_resource_email: 'room-1@lab.example',
      api_address: '10.7.7.7',
    });
    await prepareAll(site);
    await meddle('Room 1', { api_address: '10.6.6.6' });
    expect(await codeOf(() => remove(site, 'Room 1'))).toBe('INFINITY_CHANGED');
    expect(await entries()).toMatchObject([{ api_address: '10.6.6.6' }]);
    settle(site, 'Room 1', 'site');
    await syncAll(site);
    expect(await entries()).toMatchObject([{ name: 'Fjord (old)', api_address: '10.7.7.7' }]);
  });
});
