/** What a comparison tells as a prepare would find it, and which one is kept: the last of all rooms, whatever part was looked at since. */
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { lastDrift, readDrift } from '../../main/services/drift.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { startApp } from '../support/appClient.ts';
import { prepareAll, siteOn } from '../support/infinitySite.ts';
import { PASSPHRASE, tempFolder } from '../support/siteFile.ts';
import { type Call, ENDPOINTS, startPlatform } from './lab-raw.ts';

let platform: Platform;
let call: Call;
beforeAll(async () => {
  ({ platform, call } = await startPlatform('127.31.14'));
});
afterEach(async () => {
  await call('DELETE', ENDPOINTS);
});
afterAll(() => platform.stop());

it('a look at some rooms does not take the place of the one at all', async () => {
  const site = await siteOn(platform, 3);
  const { signal } = new AbortController();
  const [first, second] = site.rooms.all();
  if (!first || !second) throw new Error('no rooms');
  expect(lastDrift(site)).toBeNull();
  await readDrift(site, { rooms: [first], signal });
  expect(lastDrift(site)).toBeNull();
  await readDrift(site, { rooms: site.rooms.all(), signal });
  expect(lastDrift(site)).toMatchObject({ counts: { create: 3, same: 0 }, rows: [{}, { writes: true }, {}] });

  // what is written since is as wished; the rest stands as it was seen
  await prepareAll(site, [first, second]);
  expect((await readDrift(site, { rooms: [first], signal })).rows).toEqual([]);
  expect(lastDrift(site)).toMatchObject({ counts: { create: 1, same: 2 }, rows: [{ room: 'Room 3' }] });
});

it('leaves to a person what a prepare would leave to one, until there is a decision', async () => {
  const site = await siteOn(platform, 3);
  const { signal } = new AbortController();
  const look = async () =>
    (await readDrift(site, { rooms: site.rooms.all(), signal })).rows.map(
      ({ room, action, entryId, fields, problem }) => [
        room,
        action,
        entryId !== null,
        fields.map(({ field, infinity, site: wanted }) => `${field} ${infinity} ${wanted}`),
        problem?.code,
      ],
    );
  expect(await prepareAll(site)).toEqual({});
  const [first, second] = (await call('GET', ENDPOINTS)).json.objects;
  await call('PATCH', String(first?.resource_uri), { api_address: '10.9.9.9' });
  await call('DELETE', String(second?.resource_uri));
  const deleted = ['Room 2', 'conflict', false, expect.arrayContaining(['name null Room 2']), 'INFINITY_CHANGED'];
  expect(await look()).toEqual([
    ['Room 1', 'conflict', true, ['api_address 10.9.9.9 10.1.0.1'], 'INFINITY_CHANGED'],
    deleted,
  ]);
  // The prepare agrees, and keeps both for the decision.
  expect(await prepareAll(site)).toEqual({ 'Room 1': 'INFINITY_CHANGED', 'Room 2': 'INFINITY_CHANGED' });
  for (const { id } of site.rooms.all().slice(0, 2)) site.outbox.settle(id, 'site');
  expect((await look()).map(([, action]) => action)).toEqual(['change', 'create']);
  expect(await prepareAll(site)).toEqual({});
  expect(await look()).toEqual([]);
});

it('tells of an undone room what a prepare of it would write, and where it was prepared anew that it is as wished', async () => {
  const site = await siteOn(platform, 1);
  const { signal } = new AbortController();
  const [{ id } = { id: 0 }] = site.rooms.all();
  site.rooms.setState(id, 'undone');
  const actions = async (asPrepared: boolean) => {
    const { counts } = await readDrift(site, { rooms: site.rooms.all(), signal, asPrepared });
    return Object.entries(counts).flatMap(([action, count]) => (count > 0 ? action : []));
  };
  expect(await actions(false)).toEqual(['same']);
  expect(await actions(true)).toEqual(['create']);
  // A comparison of all that is kept is the one of what should be there.
  expect(lastDrift(site)?.counts.create).toBe(0);
  const app = startApp(tempFolder());
  onTestFinished(() => app.backend.close());
  await app.call('site.open', { path: site.path });
  await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
  const inWindow = async (how: { asPrepared?: true }) => {
    await app.done('jobs.drift', { rooms: [id], ...how });
    const jobs = (await app.call('app.state', undefined)).jobs.filter(({ kind }) => kind === 'drift');
    const job = Math.max(...jobs.map((one) => one.id));
    return (await app.call('infinity.drift', { job }))?.rows.map(({ action }) => action);
  };
  expect(await inWindow({})).toEqual([]);
  expect(await inWindow({ asPrepared: true })).toEqual(['create']);
  expect(await prepareAll(site)).toEqual({});
  expect(await actions(false)).toEqual(['same']);
  // Its undo is owed: what is there is one too many.
  site.outbox.owe(id, 'entry-removal');
  expect(await actions(false)).toEqual(['surplus']);
});
