/**
 * Prepare under chance: replies lost, 429, 500 after saving, 503, and `kill -9` of the process itself. Whatever happens,
 * every room ends with exactly one entry, and it is right. And a migration without Infinity, then a sync, ends as one with it.
 */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { roomLogin } from '../../main/services/roomLogin.ts';
import type { Room } from '../../main/site/rooms.ts';
import type { Site } from '../../main/site/site.ts';
import { BEHAVIOUR, type Call, ENDPOINTS, GROUPS, startPlatform } from '../integration/lab-raw.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/infinity/behaviour.ts';
import type { Infinity as Platform } from '../lab/infinity/infinity.ts';
import type { World } from '../lab/types.ts';
import { addRooms, placeOf, prepareAll, siteOn, syncAll } from '../support/infinitySite.ts';
import { spawnOtj } from '../support/otj.ts';
import { addRoom, PASSPHRASE, tempSite } from '../support/siteFile.ts';

const RUNS = 100;
const KILLED = 6;
const ROOMS_OF_A_RUN = 3;
/** So many tries of one run that do not end well are no bad luck any more. */
const MOST_TRIES = 40;

/** The platform counts all requests of a minute; each run stands for a day of its own. */
const UNLIMITED = 1_000_000;

let platform: Platform;
let world: World;
let call: Call;

beforeAll(async () => {
  ({ platform, world, call } = await startPlatform('127.31.13'));
  platform.behaviour.ratePerMinute = UNLIMITED;
});
afterEach(async () => {
  Object.assign(platform.behaviour, DEFAULT_BEHAVIOUR, BEHAVIOUR, { ratePerMinute: UNLIMITED });
  await platform.management.start();
  await call('DELETE', ENDPOINTS);
});
afterAll(() => platform.stop());

/** The rooms of one run, new in the site file. */
function roomsOf(site: Site, run: number): Room[] {
  return Array.from({ length: ROOMS_OF_A_RUN }, (_, at) => {
    const name = `Run ${run} room ${at}`;
    const family = at === 1 ? 'poly-videoos' : 'cisco-roomos';
    return addRoom(site, { name, mailbox: `run-${run}-${at}@lab.example`, address: `10.4.${run}.${at + 1}`, family })
      .room;
  });
}

/** Delivers until nothing is owed. @returns how many tries it took */
async function untilDone(site: Site): Promise<number> {
  for (let tries = 0; tries <= MOST_TRIES; tries++) {
    if (site.outbox.owedCount() === 0) return tries;
    await syncAll(site);
  }
  throw new Error(`still owed: ${JSON.stringify(site.outbox.owed())}`);
}

/** Starts `otj prepare` and kills it as soon as the platform holds `more` entries more. @returns whether it still lived */
async function killedAt(more: number, site: Site, rooms: readonly Room[]): Promise<boolean> {
  const names = rooms.map(({ name }) => name);
  const before = platform.store.rows('mjx_endpoint').length;
  const child = spawnOtj(['prepare', site.path, ...names, '--json', '--passphrase-fd', '3'], [PASSPHRASE]);
  child.stdout?.resume();
  child.stderr?.resume();
  const watch = setInterval(() => {
    if (platform.store.rows('mjx_endpoint').length >= before + more) child.kill('SIGKILL');
  }, 1);
  await once(child, 'close');
  clearInterval(watch);
  return child.signalCode === 'SIGKILL';
}

/** Exactly one entry per room, with every value as it has to be, known to the site file as ours. */
function expectRight(site: Site): void {
  const rows = platform.store.rows('mjx_endpoint');
  const rooms = site.rooms.all();
  expect(rows.map((row) => row.room_resource_email).toSorted()).toEqual(rooms.map(({ mailbox }) => mailbox).toSorted());
  const byMailbox = new Map(rows.map((row) => [row.room_resource_email, row]));
  for (const room of rooms) {
    const endpoint = site.rooms.endpointOf(room.id);
    const { username, password } = roomLogin(site, room, endpoint?.family ?? 'cisco-roomos');
    const login =
      endpoint?.family === 'poly-videoos'
        ? { endpoint_type: 'POLY', poly_username: username, poly_password: password }
        : { endpoint_type: 'CISCO', api_username: username, api_password: password, api_address: endpoint?.address };
    const row = byMailbox.get(room.mailbox);
    expect(row).toMatchObject({ name: room.name, mjx_endpoint_group: `${GROUPS}1/`, ...login });
    expect(site.outbox.entry(room.id)).toMatchObject({ entryId: row?.id, createdByUs: true });
  }
}

