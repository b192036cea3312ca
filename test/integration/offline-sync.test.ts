/**
 * The whole migration without Infinity, then `otj sync`: Infinity, the devices and the site file end as after one with it.
 * Two labs with the same seed are the same to the last token but their addresses.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { importRooms } from '../../main/services/inventory.ts';
import { prepare } from '../../main/services/prepare.ts';
import { roomLogin } from '../../main/services/roomLogin.ts';
import { openRooms, type RunResult, run } from '../../main/services/run.ts';
import { sync } from '../../main/services/sync.ts';
import { Site } from '../../main/site/site.ts';
import { type Practice, startPractice } from '../lab/practice.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { PASSPHRASE, tempSite } from '../support/siteFile.ts';

/** What their addresses are does not count. */
const NETS = { online: '127.79', offline: '127.80' } as const;
const PORTS = { ssh: 2047, https: 8447 };
const ROOMS = 8;
const signal = new AbortController().signal;

interface Ground {
  practice: Practice;
  site: Site;
}

async function ground(net: string): Promise<Ground> {
  const practice = await startPractice({
    rooms: ROOMS,
    seed: 'offline',
    replicationMs: 0,
    ports: PORTS,
    networks: { devices: net, core: `${net}.250` },
  });
  onTestFinished(async () => {
    await practice.estate.stop();
    if (practice.temporaryCsv) rmSync(practice.temporaryCsv, { force: true });
  });
  const { infinity, logins, roomsCsv } = practice.document;
  const { hostname, port } = new URL(infinity.url);
  const pin = createHash('sha256').update(new X509Certificate(infinity.certificate).raw).digest('hex');
  const site = await tempSite({
    sshPort: PORTS.ssh,
    httpsPort: PORTS.https,
    timeoutMs: 10_000,
    proofMs: 30_000,
    proofEveryMs: 50,
    infinity: { address: hostname, port: Number(port), group: infinity.group, pin },
  });
  importRooms(site, readFileSync(roomsCsv));
  site.saveCredential('cisco-roomos', null, logins.cisco.username, logins.cisco.passphrase);
  site.saveCredential('poly-videoos', null, logins.poly.username, logins.poly.password);
  site.saveCredential('infinity', null, infinity.username, infinity.password);
  return { practice, site };
}

function migrate({ site }: Ground): Promise<RunResult> {
  const rooms = openRooms(site, { retry: false });
  return run(site, { kind: 'migrate', rooms, technician: 'Ada', signal, pilots: 'first', listen: () => undefined });
}

async function online(place: Ground): Promise<void> {
  const { rooms } = await prepare(place.site, { rooms: place.site.rooms.all(), signal, done: () => undefined });
  expect(rooms.flatMap(({ problem }) => problem ?? [])).toEqual([]);
  expect(await migrate(place)).toMatchObject({ ok: ROOMS, failed: 0 });
  await sync(place.site, { signal, waitMs: 30_000, delivered: () => undefined, waiting: () => undefined });
}

async function offline(place: Ground): Promise<Site> {
  const { site, practice } = place;
  const codecs = practice.document.rooms.filter(({ family }) => family === 'cisco').length;
  // Nothing was prepared either.
  await practice.estate.infinity.management.stop();
  site.saveSettings({ proofMs: 0 });
  // A device that pulls its meetings waits for its entry; a codec needs nothing of Infinity.
  expect(await migrate(place)).toMatchObject({ ok: codecs, failed: ROOMS - codecs });
  expect(practice.estate.infinity.store.rows('mjx_endpoint').filter((row) => isOfSite(place, row))).toEqual([]);
  await practice.estate.infinity.management.start();
  site.saveSettings({ proofMs: 30_000 });
  const { path } = site;
  site.close();
  const args = ['sync', path, '--finish', '--confirm-pilots', '--wait', '60', '--json', '--passphrase-fd', '3'];
  const first = await otj(args, PASSPHRASE);
  expect(first.stderr).toBe('');
  // What was finished by it is proven by the next, as on any day.
  const { code, stdout } = await otj(args, PASSPHRASE);
  expect({ code, last: jsonLines(stdout).at(-1) }).toMatchObject({ code: 0, last: { owed: 0 } });
  const again = Site.open(path);
  onTestFinished(() => again.close());
  await again.unlock(PASSPHRASE);
  return again;
}

