/** Device names and tags in the tenant's places, against the lab's Graph: only what differs, read back, put back, and nobody's work lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { PlaceOutcome, PlacesMode, PlacesSettings } from '../../main/contract/microsoft/places.ts';
import { type Graph, openGraph } from '../../main/microsoft/graph/graph.ts';
import { permissionsOf } from '../../main/microsoft/identity/permissions.ts';
import { SCOPES } from '../../main/microsoft/places/place.ts';
import { setPlaces } from '../../main/services/places/settings.ts';
import { owedRooms, roomsFor, updateThrough } from '../../main/services/places/update.ts';
import { placesView } from '../../main/services/places/view.ts';
import type { Site } from '../../main/site/site.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/microsoft/graph/behaviour.ts';
import { mailboxRoutes } from '../lab/microsoft/graph/mailboxes.ts';
import { placeRoutes } from '../lab/microsoft/graph/places.ts';
import type { Route } from '../lab/microsoft/graph/route.ts';
import { type GraphLab, startGraphLab } from '../lab/microsoft/graph/server.ts';
import { type LabAccount, Tenant } from '../lab/microsoft/graph/tenant.ts';
import { startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { type TestTokens, testTokens } from '../support/graphTokens.ts';
import { startTeamLab, type TeamLab } from '../support/microsoftSite.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { addRoom, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';

const NAMES: PlacesSettings = { devices: ['videoDeviceName'], tags: ['One-Touch Join'] };

let tokens: TestTokens;
let tenant: Tenant;
let lab: GraphLab;
let graph: Graph;

/** The tenant of the test that runs now: routes of a lab stand as it starts. */
const routesOf = (make: (one: Tenant) => Route[]): Route[] =>
  make(new Tenant()).map((route, at) => ({ ...route, handle: (call) => (make(tenant)[at] as Route).handle(call) }));

beforeAll(async () => {
  tokens = await testTokens();
  const routes = [...routesOf(mailboxRoutes), ...routesOf(placeRoutes)];
  lab = await startGraphLab({ ...tokens.rules, address: '127.0.0.1', port: 0, routes });
  graph = openGraph({ baseUrl: lab.url, ca: lab.certificate }, tokens, { retryMs: 5 });
});
beforeEach(() => {
  tenant = new Tenant();
  tokens.granted = null;
  Object.assign(lab.behaviour, DEFAULT_BEHAVIOUR, { faults: [] });
  lab.asked.length = 0;
});
afterAll(async () => {
  await graph?.close();
  await lab?.stop();
});

function room(
  site: Site,
  name: string,
  model: string | null = 'Room Kit Pro',
  place: Record<string, unknown> = {},
): LabAccount {
  const mailbox = `${name.toLowerCase()}@contoso.example`;
  migratedRoom(site, name, model);
  return tenant.addRoom({ upn: mailbox, name, place });
}

function migratedRoom(site: Site, name: string, model: string | null): void {
  const at = site.rooms.all().length + 1;
  const { room: made, endpoint } = addRoom(site, {
    ...{ name, mailbox: `${name.toLowerCase()}@contoso.example`, address: `10.0.${at >> 8}.${at & 255}` },
  });
  if (model !== null)
    site.rooms.identify(endpoint.id, { serial: `S${at}`, mac: null, model, software: '11', systemName: '' });
  site.rooms.setState(made.id, 'migrated', null);
}

async function update(
  site: Site,
  mode: PlacesMode,
  wish: { policy?: 'fill' | 'replace' | 'overwrite'; rooms?: string[] } = {},
) {
  const outcomes: Record<string, PlaceOutcome> = {};
  const rooms = site.rooms.all().filter(({ name }) => wish.rooms?.includes(name));
  const result = await updateThrough(site, {
    ...{ graph, mode, policy: wish.policy ?? 'replace', signal: new AbortController().signal },
    rooms: wish.rooms ? rooms : roomsFor(site, mode),
    told: (outcome) => {
      outcomes[outcome.room] = outcome;
    },
  });
  return { ...result, outcomes };
}

