/** A codec of the Webex cloud: Infinity reaches it by its Webex device id, and signs in to nothing. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Told } from '../../main/contract/device.ts';
import { readDrift } from '../../main/services/drift.ts';
import { deliverRemoval } from '../../main/services/infinity.ts';
import { InfinityLink } from '../../main/services/infinityLink.ts';
import { planRooms } from '../../main/services/plan.ts';
import { run } from '../../main/services/run.ts';
import type { Site } from '../../main/site/site.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/infinity/behaviour.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import type { CodecSpec } from '../lab/types.ts';
import { placeOf, prepareAll, siteOn, syncAll } from '../support/infinitySite.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';
import { ADMIN, account, codec, PORTS } from './cisco-visit.ts';
import { BEHAVIOUR, type Call, ENDPOINTS, startPlatform } from './lab-raw.ts';

let platform: Platform;
let call: Call;

beforeAll(async () => {
  ({ platform, call } = await startPlatform('127.31.12'));
});
afterEach(async () => {
  Object.assign(platform.behaviour, DEFAULT_BEHAVIOUR, BEHAVIOUR);
  await call('DELETE', ENDPOINTS);
});
afterAll(() => platform.stop());

const { signal } = new AbortController();
const entries = async () => (await call('GET', `${ENDPOINTS}?limit=0`)).json.objects;
const told = (key: Told['key'], value: string): Told => ({ key, value, warn: false });
const CLOUD = [told('webex', 'Registered'), told('webex-id', 'DEV-1')];

/** What the codec of the first room says at a visit. */
function visited(site: Site, says: readonly Told[]): void {
  const endpoint = site.rooms.endpointOf(1);
  if (!endpoint) throw new Error('no endpoint');
  site.rooms.noteVisit(endpoint.id, { transport: 'ssh', weakness: null }, says);
}

async function remove(site: Site): Promise<void> {
  const [room] = site.rooms.all();
  if (!room) throw new Error('no room');
  const link = new InfinityLink(site, signal);
  try {
    await deliverRemoval(site, link, room);
  } finally {
    await link.close();
  }
}

/** Of the rooms that are not as wished. */
const actions = async (site: Site) =>
  (await readDrift(site, { rooms: site.rooms.all(), signal })).rows.map(({ action }) => action);

describe('a codec of the Webex cloud', () => {
  it('gets an entry of type WEBEX with what it told, and no account', async () => {
    const site = await siteOn(platform, 1);
    visited(site, CLOUD);
    expect(await prepareAll(site)).toEqual({});
    const [entry] = await entries();
    expect(entry).toMatchObject({ endpoint_type: 'WEBEX', webex_device_id: 'DEV-1' });
    expect(entry?.api_username ?? '').toBe('');
    expect(await actions(site)).toEqual([]);
    expect(await prepareAll(site)).toEqual({});
    expect(await entries()).toHaveLength(1);
  });

  it('has the entry that was prepared before it was seen made over, and taken away by the undo', async () => {
    const site = await siteOn(platform, 1);
    expect(await prepareAll(site)).toEqual({});
    expect((await entries())[0]).toMatchObject({ endpoint_type: 'CISCO' });
    visited(site, CLOUD);
    expect(await actions(site)).toEqual(['change']);
    expect(await prepareAll(site)).toEqual({});
    expect((await entries())[0]).toMatchObject({ endpoint_type: 'WEBEX', webex_device_id: 'DEV-1' });
    expect(await actions(site)).toEqual([]);
    await remove(site);
    expect(await entries()).toEqual([]);
  });

  it('that does not tell its id owes its entry until somebody has made it by hand', async () => {
    const site = await siteOn(platform, 1);
    visited(site, [told('webex', 'Registered')]);
    expect(await prepareAll(site)).toEqual({ 'Room 1': 'WEBEX_ID' });
    expect(await entries()).toEqual([]);
    expect(site.outbox.owed()).toMatchObject([{ kind: 'entry', problem: { code: 'WEBEX_ID' } }]);
    const [room] = site.rooms.all();
    const fields = {
      name: room?.name,
      room_resource_email: room?.mailbox,
      endpoint_type: 'WEBEX',
      webex_device_id: 'X',
    };
    const [group] = (await call('GET', '/api/admin/configuration/v1/mjx_endpoint_group/')).json.objects;
    const made = { ...fields, description: 'Oslo, floor 2', mjx_endpoint_group: group?.resource_uri };
    expect((await call('POST', ENDPOINTS, made)).status).toBe(201);
    expect(await syncAll(site)).toEqual({});
    expect((await entries())[0]).toMatchObject({ endpoint_type: 'WEBEX', webex_device_id: 'X' });
    expect(site.outbox.owed()).toEqual([]);
  });
});