type Fields = Record<string, unknown>;

function isOfSite({ site }: Ground, { room_resource_email: mailbox }: Fields): boolean {
  return site.rooms.all().some((room) => room.mailbox === mailbox);
}

/** All that is left behind, without what cannot be the same: addresses, drawn passwords, ids, times. */
function ended({ practice }: Ground, site: Site): unknown {
  const rooms = site.rooms.all().map((room) => {
    const device = site.rooms.endpointOf(room.id);
    if (!device?.family) throw new Error(`${room.name} has no device`);
    return { room, device, login: roomLogin(site, room, device.family) };
  });
  const all = practice.estate.infinity.store.rows('mjx_endpoint');
  const own = (fields: Fields, drawn: string) => {
    // A lab tells no passwords, only their hashes.
    const known: unknown[] = [drawn, `sha256:${createHash('sha256').update(drawn).digest('hex')}`];
    return Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => name !== 'id' && name !== 'resource_uri')
        .map(([name, value]) => [name, known.includes(value) ? 'as the site file has it' : value]),
    );
  };
  const state = rooms.map(({ room, device, login }) => {
    const entry = site.outbox.entry(room.id);
    const {
      settings,
      users,
      runtime,
      bookings,
      bookingsUpdated: _moment,
      ...rest
    } = (practice.estate.devices.get(device.address)?.snapshot() ?? {}) as Fields & {
      settings?: Fields;
      users?: Fields[];
      runtime?: { active?: string[] };
      bookings?: Fields[];
    };
    return {
      name: room.name,
      state: room.state,
      problem: room.problem,
      owed: site.outbox.owedOf(room.id),
      manual: site.outbox.manualSteps(room.id).map(({ kind, tickedBy }) => ({ kind, tickedBy })),
      entry: entry && {
        ours: entry.createdByUs,
        before: entry.before,
        server: entry.server,
        base: own((entry.base ?? {}) as Fields, login.password),
        isThere: all.some((row) => row.id === entry.entryId && row.room_resource_email === room.mailbox),
      },
      // What else is saved holds addresses, and lists of meetings as often as they were saved.
      backup: [
        ...new Set(
          site.backups
            .list(device.serial ?? '')
            .map(({ kind, name, sha256, open }) =>
              [kind, name, open ? 'open' : '', kind === 'macro' || kind === 'taken' ? sha256 : ''].join(' '),
            ),
        ),
      ].sort(),
      served: room.servedAt !== null,
      device: {
        ...rest,
        settings: own(settings ?? {}, login.password),
        users: users?.map(({ username, roles, active }) => ({ username, roles, active })),
        active: runtime?.active?.toSorted(),
        bookings: bookings?.map(({ id }) => id),
      },
      infinity: all.filter((row) => row.room_resource_email === room.mailbox).map((row) => own(row, login.password)),
    };
  });
  const others = all.filter((row) => !rooms.some(({ room }) => room.mailbox === row.room_resource_email));
  // Which of two that begin together is first is chance.
  const pilots = site.pilots
    .all()
    .map(({ gate, confirmedAt }) => ({ gate, confirmed: confirmedAt !== null }))
    .sort((a, b) => a.gate.localeCompare(b.gate));
  const left = { state, others: others.length, pilots, entries: all.length };
  const nets = new RegExp(`\\b(${Object.values(NETS).join('|').replaceAll('.', '\\.')})\\.`, 'g');
  return JSON.parse(JSON.stringify(left).replace(nets, 'net.'));
}

it('ends as with Infinity at hand', { timeout: 240_000 }, async () => {
  const [near, far] = [await ground(NETS.online), await ground(NETS.offline)];
  await online(near);
  const again = await offline(far);
  const wanted = ended(near, near.site);
  expect(ended(far, again)).toEqual(wanted);
  // So that the comparison is of something.
  expect(wanted).toMatchObject({
    state: Array.from({ length: ROOMS }, () => ({
      state: 'migrated',
      problem: null,
      owed: [],
      served: true,
      entry: { ours: true, isThere: true },
      infinity: [{ mjx_endpoint_group: expect.any(String) }],
    })),
  });
});
