/** What the window can, the command can: check, next and match as a person or a script uses them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabProcess, startLab } from '../support/labProcess.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { type PracticeSite, setUpSite } from '../support/practiceSite.ts';

const NETWORK = ['--device-net', '127.53', '--core-net', '127.54.0', '--ssh-port', '2253', '--https-port', '8453'];

let folder: string;
let lab: LabProcess;
let site: PracticeSite;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-cli-app-'));
  lab = await startLab(['--rooms', '6', ...NETWORK]);
  site = await setUpSite(folder, lab.document, lab.document.roomsCsv);
}, 120_000);

afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true });
});

type StatusRoom = { name: string; building: string; floor: string; mailbox: string; address: string | null };

async function statusRooms(...names: string[]): Promise<StatusRoom[]> {
  const { stdout } = await otj(['--json', 'status', site.path, ...names]);
  const { rooms } = jsonLines(stdout).at(-1) as { rooms: StatusRoom[] };
  return rooms;
}

describe('otj check', () => {
  const check = (...flags: string[]) => otj([...flags, 'check', site.path, '--passphrase-fd', '3'], site.passphrase);

  it('lists what was looked at, and ends with 0 when nothing is missing', async () => {
    const { code, stdout } = await check();
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, last: 'Nothing is missing.' });
    expect(stdout).toMatch(/pass\s+login to Infinity\s+–\s+admin/);
    expect(stdout).toMatch(/unchecked\s+Microsoft 365/);
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
    const { stdout } = await otj(['--json', 'next', site.path, here?.mailbox ?? '']);
    const { room } = jsonLines(stdout).at(-1) as { room: StatusRoom };
    expect(room).toMatchObject({ building: here?.building, floor: here?.floor });
    expect(room.mailbox).not.toBe(here?.mailbox);
    const words = await otj(['next', site.path, here?.mailbox ?? '']);
    expect(words).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`not started  ${room.name}  ${room.building}`),
    });
    expect((await otj(['next', site.path])).stdout).toContain('not started');
    expect((await otj(['next', site.path, 'no such room'])).code).toBe(2);
  });

  it('gives a device to another room, and takes it away', async () => {
    const [first, second] = lab.document.rooms;
    const names = [first?.mailbox ?? '', second?.mailbox ?? ''] as const;
    const address = async (mailbox: string) => (await statusRooms(mailbox))[0]?.address;
    const give = ['match', site.path, '--room', names[0], '--device', second?.address ?? ''];
    expect(await otj(give)).toMatchObject({ code: 0 });
    expect([await address(names[0]), await address(names[1])]).toEqual([second?.address, null]);
    expect(await otj(['match', site.path, '--release', names[0]])).toMatchObject({ code: 0 });
    expect(await address(names[0])).toBeNull();
    expect(await otj(['match', site.path, '--undo'])).toMatchObject({ code: 0 });
    expect(await otj(['match', site.path, '--undo'])).toMatchObject({ code: 0 });
    expect([await address(names[0]), await address(names[1])]).toEqual([first?.address, second?.address]);
    expect((await otj(['match', site.path, '--undo'])).code).toBe(2);
    expect((await otj(['match', site.path, '--room', names[0]])).code).toBe(2);
    expect((await otj(['match', site.path, '--undo', '--release', names[0]])).code).toBe(2);
    expect((await otj(['match', site.path, '--accept', '2'])).code).toBe(2);
    const unknown = await otj(['--json', 'match', site.path, '--room', names[0], '--device', '10.255.255.1']);
    expect(jsonLines(unknown.stdout)).toMatchObject([{ type: 'error', code: 'DEVICE_UNKNOWN' }]);
  });
});
