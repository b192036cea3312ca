/** The main job on the practice site, by the real command, judged by what the simulated devices say afterwards. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Site } from '../../main/site/site.ts';
import { type LabProcess, type LabState, startLab } from '../support/labProcess.ts';
import { jsonLines, type OtjRun, otj } from '../support/otj.ts';
import { type PracticeSite, setUpSite } from '../support/practiceSite.ts';
import { compareWithLab } from '../support/proof.ts';

const labs: LabProcess[] = [];
const folders: string[] = [];

async function practice(
  net: string,
  ...flags: string[]
): Promise<{ lab: LabProcess; site: PracticeSite; folder: string }> {
  const lab = await startLab(['--rooms', '24', '--device-net', net, '--core-net', `${net}.250`, ...flags]);
  labs.push(lab);
  const folder = mkdtempSync(join(tmpdir(), 'otj-practice-'));
  folders.push(folder);
  return { lab, folder, site: await setUpSite(folder, lab.document, lab.document.roomsCsv) };
}

afterAll(async () => {
  await Promise.all(labs.map((lab) => lab.stop()));
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe('24 rooms with trouble', () => {
  let lab: LabProcess;
  let site: PracticeSite;
  let folder: string;
  let before: LabState;
  const printed: string[] = [];

  async function command(...args: string[]): Promise<OtjRun> {
    const result = await otj([...args, '--passphrase-fd', '3'], site.passphrase);
    printed.push(result.stdout, result.stderr);
    return result;
  }

  beforeAll(async () => {
    ({ lab, site, folder } = await practice('127.41', '--trouble'));
    expect((await command('prepare', site.path)).code).toBe(0);
    before = await lab.state();
  }, 120_000);

  test('a dry run tells every change and touches nothing', async () => {
    const { code, stdout } = await command('plan', site.path);
    expect(code).toBe(1);
    expect(stdout).toContain('21 rooms ready, 3 not');
    expect(stdout).toMatch(/Macro otj-macro: active, \d+ bytes {2}→ {2}removed\n {8}why: .+OTJ/);
    const after = await lab.state();
    expect(settled(after)).toEqual(settled(before));
  });

  test('a run migrates all rooms but the troubled ones, and nothing else moves', async () => {
    expect((await command('run', site.path, '--confirm-pilots')).code).toBe(1);
    expect((await command('sync', site.path)).code).toBe(0);
    const status = jsonLines((await command('status', site.path, '--json')).stdout).at(-1) ?? {};
    const proofs = compareWithLab({ before, after: await lab.state(), lab: lab.document, status });
    expect(proofs.filter(({ holds }) => !holds)).toEqual([]);
  });

  test('the room that lost its connection is carried on by the next run', async () => {
    const { code, stdout } = await command('run', site.path, 'Bjørk', '--confirm-pilots');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('migrated  Bjørk') });
  });

  test('no password is in the site file, the report or anything printed', async () => {
    expect((await command('report', site.path, '--out', folder)).code).toBe(0);
    const secrets = [...lab.document.secrets, site.passphrase, ...generatedPasswords(await opened(site))];
    expect(secrets.length).toBeGreaterThan(50);
    const texts = [...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')), ...printed];
    const leaked = secrets.filter((secret) => texts.some((text) => text.includes(secret)));
    expect(leaked).toEqual([]);
  });

  test('an undone room is as it was, and can be migrated again', async () => {
    expect((await command('undo', site.path, 'Fjord', 'Elv')).code).toBe(0);
    const fjord = lab.document.rooms.find(({ room }) => room === 'Fjord');
    const now = await lab.state();
    expect(core(now, fjord?.address)).toEqual(core(before, fjord?.address));
    expect((await command('run', site.path, 'Fjord', '--confirm-pilots')).code).toBe(0);
  });
});

describe('without Infinity', () => {
  test('Cisco rooms await sync, Poly rooms are refused with the reason, and sync completes both', async () => {
    const { lab, site } = await practice('127.42');
    const run = (...args: string[]) => otj([...args, '--passphrase-fd', '3'], site.passphrase);
    await lab.post('/infinity/stop');
    expect((await run('run', site.path, '--confirm-pilots')).code).toBe(1);
    const offline = await rooms(site);
    expect(count(offline, 'cisco-roomos')).toEqual({ 'awaiting sync': 16 });
    expect(count(offline, 'poly-videoos')).toEqual({ 'needs attention NOT_PREPARED': 8 });

    expect((await run('sync', site.path)).code).toBe(3);
    await lab.post('/infinity/start');
    const { code, stdout } = await run('sync', site.path, '--finish', '--confirm-pilots');
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(count(await rooms(site), 'cisco-roomos')).toEqual({ migrated: 16 });
    expect(count(await rooms(site), 'poly-videoos')).toEqual({ migrated: 8 });
  }, 120_000);
});

type StatusRoom = { family: string; state: string; problem: { code: string } | null };

async function rooms(site: PracticeSite): Promise<StatusRoom[]> {
  const result = jsonLines((await otj(['status', site.path, '--json'])).stdout).at(-1);
  return result?.rooms as StatusRoom[];
}

function count(all: StatusRoom[], family: string): Record<string, number> {
  const words = all
    .filter((room) => room.family === family)
    .map(({ state, problem }) => (problem ? `${state} ${problem.code}` : state));
  return Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((one) => one === word).length]));
}

async function opened({ path, passphrase }: PracticeSite): Promise<Site> {
  const site = Site.open(path);
  await site.unlock(passphrase);
  return site;
}

/** The passwords that the product made for the rooms, read back from the vault. */
function generatedPasswords(site: Site): string[] {
  const owners = site.db.all(`SELECT owner FROM secret WHERE owner LIKE 'room:%'`).map(({ owner }) => String(owner));
  const found = owners.map((owner) => (JSON.parse(site.vault.get(owner) ?? '{}') as { password: string }).password);
  site.close();
  return found;
}

type Device = Record<string, unknown>;

/** Devices without what moves by itself: meetings that go on being pushed, counters of logins. */
function settled(state: LabState): unknown {
  const devices = state.devices as Record<string, Device>;
  return Object.fromEntries(Object.keys(devices).map((address) => [address, core(state, address)]));
}

function core(state: LabState, address: string | undefined): unknown {
  const device = (state.devices as Record<string, Device>)[address ?? ''] ?? {};
  const { bookings: _bookings, bookingsUpdated: _updated, users, ...rest } = device;
  const people = (users as Record<string, unknown>[] | undefined)?.map((user) => ({ ...user, failedLogins: 0 }));
  return { ...rest, users: people };
}