describe('prepare', () => {
  it(`in ${RUNS} runs with faults by chance, ${KILLED} of them killed, makes exactly one right entry per room`, async () => {
    const site = await siteOn(platform, 0);
    platform.behaviour.otjTotal = RUNS * ROOMS_OF_A_RUN;
    // A node that refuses a second entry would hide that one was sent.
    platform.behaviour.duplicates = 'accept';
    const lost: string[] = [];
    world.log = (line) => lost.push(line);
    let kills = 0;
    let tries = 0;
    for (let run = 0; run < RUNS; run++) {
      platform.behaviour.chaos = 0.4;
      const rooms = roomsOf(site, run);
      if (run % Math.floor(RUNS / KILLED) === 0) {
        // without other faults, so that the moment of the kill is the one that is meant
        platform.behaviour.chaos = 0;
        if (await killedAt(1 + (run % ROOMS_OF_A_RUN), site, rooms)) kills++;
        platform.behaviour.chaos = 0.4;
      }
      await prepareAll(site, rooms);
      tries += 1 + (await untilDone(site));
    }
    expect({ kills: kills >= KILLED / 2, faults: tries > RUNS * 1.2, afterSaving: lost.length > RUNS / 4 }).toEqual({
      kills: true,
      faults: true,
      afterSaving: true,
    });
    expectRight(site);
  }, 300_000);

  it('done again over everything changes nothing but passwords that are the same', async () => {
    const site = await siteOn(platform, 6);
    await prepareAll(site);
    const before = platform.store.rows('mjx_endpoint').map((row) => ({ ...row }));
    expect(await prepareAll(site)).toEqual({});
    expect(platform.store.rows('mjx_endpoint')).toEqual(before);
  });
});

describe('offline, then otj sync', () => {
  it('ends with the same entries as online, whatever order things were owed and withdrawn in', async () => {
    const online = await siteOn(platform, 9);
    await prepareAll(online);
    for (const name of ['Room 2', 'Room 3']) undo(online, name);
    await syncAll(online);
    const wanted = comparable();
    await call('DELETE', ENDPOINTS);

    await platform.management.stop();
    const offline = await tempSite({ infinity: placeOf(platform) });
    offline.saveCredential('infinity', null, 'admin', 'secret');
    addRooms(offline, 9);
    for (const room of offline.rooms.all()) offline.outbox.owe(room.id, 'entry');
    // two undone, and a room that was wished again after its undo
    for (const name of ['Room 2', 'Room 3', 'Room 4']) undo(offline, name);
    for (const { id, name } of offline.rooms.all()) if (name === 'Room 4') offline.outbox.owe(id, 'entry');
    await expect(syncAll(offline)).rejects.toMatchObject({ code: 'INFINITY_UNREACHABLE' });
    await platform.management.start();
    expect(await syncAll(offline)).toEqual({});
    expect(offline.outbox.owedCount()).toBe(0);
    expect(comparable()).toEqual(wanted);
  });
});

function undo(site: Site, name: string): void {
  const room = site.rooms.all().find((one) => one.name === name);
  if (room) site.outbox.owe(room.id, 'entry-removal');
}

/** What the platform holds, without ids and passwords, which differ by chance. */
function comparable(): unknown {
  return platform.store
    .rows('mjx_endpoint')
    .map(({ id, api_password, poly_password, ...row }) => row)
    .toSorted((a, b) => String(a.name).localeCompare(String(b.name)));
}
