/** The macros of a codec as a screen is told of them: read live, judged, without secrets, beside the one most like it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JudgedMacro, RoomRow } from '../../main/contract/rooms.ts';
import { startCodec } from '../lab/cisco/codec.ts';
import { cameraPresets, meetingControls, otjMacroPair } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice, LabMacro } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { type AppClient, startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';

const ADMIN = { username: 'admin', passphrase: 'Codec-Login-4711', roles: ['Admin' as const] };
const USER = { username: 'guest', passphrase: 'Guest-Login-4711', roles: ['User' as const] };
const PORTS = { sshPort: 2266, httpsPort: 8466 };
const [SETTINGS, MAIN] = otjMacroPair({ tenant: 'fjord', token: 'token-of-fjord-4711', pollMs: 60_000 });
if (!SETTINGS || !MAIN) throw new Error('no pair');

/** The host in pieces: nobody but a person can say what it is. */
const ODD: LabMacro = {
  name: 'calendar',
  active: false,
  content: MAIN.content
    .replace("import * as settings from './otj-macro-settings';", "const apiToken = 'token-of-calendar-4711';")
    .replaceAll('settings.host', "'fjord.otj.' + 'pexip.io'")
    .replaceAll('settings.token', 'apiToken')
    .replaceAll('\n', '\r\n'),
};
const OWN: LabMacro = {
  name: 'signage',
  active: true,
  content: `// Not Pexip's.\nconst password = 'password-of-signage-4711';\nconst admin = '${ADMIN.passphrase}';\n`,
};

let folder: string;
let app: AppClient;
const devices: LabDevice[] = [];

async function codec(number: number, change: Partial<CodecSpec>): Promise<LabDevice> {
  const device = await startCodec(
    {
      kind: 'codec',
      address: `127.66.1.${number}`,
      ...PORTS,
      serial: `FOC66LAB${number}`,
      mac: `00:50:60:00:66:0${number}`,
      model: 'Cisco Room Kit',
      systemName: `Room ${number}`,
      software: 'ce11.27.2.0.0123456789a',
      users: [ADMIN, USER],
      macros: [],
      settings: { 'Macros Mode': 'On', 'HttpClient Mode': 'On' },
      ...change,
    },
    createWorld(),
  );
  devices.push(device);
  return device;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-app-macros-'));
  await codec(1, { macros: [SETTINGS, MAIN, cameraPresets, meetingControls, ODD, OWN] });
  await codec(2, { macros: [ODD] });
  await codec(3, {});
  app = startApp(folder);
  const site = { path: join(folder, 'oslo.otjsite'), name: 'Oslo', technician: 'Kari', remember: false };
  await app.call('site.create', { ...site, passphrase: 'Correct-Horse-Battery-77' });
  await app.call('site.change', { ...PORTS });
  const rows = ['Fjord', 'Hav', 'Sund', 'Foss'].map(
    (name, at) => `${name},Oslo,1,${name}@example.com,127.66.1.${at + 1},cisco`,
  );
  await app.call('rooms.import', { text: ['room,building,floor,mailbox,address,family', ...rows].join('\n') });
  await login(ADMIN);
}, 60_000);

afterAll(async () => {
  await app.backend.close();
  for (const device of devices) await device.stop();
  rmSync(folder, { recursive: true });
});

async function login({ username, passphrase }: typeof ADMIN | typeof USER): Promise<void> {
  await app.call('credentials.save', { purpose: 'cisco-roomos', roomId: null, username, password: passphrase });
}

async function room(name: string): Promise<RoomRow> {
  const row = (await app.call('rooms.list', undefined)).find((one) => one.name === name);
  if (!row) throw new Error(`no room ${name}`);
  return row;
}

async function macrosOf(name: string): Promise<JudgedMacro[]> {
  const result = await app.done('jobs.macros', { roomId: (await room(name)).id });
  if (result.kind !== 'macros') throw new Error(result.kind);
  return result.macros;
}