const patches = () => lab.asked.filter(({ what }) => what.startsWith('PATCH')).length;

async function siteOn(settings: PlacesSettings = NAMES): Promise<Site> {
  const site = await tempSite({ technician: 'Kari' });
  setPlaces(site, settings);
  return site;
}

it('asks for one permission, of its own feature', () => {
  expect(permissionsOf(['places']).map(({ scope }) => scope)).toEqual([...SCOPES]);
  expect(permissionsOf(['check', 'results', 'list']).map(({ scope }) => scope)).not.toContain('Place.ReadWrite.All');
});

describe('a look and a write', () => {
  it('changes only what differs of migrated rooms, adds tags, and has nothing to do the second time', async () => {
    const site = await siteOn();
    const fjord = room(site, 'Fjord', 'Room Kit Pro', { videoDeviceName: 'HDX', tags: ['Floor 2'], capacity: 8 });
    const skog = room(site, 'Skog', 'Studio X50', { videoDeviceName: 'Studio X50', tags: ['one-touch join'] });
    const hav = room(site, 'Hav', null);
    const elv = room(site, 'Elv');
    site.rooms.setState(site.rooms.byMailbox('elv@contoso.example')?.id ?? 0, 'ready', null);

    const look = await update(site, 'look');
    expect(look).toMatchObject({ differs: 2, same: 1, done: 0, failed: 0 });
    expect(look.outcomes.Fjord?.changes).toEqual([
      { property: 'videoDeviceName', before: 'HDX', after: 'Room Kit Pro' },
      { property: 'tags', before: null, after: 'One-Touch Join' },
    ]);
    expect(patches()).toBe(0);
    expect(owedRooms(site)).toHaveLength(3);

    expect(await update(site, 'write')).toMatchObject({ done: 2, same: 1, failed: 0 });
    expect(fjord.place).toEqual({ videoDeviceName: 'Room Kit Pro', tags: ['Floor 2', 'One-Touch Join'], capacity: 8 });
    expect(hav.place).toEqual({ tags: ['One-Touch Join'] });
    expect([skog.place.tags, elv.place]).toEqual([['one-touch join'], {}]);
    expect(patches()).toBe(2);
    expect(owedRooms(site)).toEqual([]);

    expect(await update(site, 'write')).toMatchObject({ done: 0, same: 3, failed: 0 });
    expect(patches()).toBe(2);
    expect((await update(site, 'write', { rooms: ['Elv'] })).outcomes.Elv?.problem?.code).toBe('PLACE_NOT_MIGRATED');
  });

  it('a sync fills what is empty and writes over nothing', async () => {
    const site = await siteOn();
    const fjord = room(site, 'Fjord', 'Room Kit Pro', { videoDeviceName: 'HDX' });
    const told = await update(site, 'write', { policy: 'fill' });
    expect(told.outcomes.Fjord).toMatchObject({ what: 'written', theirs: [{ theirs: 'HDX', ours: 'Room Kit Pro' }] });
    expect(fjord.place).toEqual({ videoDeviceName: 'HDX', tags: ['One-Touch Join'] });
    // It is shown, and not tried again and again.
    expect(placesView(site)).toMatchObject({ owed: 0, rooms: [{ room: 'Fjord', theirs: [{ theirs: 'HDX' }] }] });
  });

  it('leaves what a person has set meanwhile and tells of it; a word on the room writes over it', async () => {
    const site = await siteOn();
    const fjord = room(site, 'Fjord');
    await update(site, 'write');
    fjord.place = { videoDeviceName: 'Ola’s codec', tags: ['Quiet'] };
    const told = await update(site, 'write');
    expect(told).toMatchObject({ done: 0, same: 1 });
    expect(told.rooms).toMatchObject([{ theirs: [{ theirs: 'Ola’s codec' }, { property: 'tags', theirs: null }] }]);
    expect(fjord.place).toEqual({ videoDeviceName: 'Ola’s codec', tags: ['Quiet'] });
    await update(site, 'write', { policy: 'overwrite', rooms: ['Fjord'] });
    expect(fjord.place).toEqual({ videoDeviceName: 'Room Kit Pro', tags: ['Quiet', 'One-Touch Join'] });
    await update(site, 'undo');
    expect(fjord.place).toEqual({ videoDeviceName: 'Ola’s codec', tags: ['Quiet'] });
  });
});

