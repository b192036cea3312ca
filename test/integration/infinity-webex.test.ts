/** A codec of the Webex cloud: Infinity reaches it by its Webex device id, and signs in to nothing. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Told } from '../../main/contract/device.ts';
import { readDrift } from '../../main/services/drift.ts';
import { deliverRemoval } from '../../main/services/infinity.ts';
import { InfinityLink } from '../../main/services/infinityLink.ts';
import type { Site } from '../../main/site/site.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/infinity/behaviour.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import { prepareAll, siteOn, syncAll } from '../support/infinitySite.ts';
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
