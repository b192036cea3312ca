/** What the window can, the command can: check, next, match, import and export as a person or a script uses them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabProcess, startLab } from '../support/labProcess.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { type PracticeSite, setUpSite } from '../support/practiceSite.ts';

const NETWORK = ['--device-net', '127.53', '--core-net', '127.54.0', '--ssh-port', '2253', '--https-port', '8453'];

let folder: string;
let lab: LabProcess;
let site: PracticeSite;

// What the command remembers beside the site goes into a folder of nobody.
const config = process.env.XDG_CONFIG_HOME;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-cli-app-'));
  process.env.XDG_CONFIG_HOME = join(folder, 'config');
  lab = await startLab(['--rooms', '6', ...NETWORK]);
  site = await setUpSite(folder, lab.document, lab.document.roomsCsv, otjHere);
}, 120_000);

afterAll(async () => {
  await lab.stop();
  if (config === undefined) delete process.env.XDG_CONFIG_HOME;
  else process.env.XDG_CONFIG_HOME = config;
  rmSync(folder, { recursive: true });
});

type StatusRoom = { name: string; building: string; floor: string; mailbox: string; address: string | null };

async function statusRooms(...names: string[]): Promise<StatusRoom[]> {
  const { stdout } = await otjHere(['--json', 'status', site.path, ...names]);
  const { rooms } = jsonLines(stdout).at(-1) as { rooms: StatusRoom[] };
  return rooms;
}

describe('otj check', () => {
  const check = (...flags: string[]) =>
    otjHere([...flags, 'check', site.path, '--passphrase-fd', '3'], site.passphrase);

  it('lists what was looked at, and ends with 0 when nothing is missing', async () => {
    const { code, stdout } = await check();
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      last: 'Nothing is missing. 2 to look at.',
    });
    expect(stdout).toMatch(/pass\s+login to Infinity\s+–\s+admin/);
    expect(stdout).toMatch(/unchecked\s+access to the mailboxes/);
  });

  it('ends with 1 when something is, and tells a machine which', async () => {
    await lab.post('/infinity/stop');
    const { code, stdout } = await check('--json');
    await lab.post('/infinity/start');
    const lines = jsonLines(stdout);
    expect(code).toBe(1);
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'check', id: 'infinity.certificate', status: 'fail' }),
    );
    expect(lines.at(-1)).toMatchObject({ type: 'result', failed: 1 });
  });
});

describe('otj next and otj match', () => {
  it('names the nearest room that is not done', async () => {
    const rooms = await statusRooms();
    const here = rooms.find(({ floor }, at) => rooms.findIndex((room) => room.floor === floor) !== at);
    const { stdout } = await otjHere(['--json', 'next', site.path, here?.mailbox ?? '']);
    const { room } = jsonLines(stdout).at(-1) as { room: StatusRoom };
    expect(room).toMatchObject({ building: here?.building, floor: here?.floor });
    expect(room.mailbox).not.toBe(here?.mailbox);
    const words = await otj(['next', site.path, here?.mailbox ?? '']);
    expect(words).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`not started  ${room.name}  ${room.building}`),
    });
    expect((await otjHere(['next', site.path])).stdout).toContain('not started');
    expect((await otjHere(['next', site.path, 'no such room'])).code).toBe(2);
  });

  it('gives a device to another room, takes it away, and takes both back', async () => {
    const [first, second] = lab.document.rooms;
    const names = [first?.mailbox ?? '', second?.mailbox ?? ''] as const;
    const addresses = async () => {
      const rooms = await statusRooms();
      return names.map((name) => rooms.find(({ mailbox }) => mailbox === name)?.address);
    };
    const give = ['match', site.path, '--room', names[0], '--device', second?.address ?? ''];
    expect(await otj(give)).toMatchObject({ code: 0 });
    expect(await addresses()).toEqual([second?.address, null]);
    expect(await otjHere(['match', site.path, '--release', names[0]])).toMatchObject({ code: 0 });
    expect(await addresses()).toEqual([null, null]);
    expect(await otjHere(['match', site.path, '--undo'])).toMatchObject({ code: 0 });
    expect(await otjHere(['match', site.path, '--undo'])).toMatchObject({ code: 0 });
    expect(await addresses()).toEqual([first?.address, second?.address]);
  });

  it('is told what it does not understand', async () => {
    const name = lab.document.rooms[0]?.mailbox ?? '';
    expect((await otjHere(['match', site.path, '--room', name])).code).toBe(2);
    expect((await otjHere(['match', site.path, '--accept', '2'])).code).toBe(2);
    const unknown = await otjHere(['--json', 'match', site.path, '--room', name, '--device', '10.255.255.1']);
    expect(jsonLines(unknown.stdout)).toMatchObject([{ type: 'error', code: 'DEVICE_UNKNOWN' }]);
  });
});

describe('otj import and otj export', () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('reads the rooms of Infinity’s group, and finds those that were prepared from here as they are', async () => {
    const prepared = await otjHere(['prepare', site.path, '--passphrase-fd', '3'], site.passphrase);
    expect(prepared.code).toBe(0);
    const { code, stdout } = await otjHere(
      ['--json', 'import', site.path, '--from', 'infinity', '--dry-run', '--passphrase-fd', '3'],
      site.passphrase,
    );
    const result = jsonLines(stdout).at(-1);
    expect(result).toMatchObject({ type: 'result', dryRun: true, added: 0, changed: 0, same: 6, problems: [] });
    expect({ code, kind: result?.looked }).toMatchObject({ code: 0, kind: { kind: 'infinity' } });
    const fresh = join(folder, 'fresh.otjsite');
    await otjHere(['init', fresh, '--passphrase-fd', '3'], site.passphrase);
    const from = ['--json', 'import', fresh, '--from'];
    const microsoft = await otjHere([...from, 'microsoft', '--passphrase-fd', '3'], site.passphrase);
    expect(jsonLines(microsoft.stdout)).toMatchObject([{ code: 'M365_NOT_SET' }]);
    const unset = await otjHere([...from, 'infinity', '--passphrase-fd', '3'], site.passphrase);
    expect(jsonLines(unset.stdout)).toMatchObject([{ code: 'INFINITY_NOT_SET' }]);
  });

  it('asks which column is which with what stands in the file, once', async () => {
    const list = file('free.csv', 'Display name;Kalender;Where\nElv 9;elv9@example.com;Oslo\n');
    const asked = await otj(['import', site.path, list]);
    expect(asked.code).toBe(1);
    expect(asked.stdout).toContain('Display name  Elv 9');
    expect(asked.stdout).toContain('--map "mailbox=Kalender"');
    const dry = await otjHere([
      'import',
      site.path,
      list,
      '--dry-run',
      '--map',
      'room=Display name',
      '--map',
      'mailbox=Kalender',
    ]);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('Would be: 1 room added') });
    expect((await statusRooms()).map(({ name }) => name)).not.toContain('Elv 9');
    const given = await otjHere(['import', site.path, list, '--map', 'room=Display name', '--map', 'mailbox=Kalender']);
    expect(given).toMatchObject({ code: 0, stdout: expect.stringContaining('1 room added') });
    expect((await otjHere(['import', site.path, list])).stdout).toContain('0 rooms added, 0 changed, 1 as before.');
    expect((await otjHere(['import', site.path, list, '--map', 'nonsense'])).code).toBe(2);
    expect((await otjHere(['import', site.path, list, '--kind', 'nonsense'])).code).toBe(2);
  });

  it('writes what it can read again, never over another file', async () => {
    for (const name of ['rooms.csv', 'rooms.xlsx']) {
      const path = join(folder, name);
      expect(await otj(['export', site.path, path])).toMatchObject({ code: 0 });
      expect((await otjHere(['export', site.path, path])).code).toBe(2);
      expect((await otjHere(['export', site.path, path, '--force'])).code).toBe(0);
      const again = await otjHere(['--json', 'import', site.path, path]);
      expect(jsonLines(again.stdout).at(-1)).toMatchObject({ added: 0, changed: 0, same: 7, missing: 0, problems: [] });
    }
    expect(readFileSync(join(folder, 'rooms.csv'), 'utf8')).toMatch(/^\ufeffroom,building,floor,mailbox,/);
    expect((await otjHere(['export', site.path, join(folder, 'rooms.pdf')])).code).toBe(2);
  });

  it('ends with a code for what is no list', async () => {
    const broken = await otjHere(['--json', 'import', site.path, file('broken.xlsx', 'PK\x03\x04 nothing')]);
    expect(broken.code).toBe(2);
    expect(jsonLines(broken.stdout)).toMatchObject([{ type: 'error', code: 'LIST_DAMAGED' }]);
    const sheet = await otjHere(['--json', 'import', site.path, join(folder, 'rooms.xlsx'), '--sheet', 'Nope']);
    expect(jsonLines(sheet.stdout)).toMatchObject([{ code: 'SHEET_UNKNOWN', words: expect.stringContaining('Rooms') }]);
  });

  it('lists proposals with score and reason, accepts them, and takes them back', async () => {
    const elv = (await statusRooms('Elv'))[0]?.address ?? '';
    await otjHere(['match', site.path, '--release', 'Elv']);
    const devices = file(
      'hub.csv',
      `Device Name,Product,Workspace,Serial Number,MAC Address,IP Address\nX,Room Kit,Elv,-,aabbccddeeff,${elv}\n`,
    );
    expect((await otjHere(['import', site.path, devices])).stdout).toContain('1 devices added');
    const { stdout } = await otjHere(['match', site.path]);
    expect(stdout).toMatch(/1\.00\s+Elv\s+127\.53\S+\s+serial number /);
    expect(await otjHere(['match', site.path, '--accept', '0.9'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 room matched'),
    });
    expect((await statusRooms('Elv'))[0]?.address).toBe(elv);
    expect((await otjHere(['match', site.path, '--undo'])).code).toBe(0);
    expect((await statusRooms('Elv'))[0]?.address).toBeNull();
  });
});