/** A room with a codec of the cloud of which nobody knows that it is one. */
async function cloudRoom(webex: Partial<CodecSpec>['webex'] = { status: 'Registered', developerId: 'DEV-1' }) {
  const device = await codec(webex ? { webex } : {});
  const site = await tempSite({
    ...PORTS,
    timeoutMs: 4_000,
    proofMs: 0,
    proofEveryMs: 50,
    infinity: placeOf(platform),
  });
  site.saveCredential('infinity', null, 'admin', 'secret');
  site.saveCredential('cisco-roomos', null, ADMIN.username, ADMIN.passphrase);
  const { room } = addRoom(site, { mailbox: 'room-1@lab.example', address: device.spec.address });
  const work = async () => {
    const { ok } = await run(site, { kind: 'migrate', rooms: [room], technician: 'Ada', signal, listen: () => {} });
    site.releaseLock();
    return ok;
  };
  return {
    device,
    site,
    work,
    entryStep: () => site.plan(room.id)?.steps.find(({ id }) => id === 'entry'),
    /** Of the entry, as far as it was made or owed. */
    recorded: (status: string) =>
      site.journal.ofRoom(room.id).findLast((one) => one.step === 'entry' && one.status === status),
    state: () => site.rooms.get(room.id)?.state,
    away: (isAway: boolean) =>
      site.saveSettings({ infinity: { ...placeOf(platform), ...(isAway ? { port: 9 } : {}) } }),
  };
}

