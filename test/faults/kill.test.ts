/**
 * `kill -9` of a run, and the run again: the devices end as if nothing had happened, and every backup is in the file.
 * Labs with the same seed are the same to the last token but their addresses, so the end of the killed runs is compared with
 * the end of an undisturbed one. They go on beside each other: most of a run is waiting for devices.
 */
import { randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importRooms } from '../../main/services/inventory.ts';
import { prepare } from '../../main/services/prepare.ts';
import { Site } from '../../main/site/site.ts';
import { type LabDocument, type LabProcess, type LabRoom, type LabState, startLab } from '../support/labProcess.ts';
import { jsonLines, otj, spawnOtj } from '../support/otj.ts';
import type { PracticeSite } from '../support/practiceSite.ts';

const KILLS = 20;
/** Runs that are killed room by room go on beside each other, each with its share of the rooms. */
const SIDE_BY_SIDE = 3;
/** Nothing is proven by waiting longer: how soon a change gets to the nodes, and how often a device is asked. */
const SOON = ['--replication', '50'];
const PROOF_EVERY_MS = 100;

/** First two parts of the addresses of each lab, all at once; what they are does not count in a comparison. */
const NETS = { undisturbed: '127.201', moments: '127.202', edges: '127.203', undo: '127.204' } as const;
const cleanUp: (() => Promise<void> | void)[] = [];
let wanted: unknown;

