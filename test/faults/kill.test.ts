/**
 * `kill -9` of a run, and the run again: the devices end as if nothing had happened, and every backup is in the file.
 * Two labs with the same seed are the same to the last token, so the end of the killed runs is compared with the end of
 * an undisturbed one.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { Site } from '../../main/site/site.ts';
import { type LabProcess, type LabState, startLab } from '../support/labProcess.ts';
import { jsonLines, otj, spawnOtj } from '../support/otj.ts';
import { type PracticeSite, setUpSite } from '../support/practiceSite.ts';

const KILLS = 20;
const NET = [
  '--device-net',
  '127.63',
  '--core-net',
  '127.63.250',
  '--ssh-port',
  '2043',
  '--https-port',
  '8443',
  '--seed',
  'kill',
];
const cleanUp: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of cleanUp.splice(0)) await end();
});

async function prepared(): Promise<{ lab: LabProcess; site: PracticeSite }> {
  const lab = await startLab(['--rooms', '24', ...NET]);
  const folder = mkdtempSync(join(tmpdir(), 'otj-kill-'));
  cleanUp.push(
    () => lab.stop(),
    () => rmSync(folder, { recursive: true }),
  );
  const site = await setUpSite(folder, lab.document, lab.document.roomsCsv);
  expect((await otj(['prepare', site.path, '--passphrase-fd', '3'], site.passphrase)).code).toBe(0);
  return { lab, site };
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

async function undisturbed(): Promise<LabState> {
  const { lab, site } = await prepared();
  expect((await run(site)).code).toBe(0);
  const state = await lab.state();
  for (const end of cleanUp.splice(0)) await end();
  return state;
}

describe('kill -9', () => {
  test(`${KILLS} times at random moments, each followed by another run, ends as without a kill`, async () => {
    const wanted = await undisturbed();
    const { lab, site } = await prepared();
    let kills = 0;
    for (let attempt = 0; attempt < KILLS; attempt++)
      if (await killAfter('run', site, 1 + Math.floor(Math.random() * 40))) kills++;
    const last = await run(site);
    expect({ code: last.code, stdout: last.stdout.slice(-500) }).toMatchObject({ code: 0 });
    expect(kills).toBeGreaterThanOrEqual(KILLS / 2);
    expect(ended(await lab.state())).toEqual(ended(wanted));
    await expectWhole(site);
  }, 300_000);

  test('at every edge of a room, then run again, ends as without a kill', async () => {
    const wanted = await undisturbed();
    const { lab, site } = await prepared();
    const rooms = lab.document.rooms;
    // A codec's steps from the first look on; a Poly's from its one large write on.
    const edges = { cisco: 1, poly: 4 };
    let kills = 0;
    for (const { room, family } of rooms) {
      if (await killAfter('run', site, ++edges[family], room)) kills++;
      const { code, stdout } = await run(site, room);
      expect({ room, code, last: jsonLines(stdout).at(-1) }).toMatchObject({ room, code: 0 });
    }
    expect(kills).toBeGreaterThanOrEqual(rooms.length - 4);
    expect(ended(await lab.state())).toEqual(ended(wanted));
    await expectWhole(site);
  }, 300_000);

  test('in an undo is never carried on as a migration, and the undo again puts the codec back', async () => {
    const { lab, site } = await prepared();
    const before = await lab.state();
    const rooms = lab.document.rooms.filter(({ family }) => family === 'cisco').slice(0, 8);
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
  }, 300_000);
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
function ended(state: LabState): unknown {
  const devices = Object.entries(state.devices as Record<string, Device>).map(([address, device]) => {
    const { settings, users, runtime, ...rest } = device;
    const { 'cal.ews.password': _password, ...kept } = settings ?? {};
    const people = users?.map(({ username, roles, active }) => ({ username, roles, active }));
    const active = [...((runtime as { active?: string[] } | undefined)?.active ?? [])].sort();
    return [address, { ...rest, settings: kept, users: people, active }];
  });
  return { devices: Object.fromEntries(devices), infinity: state.infinity };
}

/** Every room migrated, and its backup opens: texts of all macros, or the calendar settings. */
async function expectWhole({ path, passphrase }: PracticeSite): Promise<void> {
  const site = Site.open(path);
  try {
    await site.unlock(passphrase);
    for (const room of site.rooms.all()) {
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