describe('a run that is the first to see that a codec is one of the Webex cloud', () => {
  it.each([
    ['prepared', true],
    ['not prepared', false],
  ])('gives the room, %s, its entry of type WEBEX, as its plan says', async (_how, isPrepared) => {
    const { device, site, work, entryStep, recorded } = await cloudRoom();
    if (isPrepared) expect(await prepareAll(site)).toEqual({});
    expect((await entries()).map((entry) => entry.endpoint_type)).toEqual(isPrepared ? ['CISCO'] : []);
    expect(await work()).toBe(1);
    expect(await entries()).toMatchObject([{ endpoint_type: 'WEBEX', webex_device_id: 'DEV-1' }]);
    expect(account(device, site.settings.accountName)).toBeUndefined();
    const after = `Fjord, room-1@lab.example, ${device.spec.address}, type WEBEX, device id DEV-1`;
    const change = { before: isPrepared ? expect.stringMatching(/^entry \d+$/) : null, after };
    expect(entryStep()?.changes).toMatchObject([change]);
    expect(recorded('done')?.changes).toMatchObject([change]);
    expect(site.outbox.owed()).toMatchObject([{ kind: 'contact' }]);

    // And it has it now.
    expect(await work()).toBe(1);
    expect(recorded('already')).toBeDefined();
    expect(await actions(site)).toEqual([]);
    expect(await entries()).toHaveLength(1);
  });

  it.each([
    ['prepared', true],
    ['not prepared', false],
  ])('owes it to the next sync while Infinity is away, for a room that was %s', async (_how, isPrepared) => {
    const { site, work, state, away } = await cloudRoom();
    if (isPrepared) expect(await prepareAll(site)).toEqual({});
    away(true);
    expect(await work()).toBe(1);
    expect(state()).toBe('awaiting sync');
    expect(site.outbox.owed()).toMatchObject([{ kind: 'entry', problem: { code: 'INFINITY_UNREACHABLE' } }]);
    away(false);
    expect(await syncAll(site)).toEqual({});
    expect(await entries()).toMatchObject([{ endpoint_type: 'WEBEX', webex_device_id: 'DEV-1' }]);
  });

  it.each([
    ['prepared', true],
    ['not prepared', false],
  ])('owes it where the codec does not tell its id, for a room that was %s', async (_how, isPrepared) => {
    const { site, work, state, entryStep } = await cloudRoom({ status: 'Registered' });
    if (isPrepared) expect(await prepareAll(site)).toEqual({});
    expect(await work()).toBe(1);
    expect(state()).toBe('awaiting sync');
    expect(site.outbox.owed()).toMatchObject([{ kind: 'entry', problem: { code: 'WEBEX_ID' } }]);
    expect(entryStep()?.changes[0]?.after).toMatch(/, type WEBEX, device id not told$/);
    // Somebody looks it up, and gives it to the entry.
    const made = { name: 'Fjord', room_resource_email: 'room-1@lab.example', description: 'Oslo, floor 2' };
    const [group] = (await call('GET', '/api/admin/configuration/v1/mjx_endpoint_group/')).json.objects;
    const cloud = { endpoint_type: 'WEBEX', webex_device_id: 'X' };
    const [entry] = await entries();
    if (entry) expect((await call('PATCH', String(entry.resource_uri), cloud)).status).toBe(202);
    else await call('POST', ENDPOINTS, { ...made, ...cloud, mjx_endpoint_group: group?.resource_uri });
    expect(await syncAll(site)).toEqual({});
    expect(site.outbox.owed()).toMatchObject([{ kind: 'contact' }]);
    expect(await work()).toBe(1);
    expect(await entries()).toMatchObject([cloud]);
  });

  it('has it changed when Webex knows the codec by another id, or not at all any more', async () => {
    const { site, work } = await cloudRoom();
    visited(site, [told('webex', 'Registered'), told('webex-id', 'DEV-0')]);
    expect(await prepareAll(site)).toEqual({});
    expect(await entries()).toMatchObject([{ endpoint_type: 'WEBEX', webex_device_id: 'DEV-0' }]);
    expect(await work()).toBe(1);
    expect(await entries()).toMatchObject([{ endpoint_type: 'WEBEX', webex_device_id: 'DEV-1' }]);

    const left = await cloudRoom({ status: 'Disabled' });
    await call('DELETE', ENDPOINTS);
    visited(left.site, CLOUD);
    expect(await prepareAll(left.site)).toEqual({});
    expect(await entries()).toMatchObject([{ endpoint_type: 'WEBEX' }]);
    expect(await left.work()).toBe(1);
    expect(await entries()).toMatchObject([{ endpoint_type: 'CISCO', api_username: left.site.settings.accountName }]);
  });

  it('is told so by a dry run, which writes nothing', async () => {
    const { site, entryStep } = await cloudRoom();
    expect(await prepareAll(site)).toEqual({});
    await planRooms(site, { rooms: site.rooms.all(), insist: false, signal, planned: () => {} });
    expect(entryStep()?.changes[0]?.after).toMatch(/type WEBEX, device id DEV-1$/);
    expect(await entries()).toMatchObject([{ endpoint_type: 'CISCO' }]);
  });

  it('leaves an entry whose type somebody has decided about as it is', async () => {
    const { site, work } = await cloudRoom();
    expect(await prepareAll(site)).toEqual({});
    expect(await work()).toBe(1);
    const [entry] = await entries();
    expect((await call('PATCH', String(entry?.resource_uri), { endpoint_type: 'CISCO' })).status).toBe(202);
    expect(await prepareAll(site)).toEqual({ Fjord: 'INFINITY_CHANGED' });
    site.outbox.settle(1, 'infinity');
    expect(await syncAll(site)).toEqual({});
    expect(await work()).toBe(1);
    expect(await entries()).toMatchObject([{ endpoint_type: 'CISCO' }]);
  });
});

describe('a codec that is registered with Webex and managed on the premises', () => {
  it('is one like any other, in the entry and in the comparison', async () => {
    const site = await siteOn(platform, 1);
    visited(site, [...CLOUD, told('manager', 'Webex Edge')]);
    expect(await prepareAll(site)).toEqual({});
    expect((await entries())[0]).toMatchObject({ endpoint_type: 'CISCO', api_username: site.settings.accountName });
    site.rooms.setState(1, 'migrated');
    visited(site, [...CLOUD, told('manager', 'Webex Edge'), told('http', 'HTTPS')]);
    expect(await actions(site)).toEqual([]);
  });
});