beforeAll(async () => {
  wanted = await undisturbed();
}, 180_000);
afterAll(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

interface Ground {
  lab: LabProcess;
  site: PracticeSite;
}

async function prepared(net: keyof typeof NETS, rooms = 24): Promise<Ground> {
  const place = ['--device-net', NETS[net], '--core-net', `${NETS[net]}.250`, '--ssh-port', '2043'];
  const lab = await startLab(['--rooms', String(rooms), ...place, '--https-port', '8443', '--seed', 'kill', ...SOON]);
  const folder = mkdtempSync(join(tmpdir(), 'otj-kill-'));
  cleanUp.push(
    () => rmSync(folder, { recursive: true }),
    () => lab.stop(),
  );
  const site = { path: join(folder, 'practice.otjsite'), passphrase: randomBytes(12).toString('base64url') };
  await fill(site, lab.document);
  return { lab, site };
}

/** As the commands do it one by one, each in a process of its own. */
async function fill(
  { path, passphrase }: PracticeSite,
  { ports, infinity, logins, roomsCsv }: LabDocument,
): Promise<void> {
  const { hostname, port } = new URL(infinity.url);
  const pin = new X509Certificate(infinity.certificate).fingerprint256.replaceAll(':', '').toLowerCase();
  const site = await Site.create(path, passphrase, {
    sshPort: ports.ssh,
    httpsPort: ports.https,
    proofMs: 20_000,
    proofEveryMs: PROOF_EVERY_MS,
    infinity: { address: hostname, port: Number(port), group: infinity.group, pin },
  });
  try {
    importRooms(site, readFileSync(roomsCsv));
    site.saveCredential('cisco-roomos', null, logins.cisco.username, logins.cisco.passphrase);
    site.saveCredential('poly-videoos', null, logins.poly.username, logins.poly.password);
    site.saveCredential('infinity', null, infinity.username, infinity.password);
    const { signal } = new AbortController();
    const { rooms } = await prepare(site, { rooms: site.rooms.all(), signal, done: () => undefined });
    expect(rooms.flatMap(({ problem }) => problem ?? [])).toEqual([]);
  } finally {
    site.close();
  }
}

type Work = 'run' | 'undo';

/** Somebody watches the first Poly device of each model. */
const consent = (kind: Work) => (kind === 'run' ? ['--confirm-pilots'] : []);

function run(site: PracticeSite, ...rooms: string[]) {
  return work('run', site, ...rooms);
}

function work(kind: Work, site: PracticeSite, ...rooms: string[]) {
  return otj([kind, site.path, ...rooms, ...consent(kind), '--json', '--passphrase-fd', '3'], site.passphrase);
}

/** Starts a run and kills it when it has told of `events` edges; resolves to whether it was still alive then. */
async function killAfter(kind: Work, site: PracticeSite, events: number, ...rooms: string[]): Promise<boolean> {
  const args = [kind, site.path, ...rooms, ...consent(kind), '--json', '--passphrase-fd', '3'];
  const child = spawnOtj(args, [site.passphrase]);
  let seen = 0;
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', () => ++seen >= events && child.kill('SIGKILL'));
  await once(child, 'close');
  return child.signalCode === 'SIGKILL';
}

async function undisturbed(): Promise<unknown> {
  const { lab, site } = await prepared('undisturbed');
  expect((await run(site)).code).toBe(0);
  const state = await lab.state();
  await lab.stop();
  return ended(state);
}

describe.concurrent('kill -9', () => {
  test(`${KILLS} times at random moments, each followed by another run, ends as without a kill`, async () => {
    const { lab, site } = await prepared('moments');
    let kills = 0;
    for (let attempt = 0; attempt < KILLS; attempt++)
      if (await killAfter('run', site, 1 + Math.floor(Math.random() * 40))) kills++;
    const last = await run(site);
    expect({ code: last.code, stdout: last.stdout.slice(-500) }).toMatchObject({ code: 0 });
    expect(kills).toBeGreaterThanOrEqual(KILLS / 2);
    expect(ended(await lab.state())).toEqual(wanted);
    await expectWhole(site, lab.document.rooms);
  }, 600_000);

  test('at every edge of a room, then run again, ends as without a kill', async () => {
    const { lab, site } = await prepared('edges');
    const { rooms } = lab.document;
    // A codec's steps from the first look on; a Poly's from its one large write on.
    const edges = { cisco: 1, poly: 4 };
    const turns = rooms.map((room) => ({ ...room, edge: ++edges[room.family] }));
    let kills = 0;
    await Promise.all(
      Array.from({ length: SIDE_BY_SIDE }, async (_, at) => {
        // A copy as for another laptop: the same rooms, logins and entries.
        const own = { ...site, path: site.path.replace('.otjsite', `-${at}.otjsite`) };
        copyFileSync(site.path, own.path);
        const share = turns.filter((_, turn) => turn % SIDE_BY_SIDE === at);
        for (const { room, edge } of share) if (await killAfter('run', own, edge, room)) kills++;
        const { code, stdout } = await run(own, ...share.map(({ room }) => room));
        expect({ code, last: jsonLines(stdout).at(-1) }).toMatchObject({ code: 0, last: { ok: share.length } });
        await expectWhole(own, share);
      }),
    );
    expect(kills).toBeGreaterThanOrEqual(rooms.length - 4);
    expect(ended(await lab.state())).toEqual(wanted);
  }, 600_000);

  test('in an undo is never carried on as a migration, and the undo again puts the codec back', async () => {
    const { lab, site } = await prepared('undo', 14);
    const before = await lab.state();
    const rooms = lab.document.rooms.filter(({ family }) => family === 'cisco').slice(0, 8);
    expect(rooms).toHaveLength(8);
    const names = rooms.map(({ room }) => room);
    expect((await run(site, ...names)).code).toBe(0);
    let edge = 4;
    let kills = 0;
    for (const name of names) if (await killAfter('undo', site, ++edge, name)) kills++;
    expect(kills).toBeGreaterThanOrEqual(names.length - 2);
    await run(site);
    const { stdout } = await otj(['status', site.path, ...names, '--json']);
    const status = JSON.parse(stdout) as { rooms: { state: string }[] };
    const states = status.rooms.map(({ state }) => state);
    expect(states.filter((state) => !['in progress', 'undone'].includes(state))).toEqual([]);
    expect((await work('undo', site, ...names)).code).toBe(0);
    const after = await lab.state();
    for (const { address } of rooms) expect(codec(after, address)).toEqual(codec(before, address));
  }, 600_000);
});

/** What an undo must bring back of a codec. */
function codec(state: LabState, address: string): unknown {
  const { macros, settings, users, panels, runtime } = (state.devices as Record<string, CodecState>)[address] ?? NONE;
  const byName = macros.toSorted((a, b) => a.name.localeCompare(b.name));
  const names = users.map(({ username, roles, active }) => ({ username, roles, active }));
  return { macros: byName, settings, users: names, panels, active: runtime.active.toSorted() };
}

type CodecState = {
  macros: { name: string }[];
  settings: unknown;
  users: Record<string, unknown>[];
  panels: unknown;
  runtime: { active: string[] };
};
const NONE: CodecState = { macros: [], settings: null, users: [], panels: null, runtime: { active: [] } };

type Device = Record<string, unknown> & { settings?: Record<string, string>; users?: Record<string, unknown>[] };

/** A lab's state without the moving parts: random passwords of the product, login counters, order of macro start. */
function ended(given: LabState): unknown {
  const nets = new RegExp(`\\b(${Object.values(NETS).join('|').replaceAll('.', '\\.')})\\.`, 'g');
  const state = JSON.parse(JSON.stringify(given).replace(nets, 'net.')) as LabState;
  const devices = Object.entries(state.devices as Record<string, Device>).map(([address, device]) => {
    const { settings, users, runtime, ...rest } = device;
    const { 'cal.ews.password': _password, ...kept } = settings ?? {};
    const people = users?.map(({ username, roles, active }) => ({ username, roles, active }));
    const active = [...((runtime as { active?: string[] } | undefined)?.active ?? [])].sort();
    return [address, { ...rest, settings: kept, users: people, active }];
  });
  return { devices: Object.fromEntries(devices), infinity: state.infinity };
}

/** Each of these rooms is migrated, and its backup opens: texts of all macros, or the calendar settings. */
async function expectWhole({ path, passphrase }: PracticeSite, rooms: readonly LabRoom[]): Promise<void> {
  const names = new Set(rooms.map(({ room }) => room));
  const site = Site.open(path);
  try {
    await site.unlock(passphrase);
    const own = site.rooms.all().filter(({ name }) => names.has(name));
    expect(own).toHaveLength(rooms.length);
    for (const room of own) {
      expect(room).toMatchObject({ name: room.name, state: 'migrated' });
      const endpoint = site.rooms.endpointOf(room.id);
      const items = site.backups.read(site.vault, endpoint?.serial ?? '')?.items ?? [];
      const kinds = items.map(({ kind, name }) => `${kind} ${name}`);
      expect(kinds).toEqual(
        expect.arrayContaining(
          endpoint?.family === 'cisco-roomos' ? ['macro otj-macro', 'macro otj-macro-settings'] : ['calendar settings'],
        ),
      );
    }
  } finally {
    site.close();
  }
}