describe('putting back', () => {
  it('leaves each place as it was, but for what a person has set since, and owes nothing then', async () => {
    const site = await siteOn({ devices: ['videoDeviceName', 'audioDeviceName'], tags: ['One-Touch Join'] });
    const fjord = room(site, 'Fjord', 'Room Kit Pro', { videoDeviceName: 'HDX', tags: ['Floor 2'] });
    const skog = room(site, 'Skog', 'Room Kit Pro', { videoDeviceName: 'HDX' });
    await update(site, 'write');
    skog.place = { ...skog.place, videoDeviceName: 'Ola’s codec' };
    setPlaces(site, null);
    expect(await update(site, 'undo')).toMatchObject({ done: 2, failed: 0 });
    expect(fjord.place).toEqual({ videoDeviceName: 'HDX', audioDeviceName: null, tags: ['Floor 2'] });
    expect(skog.place).toEqual({ videoDeviceName: 'Ola’s codec', audioDeviceName: null, tags: [] });
    expect(roomsFor(site, 'undo')).toEqual([]);
  });
});

describe('trouble', () => {
  it('a change that is answered well and not kept is told, and written once it can be', async () => {
    const site = await siteOn();
    const fjord = room(site, 'Fjord');
    tenant.keepsPlaces = false;
    expect((await update(site, 'write')).outcomes.Fjord?.problem?.code).toBe('PLACE_NOT_KEPT');
    expect(owedRooms(site)).toHaveLength(1);
    tenant.keepsPlaces = true;
    expect(await update(site, 'write')).toMatchObject({ done: 1 });
    expect(fjord.place).toMatchObject({ videoDeviceName: 'Room Kit Pro' });
    await update(site, 'undo');
    expect(fjord.place).toMatchObject({ videoDeviceName: null, tags: [] });
  });

  it('a lost answer makes no difference, and neither does a program that ends before it comes', async () => {
    const site = await siteOn();
    const fjord = room(site, 'Fjord', 'Room Kit Pro', { videoDeviceName: 'HDX' });
    // In a batch: the part is done, and answered as if nobody knew.
    lab.behaviour.faults = [{ on: 'PATCH /places', part: true, status: 504, afterDone: true }];
    expect((await update(site, 'write')).outcomes.Fjord).toMatchObject({ what: 'written', problem: null });
    await update(site, 'undo');
    // The whole batch is done, and the connection is gone: the reads before it pass.
    lab.behaviour.faults = [{ on: 'PATCH /places', part: true, drop: true, afterDone: true }];
    await update(site, 'write');
    expect(patches()).toBe(3);
    expect(fjord.place).toMatchObject({ videoDeviceName: 'Room Kit Pro' });
    // On record as on its way, as a killed program leaves it; somebody has changed it since.
    const record = site.places.all()[0];
    if (!record) throw new Error('no record');
    const changes = [{ property: 'videoDeviceName' as const, before: 'HDX', after: 'Room Kit Pro' }];
    site.places.save({
      ...record,
      ours: { before: {}, written: {}, tags: [] },
      sending: { changes, undo: false },
      wish: null,
    });
    fjord.place = { ...fjord.place, videoDeviceName: 'Ola’s codec' };
    expect((await update(site, 'write')).outcomes.Fjord?.theirs).toMatchObject([{ theirs: 'Ola’s codec' }]);
    expect(fjord.place).toMatchObject({ videoDeviceName: 'Ola’s codec' });
  });

  it('of one room is its own: a room that is hidden, a refusal', async () => {
    const site = await siteOn();
    room(site, 'Fjord');
    migratedRoom(site, 'Nowhere', 'Room Kit Pro');
    const skog = room(site, 'Skog');
    lab.behaviour.faults = [
      {
        on: `PATCH /places/${skog.id}`,
        part: true,
        status: 400,
        body: { error: { code: 'ErrorInvalidRequest', message: 'no' } },
      },
    ];
    const told = await update(site, 'write');
    expect(told).toMatchObject({ done: 1, failed: 2 });
    expect(told.outcomes.Nowhere?.problem?.code).toBe('PLACE_MISSING');
    expect(told.outcomes.Skog?.problem?.code).toBe('M365_REFUSED');
    expect(skog.place).toEqual({});
    expect(owedRooms(site).map(({ name }) => name)).toEqual(['Nowhere', 'Skog']);
    // Whoever reads that a room is owed reads why.
    const why = () => Object.fromEntries(placesView(site).rooms.map((one) => [one.room, one.problem?.code]));
    expect(why()).toEqual({ Fjord: undefined, Nowhere: 'PLACE_MISSING', Skog: 'M365_REFUSED' });
    tenant.addRoom({ upn: 'nowhere@contoso.example', name: 'Nowhere' });
    await update(site, 'write', { rooms: ['Nowhere'] });
    expect(why().Nowhere).toBeUndefined();
    expect(owedRooms(site).map(({ name }) => name)).toEqual(['Skog']);
  });

  it('without the permission nothing is read or written', async () => {
    const site = await siteOn();
    const fjord = room(site, 'Fjord');
    tokens.granted = ['User.Read.All'];
    expect(await codeOf(() => update(site, 'write'))).toBe('M365_FORBIDDEN');
    expect(site.places.all()).toEqual([]);
    tokens.granted = ['Place.Read.All'];
    expect((await update(site, 'write')).outcomes.Fjord?.problem?.code).toBe('M365_FORBIDDEN');
    expect(fjord.place).toEqual({});
  });

  it('that is the same for all rooms stops the rest', async () => {
    const site = await siteOn();
    for (let at = 0; at < 45; at++) room(site, `Room${at}`);
    tenant.keepsPlaces = false;
    expect(await codeOf(() => update(site, 'write'))).toBe('PLACE_NOT_KEPT');
    expect(patches()).toBe(20);
    expect(owedRooms(site)).toHaveLength(45);
  });

  it('of a mailbox that the room had before, the old place is put back', async () => {
    const site = await siteOn();
    const fjord = room(site, 'Fjord', 'Room Kit Pro', { videoDeviceName: 'HDX' });
    await update(site, 'write');
    site.db.run("UPDATE room SET mailbox = 'new@contoso.example', mailbox_key = 'new@contoso.example'", {});
    tenant.addRoom({ upn: 'new@contoso.example', name: 'New' });
    expect((await update(site, 'write')).outcomes.Fjord?.problem?.code).toBe('PLACE_MOVED');
    expect(placesView(site).rooms).toMatchObject([
      { problem: { code: 'PLACE_MOVED' }, ours: [{ after: 'Room Kit Pro' }, {}] },
    ]);
    await update(site, 'undo');
    expect(fjord.place).toEqual({ videoDeviceName: 'HDX', tags: [] });
    expect(await update(site, 'write')).toMatchObject({ done: 1 });
  });

  it('of a mailbox before, where an answer was lost, the old place is looked at and put back', async () => {
    const site = await siteOn();
    const fjord = room(site, 'Fjord', 'Room Kit Pro', { videoDeviceName: 'HDX' });
    // As a program leaves it that is killed after it has sent and before the answer: nothing is known to be ours.
    const changes = [{ property: 'videoDeviceName' as const, before: 'HDX', after: 'Room Kit Pro' }];
    site.places.save({
      ...{ roomId: site.rooms.all()[0]?.id ?? 0, mailbox: 'fjord@contoso.example', sending: { changes, undo: false } },
      ...{ ours: { before: {}, written: {}, tags: [] }, wish: null, theirs: [], problem: null, at: null },
    });
    fjord.place = { videoDeviceName: 'Room Kit Pro' };
    site.db.run("UPDATE room SET mailbox = 'new@contoso.example', mailbox_key = 'new@contoso.example'", {});
    const other = tenant.addRoom({ upn: 'new@contoso.example', name: 'New' });
    expect((await update(site, 'write')).outcomes.Fjord?.problem?.code).toBe('PLACE_MOVED');
    expect(other.place).toEqual({});
    await update(site, 'undo');
    expect(fjord.place).toEqual({ videoDeviceName: 'HDX' });
    expect(await update(site, 'write')).toMatchObject({ done: 1 });
  });

  it('two hundred rooms take few requests', async () => {
    const site = await siteOn();
    for (let at = 0; at < 200; at++) room(site, `Room${at}`);
    const before = lab.counts.requests;
    lab.behaviour.throttling = false;
    expect(await update(site, 'write')).toMatchObject({ done: 200, failed: 0 });
    expect(lab.counts.requests - before).toBeLessThanOrEqual(3 * 10 + 3);
  }, 30_000);
});

