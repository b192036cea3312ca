/** One xAPI line over many rooms as a screen starts it: what it is told, and how it is held and stopped. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobItem } from '../../main/contract/jobs.ts';
import type { RoomRow } from '../../main/contract/rooms.ts';
import { type AppClient, startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { type LabProcess, startLab } from '../support/labProcess.ts';

const NETWORK = ['--device-net', '127.75', '--core-net', '127.75.250', '--ssh-port', '2275', '--https-port', '8475'];

let folder: string;
let lab: LabProcess;
let app: AppClient;
let codecs: RoomRow[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-app-xapi-'));
  lab = await startLab(['--rooms', '9', ...NETWORK]);
  app = startApp(folder);
  const { logins, ports, roomsCsv } = lab.document;
  const site = { path: join(folder, 'oslo.otjsite'), name: 'Oslo', technician: 'Kari', remember: false };
  await app.call('site.create', { ...site, passphrase: 'Correct-Horse-Battery-77' });
  await app.call('site.change', { sshPort: ports.ssh, httpsPort: ports.https, concurrency: 2 });
  await app.call('rooms.import', { base64: readFileSync(roomsCsv).toString('base64') });
  const { username, passphrase } = logins.cisco;
  await app.call('credentials.save', { purpose: 'cisco-roomos', roomId: null, username, password: passphrase });
  codecs = (await app.call('rooms.list', undefined)).filter(({ family }) => family === 'cisco-roomos');
}, 120_000);

afterAll(async () => {
  await app.backend.close();
  await lab.stop();
  rmSync(folder, { recursive: true });
});

function wish(line: string, apply = false, rooms = codecs) {
  return { rooms: rooms.map(({ id }) => id), line, body: null, apply };
}

/** Lines of the job that was started last, as a screen shows them. */
async function items(): Promise<Omit<JobItem, 'at'>[]> {
  const { jobs } = await app.call('app.state', undefined);
  const detail = await app.call('jobs.detail', { job: jobs.at(-1)?.id ?? 0 });
  return detail.items.map(({ at: _at, ...item }) => item);
}

async function volumes(): Promise<unknown[]> {
  const { devices } = (await lab.state()) as { devices: Record<string, { settings: Record<string, string> }> };
  return codecs.map(({ address }) => devices[address ?? '']?.settings['Audio DefaultVolume']);
}

it('refuses a wrong line, and a passphrase for many, before it begins', async () => {
  expect(await codeOf(() => app.call('jobs.xapi', wish('bye')))).toBe('XAPI_LINE');
  expect(await codeOf(() => app.call('jobs.xapi', { ...wish('xStatus Audio'), body: 'text' }))).toBe('XAPI_LINE');
  const secret = 'xConfiguration NetworkServices HTTP Proxy Password: geheim';
  expect(await codeOf(() => app.call('jobs.xapi', wish(secret, true)))).toBe('USAGE');
  expect(await codeOf(() => app.call('jobs.xapi', { ...wish('xStatus Audio'), rooms: [4711] }))).toBe('ROOM_UNKNOWN');
  expect((await app.call('app.state', undefined)).jobs).toEqual([]);
});

it('tells what each codec answered', async () => {
  const result = await app.done('jobs.xapi', wish('xStatus SystemUnit ProductId'));
  expect(result).toEqual({ kind: 'xapi', ok: codecs.length, failed: 0, skipped: 0, sent: true });
  const models = new Map(lab.document.rooms.map(({ room, model }) => [room, JSON.stringify(model)]));
  expect(await items()).toEqual(
    expect.arrayContaining(
      codecs.map(({ id, name }) => ({
        roomId: id,
        about: name,
        what: 'answered',
        words: models.get(name),
        problem: null,
      })),
    ),
  );
  // Who each device is was learned on the way, as at any login.
  const rows = await app.call('rooms.list', undefined);
  expect(rows.filter(({ model }) => model).map(({ id }) => id)).toEqual(codecs.map(({ id }) => id));
});

it('shows a change without making it, makes it, and leaves the rooms as they were', async () => {
  const before = await volumes();
  const line = 'xConfiguration Audio DefaultVolume: 61';
  expect(await app.done('jobs.xapi', wish(line))).toMatchObject({ ok: codecs.length, sent: false });
  expect((await items()).every(({ words }) => words.endsWith(`: ${line}`))).toBe(true);
  expect(await volumes()).toEqual(before);
  expect(await app.done('jobs.xapi', wish(line, true))).toMatchObject({ ok: codecs.length, sent: true });
  expect(await volumes()).toEqual(codecs.map(() => '61'));
  const rows = await app.call('rooms.list', undefined);
  expect(new Set(rows.map(({ state, code }) => `${state} ${code}`))).toEqual(new Set(['not started null']));
});

it('shows nothing of a passphrase, neither typed nor answered', async () => {
  const line = 'xConfiguration NetworkServices HTTP Proxy Password: geheim-4711';
  const [one] = codecs;
  expect(await app.done('jobs.xapi', wish(line, true, one ? [one] : []))).toMatchObject({ ok: 1 });
  expect(await items()).toMatchObject([{ what: 'answered' }]);
  await app.done('jobs.xapi', wish('xConfiguration NetworkServices HTTP Proxy', false, one ? [one] : []));
  expect((await items())[0]?.words).toContain('LoginName');
  expect(JSON.stringify([app.events, app.replies])).not.toContain('geheim-4711');
});

it('goes to nobody else when the first codec does not take it', async () => {
  const result = await app.done('jobs.xapi', wish('xConfiguration Audio DefaultVolume: 900', true));
  expect(result).toEqual({ kind: 'xapi', ok: 0, failed: 1, skipped: codecs.length - 1, sent: true });
  expect(await items()).toMatchObject([{ what: 'failed', problem: { code: 'REFUSED' } }]);
  const { jobs } = await app.call('app.state', undefined);
  const { rooms, job } = await app.call('jobs.detail', { job: jobs.at(-1)?.id ?? 0 });
  expect(rooms.map(({ status }) => status).sort()).toEqual(['ended', ...codecs.slice(1).map(() => 'left')]);
  expect(job.held?.code).toBe('FIRST_DID_NOT');
  expect(await volumes()).toEqual(codecs.map(() => '61'));
});

it('looks for a codec that is there before it goes to all', async () => {
  const [away] = codecs;
  await lab.post(`/device/${away?.address}/faults`, { off: true });
  const result = await app.done('jobs.xapi', wish('xConfiguration Audio DefaultVolume: 62', true));
  await lab.post(`/device/${away?.address}/faults`, {});
  expect(result).toMatchObject({ ok: codecs.length - 1, failed: 1, skipped: 0 });
  expect(await volumes()).toEqual(['61', ...codecs.slice(1).map(() => '62')]);
});

it('is stopped like other work over rooms', async () => {
  for (const { address } of codecs) await lab.post(`/device/${address}/faults`, { hung: true });
  const job = await app.start('jobs.xapi', wish('xConfiguration Audio DefaultVolume: 63', true));
  await app.call('jobs.stop', { job, how: 'now' });
  const { status } = await app.until(job, ({ endedAt }) => endedAt !== null);
  for (const { address } of codecs) await lab.post(`/device/${address}/faults`, {});
  expect(status).toBe('stopped');
  expect(await volumes()).not.toContain('63');
});
