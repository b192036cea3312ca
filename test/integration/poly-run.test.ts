/** Whole runs over Poly devices: a Group by its command line, and a Trio that only Infinity can prove, with Infinity away. */
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { confirmIdentities } from '../../main/services/confirm.ts';
import { planRooms } from '../../main/services/plan.ts';
import { prepare } from '../../main/services/prepare.ts';
import { run } from '../../main/services/run.ts';
import { statusOf } from '../../main/services/status.ts';
import { sync } from '../../main/services/sync.ts';
import { startPoly } from '../lab/poly/poly.ts';
import { startPractice } from '../lab/practice.ts';
import { createWorld } from '../lab/world.ts';
import { estateSite } from '../support/estateSite.ts';
import { addRoom, tempFolder, tempSite } from '../support/siteFile.ts';
import { GROUP, TRIO } from './lab-poly-raw.ts';

const { signal } = new AbortController();

it('takes a Group over SSH where REST is off, and leaves the proof of a Trio to the sync when Infinity is away', async () => {
  const practice = await startPractice({
    counts: { cisco: 0, poly: 3 },
    polys: 'mixed',
    // Longer than between two looks: of a device that has just been started its running time proves no restart.
    polyPace: { outageMs: 1_500, newCertificate: false },
    networks: { devices: '127.148', core: '127.148.250' },
    ports: { ssh: 21_122, https: 21_543, telnet: 21_424 },
    adjust: (spec) => (spec.kind === 'poly-group' ? { ...spec, web: false } : spec),
  });
  const { estate, document, temporaryCsv } = practice;
  const site = await estateSite(join(tempFolder(), 'poly.otjsite'), practice, { concurrency: 3 });
  onTestFinished(async () => {
    site.close();
    await estate.stop();
    if (temporaryCsv) rmSync(temporaryCsv);
  });
  const rooms = site.rooms.all();
  const of = (kind: string) => {
    const mailbox = document.rooms.find((room) => room.kind === kind)?.mailbox;
    const status = statusOf(site).rooms.find((room) => room.mailbox === mailbox);
    const room = rooms.find((one) => one.mailbox === mailbox);
    const device = estate.devices.get(status?.address ?? '');
    if (!status || !room || !device) throw new Error(kind);
    const { calendar } = device.snapshot() as { calendar: { status: string; meetings: string[] } };
    return { status, calendar, endpoint: site.rooms.endpointOf(room.id) };
  };

  const { rooms: prepared } = await prepare(site, { rooms, signal, agreed: [], done: () => undefined });
  expect(prepared.map(({ problem }) => problem)).toEqual([null, null, null]);
  await estate.infinity.management.stop();

  const result = await run(site, {
    kind: 'migrate',
    rooms,
    technician: 'Ada',
    pilots: 'first',
    signal,
    listen: () => undefined,
  });
  expect(result).toEqual({ ok: 3, failed: 0, skipped: 0 });
  // Its status is only a claim on that way: a meeting that it lists is the proof.
  expect(of('poly-group')).toMatchObject({
    status: { state: 'migrated', owed: [], problem: null },
    endpoint: { lastTransport: 'ssh' },
    calendar: { status: 'registered' },
  });
  expect(of('poly-videoos')).toMatchObject({ status: { state: 'migrated' }, endpoint: { lastTransport: 'https' } });
  // Moved and restarted, and it tells nothing of its calendar.
  expect(of('poly-trio')).toMatchObject({ status: { state: 'awaiting sync', owed: ['contact'], problem: null } });
  expect(site.pilots.all().filter(({ confirmedAt }) => confirmedAt === null)).toHaveLength(1);

  const synced = (waitMs: number) =>
    sync(site, { signal, waitMs, delivered: () => undefined, waiting: () => undefined });
  await expect(synced(0)).rejects.toMatchObject({ code: 'INFINITY_UNREACHABLE' });
  expect(of('poly-trio').status).toMatchObject({ state: 'awaiting sync', owed: ['contact'] });

  await estate.infinity.management.start();
  expect(await synced(30_000)).toEqual([]);
  expect(of('poly-trio')).toMatchObject({
    status: { state: 'migrated', owed: [] },
    calendar: { status: 'registered' },
  });
  expect(of('poly-trio').calendar.meetings.every((id) => id.startsWith('inf-'))).toBe(true);
  expect(site.pilots.all().every(({ confirmedAt }) => confirmedAt !== null)).toBe(true);
});