describe('switched off', () => {
  let team: TeamLab;
  beforeAll(async () => {
    team = await startTeamLab();
  });
  afterAll(() => team?.stop());

  it('nothing is asked for and nothing written; switched on, the window and otj look, write and put back', async () => {
    const site = await tempSite({ technician: 'Kari' });
    migratedRoom(site, 'Fjord', 'Room Kit Pro');
    const fjord = team.directory.addRoom({ upn: 'fjord@contoso.example', name: 'Fjord', place: { tags: ['Floor 2'] } });
    await team.signIn(site);
    site.close();
    const run = (...args: string[]) => otjHere([...args, '--passphrase-fd', '3'], PASSPHRASE);
    expect((await run('m365', 'places', 'write', site.path)).stderr).toContain('PLACES_OFF');
    expect((await run('m365', 'sign-in', site.path, '--for', 'places')).stderr).toContain('PLACES_OFF');
    const set = ['m365', 'places', 'set', site.path];
    expect((await otjHere([...set, '--tag', 'x'.repeat(80)])).stderr).toContain('SETTING_UNFIT');
    expect(await otj([...set, '--device', 'videoDeviceName', '--device', 'displayDeviceName'])).toMatchObject({
      code: 0,
    });
    expect(await run('m365', 'places', 'look', site.path)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('    videoDeviceName: – → Room Kit Pro'),
    });
    expect(fjord.place).toEqual({ tags: ['Floor 2'] });

    const app = startApp(tempFolder());
    onTestFinished(() => app.backend.close());
    await app.call('site.open', { path: site.path });
    await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
    expect(await app.call('places.view', undefined)).toMatchObject({ owed: 1, written: 0 });
    const { job } = await app.call('jobs.places', { mode: 'write', rooms: null, overwrite: false });
    await expect.poll(async () => (await app.call('jobs.detail', { job })).job.status).toBe('done');
    expect(fjord.place).toEqual({
      ...{ videoDeviceName: 'Room Kit Pro', displayDeviceName: 'Room Kit Pro', tags: ['Floor 2', 'One-Touch Join'] },
    });
    expect(await app.call('places.view', undefined)).toMatchObject({ owed: 0, written: 1 });
    await app.call('site.close', undefined);

    const status = await otjHere(['m365', 'places', 'status', site.path, '--json']);
    expect(jsonLines(status.stdout)).toMatchObject([{ type: 'result', written: 1, owed: 0 }]);
    expect(await run('m365', 'places', 'undo', site.path)).toMatchObject({ code: 0 });
    expect(fjord.place).toEqual({ videoDeviceName: null, displayDeviceName: null, tags: ['Floor 2'] });
    expect((await otjHere(['m365', 'places', 'off', site.path])).code).toBe(0);
  }, 60_000);
});