it('reads all macros of the codec in its order, with what is judged of each', async () => {
  const macros = await macrosOf('Fjord');
  expect(macros.map(({ name, active, verdict, decided }) => [name, active, verdict, decided])).toEqual([
    [SETTINGS.name, true, 'otj', null],
    [MAIN.name, true, 'otj', null],
    [cameraPresets.name, true, 'other', null],
    [meetingControls.name, true, 'other', null],
    [ODD.name, false, 'uncertain', null],
    [OWN.name, true, 'other', null],
  ]);
  expect(macros.map(({ bytes }) => bytes)).toEqual(
    [SETTINGS, MAIN, cameraPresets, meetingControls, ODD, OWN].map(({ content }) => Buffer.byteLength(content)),
  );
  // What is clearly another product's is nobody's business; its reason is told all the same.
  expect(macros.map(({ content }) => content === '')).toEqual([false, false, true, true, false, false]);
  expect(macros[3]?.reasons.join()).toContain('Meeting Controls');
  expect(await room('Fjord')).toMatchObject({ state: 'not started', serial: 'FOC66LAB1' });
});

it('marks the signs in the text as it is shown', async () => {
  for (const { content, marks, reasons, verdict } of await macrosOf('Fjord')) {
    const places = marks.map(({ from, to }) => content.slice(from, to).toLowerCase());
    for (const { reason } of marks) expect(reasons).toContain(reason);
    for (const place of places) expect(place).toMatch(/pexip|one-touch join|bookings|otj/);
    expect(marks.length > 0).toBe(verdict !== 'other' || content.includes('Pexip'));
  }
});

it('sets an uncertain one beside the certain one that is most like it', async () => {
  const odd = (await macrosOf('Fjord')).find(({ name }) => name === ODD.name);
  expect(odd?.like).toMatchObject({ name: MAIN.name, room: 'Fjord' });
  expect(odd?.like?.share).toBeGreaterThan(0.6);
  expect(odd?.like?.share).toBeLessThan(1);
  expect(odd?.like?.content).toContain('One-Touch Join');
});

it('finds one to compare with in the backups of other rooms', async () => {
  const alone = await macrosOf('Hav');
  expect(alone).toMatchObject([{ name: ODD.name, verdict: 'uncertain', like: null }]);
  const { id } = await room('Fjord');
  await app.call('rooms.decide', { roomId: id, leaveMacros: [ODD.name] });
  await app.call('site.change', { proofMs: 0, proofEveryMs: 50 });
  const run = await app.start('jobs.run', { rooms: [id], insist: true });
  await app.until(run, ({ endedAt }) => endedAt !== null);
  expect((await macrosOf('Fjord')).map(({ name, decided }) => [name, decided])).toContainEqual([ODD.name, 'leave']);
  const [odd] = await macrosOf('Hav');
  expect(odd?.like).toMatchObject({ name: MAIN.name, room: 'Fjord' });
});

it('reads the same over HTTPS, byte for byte', async () => {
  const { id } = await room('Hav');
  const overSsh = await macrosOf('Hav');
  const detail = await app.call('rooms.decide', { roomId: id, transport: 'https' });
  expect(detail.device?.lastTransport).toBe('ssh');
  expect(await macrosOf('Hav')).toEqual(overSsh);
  expect((await app.call('rooms.detail', { roomId: id })).device?.lastTransport).toBe('https');
});

it('tells of a codec without macros that it has none', async () => {
  expect(await macrosOf('Sund')).toEqual([]);
});

it('tells what was decided', async () => {
  const { id } = await room('Hav');
  await app.call('rooms.decide', { roomId: id, takeMacros: [ODD.name] });
  expect(await macrosOf('Hav')).toMatchObject([{ name: ODD.name, verdict: 'uncertain', decided: 'take' }]);
  await app.call('rooms.decide', { roomId: id, takeMacros: [], leaveMacros: [ODD.name] });
  expect(await macrosOf('Hav')).toMatchObject([{ name: ODD.name, verdict: 'uncertain', decided: 'leave' }]);
});

it('fails as the job does when nobody is there, or the login may not read them', async () => {
  const failed = async (name: string) => {
    const job = await app.start('jobs.macros', { roomId: (await room(name)).id });
    return (await app.until(job, ({ endedAt }) => endedAt !== null)).problem?.code;
  };
  expect(await failed('Foss')).toBe('UNREACHABLE');
  await login(USER);
  expect(await failed('Hav')).toBe('NOT_ADMIN');
  await login(ADMIN);
  expect(await codeOf(() => app.call('jobs.macros', { roomId: 4711 }))).toBe('ROOM_UNKNOWN');
});

it('never shows a secret', () => {
  const told = JSON.stringify([app.events, app.replies]);
  expect(told).toContain('•••');
  for (const secret of [
    'token-of-fjord',
    'token-of-calendar',
    'password-of-signage',
    ADMIN.passphrase,
    USER.passphrase,
  ])
    expect(told).not.toContain(secret);
});