it('looks before a login goes to a device of which the list said Poly and no more', async () => {
  const device = await startPoly({ ...TRIO, address: '127.148.9.1', httpsPort: 21_643 }, createWorld());
  onTestFinished(() => device.stop());
  const site = await tempSite({ httpsPort: 21_643, sshPort: 21_644 });
  site.saveCredential('poly-videoos', null, 'admin', 'Never-Sent-1234567');
  site.saveCredential('poly-trio', null, TRIO.admin.username, TRIO.admin.password);
  const listed = { family: 'poly-videoos', familyGuessed: true } as const;
  const { room, endpoint } = addRoom(site, { ...listed, address: '127.148.9.1' });
  const [plan] = await planRooms(site, { rooms: [room], insist: false, signal, planned: () => undefined });
  // The entry on Infinity is what is missing next, and not the login.
  expect(plan?.problem?.code).toBe('NOT_PREPARED');
  expect(site.rooms.endpoint(endpoint.id)).toMatchObject({ family: 'poly-trio', familyGuessed: false });
  expect(site.credentials().filter(({ refused }) => refused)).toEqual([]);
});

it('logs in nowhere by a guess that a look could not settle, and looks again where an earlier search could not', async () => {
  const [address, httpsPort, sshPort] = ['127.148.9.2', 21_743, 21_744];
  const site = await tempSite({ httpsPort, sshPort });
  site.saveCredential('poly-videoos', null, 'admin', 'Never-Sent-1234567');
  site.saveCredential('poly-trio', null, TRIO.admin.username, TRIO.admin.password);
  const { room, endpoint } = addRoom(site, { family: 'poly-videoos', familyGuessed: true, address });
  const planned = async () => {
    const [plan] = await planRooms(site, { rooms: [room], insist: false, signal, planned: () => undefined });
    return plan?.problem?.code;
  };
  const stranger = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume().end('220 something else\r\n');
  });
  await new Promise<void>((listening) => stranger.listen(httpsPort, address, listening));
  expect(await planned()).toBe('UNKNOWN_DEVICE');
  await new Promise((closed) => stranger.close(closed));
  const unplaced = site.rooms.endpoint(endpoint.id);
  expect(unplaced).toMatchObject({ family: 'poly-videoos', familyGuessed: true, seenAt: expect.any(String) });
  // Nor with `otj discover --confirm`, which goes by what a search has just seen.
  const confirmed: unknown[] = [];
  const wish = { signal, confirmed: (one: unknown) => void confirmed.push(one) };
  expect(await confirmIdentities(site, new Set([address]), wish)).toBe(0);
  expect(confirmed).toEqual([]);

  const device = await startPoly({ ...TRIO, address, httpsPort }, createWorld());
  onTestFinished(() => device.stop());
  expect(await planned()).toBe('NOT_PREPARED');
  expect(site.rooms.endpoint(endpoint.id)).toMatchObject({ family: 'poly-trio', familyGuessed: false });
  expect(site.credentials().filter(({ refused }) => refused)).toEqual([]);
});

/** Both refuse a stranger in the same words: only the model that they tell to a login parts a Group from VideoOS. */
it('takes a Group that a search took for VideoOS for what it says it is, once it has been logged in to', async () => {
  const [address, httpsPort, sshPort] = ['127.148.9.3', 21_843, 21_844];
  const device = await startPoly({ ...GROUP, address, httpsPort, sshPort, telnetPort: 21_845 }, createWorld());
  onTestFinished(() => device.stop());
  const site = await tempSite({ httpsPort, sshPort });
  const { username, password } = GROUP.admin;
  site.saveCredential('poly-videoos', null, username, password);
  const { endpoint } = addRoom(site, { family: 'poly-videoos', address });
  expect(await confirmIdentities(site, new Set([address]), { signal, confirmed: () => undefined })).toBe(1);
  expect(site.rooms.endpoint(endpoint.id)).toMatchObject({ family: 'poly-group', model: 'RealPresence Group 500' });
});
