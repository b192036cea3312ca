/** Devices that hang, lie or break off: a coded error on that room, and the other rooms go on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LabProcess, startLab } from '../support/labProcess.ts';
import { jsonLines, otj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { type PracticeSite, setUpSite } from '../support/practiceSite.ts';

const NET = '127.64';
const folder = mkdtempSync(join(tmpdir(), 'otj-faults-'));
let lab: LabProcess;
let site: PracticeSite;

beforeAll(async () => {
  lab = await startLab(['--rooms', '24', '--device-net', NET, '--core-net', `${NET}.250`]);
  site = await setUpSite(folder, lab.document, lab.document.roomsCsv, otjHere);
  const list = join(folder, 'more.csv');
  writeFileSync(
    list,
    `room,mailbox,address,family\nNot a codec,no-codec@nordbank.example,${NET}.250.20,\nNobody there,nobody@nordbank.example,${NET}.9.99,cisco\n`,
  );
  for (const args of [
    ['import', site.path, list],
    ['settings', site.path, 'timeoutMs=2500', 'concurrency=6'],
  ])
    expect((await otjHere(args)).code).toBe(0);
  expect((await otjHere(['prepare', site.path, '--passphrase-fd', '3'], site.passphrase)).code).toBe(1);
}, 120_000);

afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true });
});

const FAULTS: Record<string, { fault: Record<string, unknown>; code: string }> = {
  Fjord: { fault: { hung: true }, code: 'TIMEOUT' },
  Elv: { fault: { off: true }, code: 'UNREACHABLE' },
  // HTTPS only: the move goes over SSH, and the proof that the account can sign in must not believe a 200 page.
  Hav: { fault: { htmlInsteadOfApi: true }, code: 'ODD_REPLY' },
  Foss: { fault: { truncateAt: 300 }, code: 'CONNECTION_LOST' },
  // The list says Poly and no more: what no look can place gets no password.
  Skog: { fault: { htmlInsteadOfApi: true }, code: 'UNKNOWN_DEVICE' },
  Bre: { fault: { hung: true }, code: 'TIMEOUT' },
  Myr: { fault: { truncateAt: 120 }, code: 'CONNECTION_LOST' },
  Holme: { fault: { dropOnce: 'cal.ews.server' }, code: 'CONNECTION_LOST' },
};

test('each faulty device gets its own coded error and the others are migrated', async () => {
  for (const [room, { fault }] of Object.entries(FAULTS)) {
    const address = lab.document.rooms.find((one) => one.room === room)?.address;
    await lab.post(`/device/${address}/faults`, fault);
  }
  const { code } = await otj(['run', site.path, '--confirm-pilots', '--passphrase-fd', '3'], site.passphrase);
  expect(code).toBe(1);
  const status = jsonLines((await otjHere(['status', site.path, '--json'])).stdout).at(-1);
  const rooms = status?.rooms as { name: string; state: string; problem: { code: string; todo: string } | null }[];
  const codes = Object.fromEntries(rooms.map(({ name, problem }) => [name, problem?.code ?? '']));
  for (const [room, { code: wanted }] of Object.entries(FAULTS))
    expect({ room, code: codes[room] }).toEqual({ room, code: wanted });
  expect(codes).toMatchObject({ 'Not a codec': 'UNKNOWN_DEVICE', 'Nobody there': 'UNREACHABLE' });
  const others = rooms.filter(({ name }) => !(name in FAULTS) && !['Not a codec', 'Nobody there'].includes(name));
  expect(others.map(({ name, state }) => `${name} ${state}`)).toEqual(others.map(({ name }) => `${name} migrated`));
}, 180_000);

test('once the devices are well again, a retry brings all of them home', async () => {
  for (const room of Object.keys(FAULTS)) {
    const address = lab.document.rooms.find((one) => one.room === room)?.address;
    await lab.post(`/device/${address}/faults`, {});
  }
  const names = Object.keys(FAULTS);
  const { code, stdout } = await otj(
    ['run', site.path, ...names, '--confirm-pilots', '--passphrase-fd', '3'],
    site.passphrase,
  );
  expect({ code, stdout }).toMatchObject({ code: 0 });
}, 180_000);
