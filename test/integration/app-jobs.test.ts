/** The work of the app on the practice site, called as a screen calls it: through the thread that holds the services. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppEvent, StepEvent } from '../../main/contract/events.ts';
import type { JobRoom } from '../../main/contract/jobs.ts';
import type { RoomState } from '../../main/contract/plan.ts';
import type { Compared, RoomRow } from '../../main/contract/rooms.ts';
import { type AppClient, startApp } from '../support/appClient.ts';
import { codeOf } from '../support/codeOf.ts';
import { type LabProcess, startLab } from '../support/labProcess.ts';
import { otj } from '../support/otj.ts';

const PASSPHRASE = 'Correct-Horse-Battery-77';
const ROOMS = 12;
const NETWORK = ['--device-net', '127.51', '--core-net', '127.52.0', '--ssh-port', '2251', '--https-port', '8451'];

let lab: LabProcess;
let app: AppClient;
let folder: string;
let path: string;
/** A codec that is left for the run which is cut off. */
let cutOff: number;
/** A Poly room that Infinity is not told of until the sync. */
let unprepared: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-app-jobs-'));
  path = join(folder, 'oslo.otjsite');
  // Devices that take their time, so that a stop can come between two steps.
  lab = await startLab(['--rooms', String(ROOMS), '--latency', '60', ...NETWORK]);
  app = startApp(folder);
}, 120_000);

afterAll(async () => {
  await app.backend.close();
  await lab.stop();
  rmSync(folder, { recursive: true });
});

async function rows(): Promise<RoomRow[]> {
  return app.call('rooms.list', undefined);
}

async function idsOf(...states: RoomState[]): Promise<number[]> {
  return (await rows()).filter(({ state }) => states.includes(state)).map(({ id }) => id);
}

async function roomsOf(job: number): Promise<JobRoom[]> {
  return (await app.call('jobs.detail', { job })).rooms;
}

/** Resolves once a step of the job is told that is so. */
async function firstStep(job: number, holds: (event: StepEvent) => boolean = () => true): Promise<void> {
  const isIt = (event: AppEvent) => event.type === 'step' && event.job === job && holds(event);
  if (app.events.some(isIt)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const leave = app.backend.listen((events) => {
    if (events.some(isIt)) resolve();
  });
  await promise.finally(leave);
}

async function someCodec(): Promise<number> {
  return (await rows()).find(({ family }) => family === 'cisco-roomos')?.id ?? 0;
}

async function compared(roomId: number): Promise<Compared[]> {
  const result = await app.done('jobs.compare', { roomId });
  return result.kind === 'compare' ? result.items : [];
}

/** How many rooms of a job are so. */
function count(rooms: readonly JobRoom[], status: JobRoom['status']): number {
  return rooms.filter((room) => room.status === status).length;
}

describe('work in a site', () => {
  it('needs a site that is open', async () => {
    expect(await codeOf(() => app.call('jobs.run', { rooms: null, insist: false, pilots: 'first' }))).toBe('SITE_NONE');
    expect(await codeOf(() => app.call('jobs.stop', { job: 1, how: 'now' }))).toBe('JOB_UNKNOWN');
  });

  it('begins with a new file, a list, logins and Infinity', async () => {
    const { logins, infinity, roomsCsv, ports } = lab.document;
    await app.call('site.create', { path, name: 'Oslo', technician: 'Kari', passphrase: PASSPHRASE, remember: false });
    expect(await codeOf(() => app.call('jobs.run', { rooms: null, insist: false, pilots: 'first' }))).toBe(
      'NOTHING_TO_DO',
    );
    expect(await codeOf(() => app.call('jobs.discover', { ranges: [], sshPort: null, httpsPort: null }))).toBe(
      'NOTHING_TO_DO',
    );
    await app.call('site.change', {
      sshPort: ports.ssh,
      httpsPort: ports.https,
      concurrency: 2,
      proofEveryMs: 200,
      proofMs: 20_000,
    });
    const list = readFileSync(roomsCsv).toString('base64');
    expect(await app.call('rooms.import', { base64: list })).toMatchObject({ added: ROOMS, problems: [] });
    const site = { roomId: null };
    const { cisco, poly } = logins;
    await app.call('credentials.save', {
      ...site,
      purpose: 'cisco-roomos',
      username: cisco.username,
      password: cisco.passphrase,
    });
    await app.call('credentials.save', {
      ...site,
      purpose: 'poly-videoos',
      username: poly.username,
      password: poly.password,
    });
    await app.call('credentials.save', {
      ...site,
      purpose: 'infinity',
      username: infinity.username,
      password: infinity.password,
    });
    const { hostname, port } = new URL(infinity.url);
    const shown = await app.call('site.certificate', { address: hostname, port: Number(port) });
    const view = await app.call('site.infinity', {
      address: hostname,
      port: Number(port),
      group: infinity.group,
      pin: shown?.sha256 ?? null,
    });
    expect(view).toMatchObject({ locked: false, owed: 0, settings: { name: 'Oslo', technician: 'Kari' } });
    expect(app.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['site', 'list']));
  });

  it('refuses rooms that are not there, and none at all', async () => {
    expect(await codeOf(() => app.call('jobs.plan', { rooms: [1, 4711], insist: false }))).toBe('ROOM_UNKNOWN');
    expect(await codeOf(() => app.call('jobs.plan', { rooms: [], insist: false }))).toBe('NOTHING_TO_DO');
    expect(await codeOf(() => app.call('jobs.undo', { rooms: [1, 2], insist: false, oldPassword: 'x' }))).toBe('USAGE');
    const overwriting = {
      rooms: [1, 2],
      insist: false,
      oldPassword: null,
      overwrite: [{ name: 'otj', sha256: 'a'.repeat(64) }],
    };
    expect(await codeOf(() => app.call('jobs.undo', overwriting))).toBe('USAGE');
    expect(await codeOf(() => app.call('jobs.discover', { ranges: ['10.0.0.'], sshPort: null, httpsPort: null }))).toBe(
      'RANGE_UNFIT',
    );
    expect((await app.call('app.state', undefined)).jobs).toEqual([]);
  });

  it('finds the devices', async () => {
    const result = await app.done('jobs.discover', { ranges: [], sshPort: null, httpsPort: null });
    expect(result).toEqual({
      ...{ kind: 'discover', looked: ROOMS, noRoute: 0, found: ROOMS, recognised: ROOMS, ours: ROOMS },
      confirmed: null,
      silent: [],
    });
    const [job] = (await app.call('app.state', undefined)).jobs;
    const { items } = await app.call('jobs.detail', { job: job?.id ?? 0 });
    expect(items.map(({ what, roomId }) => what === 'found' && roomId !== null)).toEqual(Array(ROOMS).fill(true));
    expect(app.events.some(({ type }) => type === 'devices')).toBe(true);
  });

  it('checks what it needs', async () => {
    const result = await app.done('jobs.check', undefined);
    const checks = result.kind === 'check' ? result.checks : [];
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'infinity.login')?.status).toBe('pass');
  });

  it('prepares the entries on Infinity, of all rooms but one', async () => {
    unprepared = (await rows()).find(({ family }) => family === 'poly-videoos')?.id ?? 0;
    const others = (await idsOf('not started')).filter((id) => id !== unprepared);
    expect(await app.done('jobs.prepare', { rooms: others })).toEqual({ kind: 'prepare', prepared: ROOMS - 1 });
    expect((await rows()).filter(({ onInfinity }) => !onInfinity).map(({ id }) => id)).toEqual([unprepared]);
  });

  it('plans without changing anything', async () => {
    expect(await app.done('jobs.plan', { rooms: null, insist: false })).toEqual({
      kind: 'plan',
      ready: ROOMS - 1,
      needAttention: 1,
    });
    expect(await idsOf('ready')).toHaveLength(ROOMS - 1);
    expect((await rows()).find(({ id }) => id === unprepared)).toMatchObject({ code: 'NOT_PREPARED' });
  });

  it('runs some rooms, pauses between two, and goes on', async () => {
    const ready = (await rows()).filter(({ state }) => state === 'ready');
    cutOff = ready.find(({ family }) => family === 'cisco-roomos')?.id ?? 0;
    const chosen = ready.flatMap(({ id }) => (id === cutOff ? [] : [id])).slice(0, 6);
    const job = await app.start('jobs.run', { rooms: chosen, insist: false, pilots: 'first' });
    await firstStep(job);
    await app.call('jobs.pause', { job });
    const paused = await app.until(job, ({ status }) => status === 'paused');
    expect(paused.endedAt).toBeNull();
    const held = await roomsOf(job);
    expect(count(held, 'working')).toBe(0);
    expect(count(held, 'waiting')).toBeGreaterThan(0);
    expect(paused.done + count(held, 'waiting')).toBe(6);
    // Nothing else may begin meanwhile, here or in another process.
    expect(await codeOf(() => app.call('jobs.plan', { rooms: null, insist: false }))).toBe('JOB_RUNNING');
    expect(await codeOf(() => app.call('site.close', undefined))).toBe('JOB_RUNNING');
    const other = await otj(['run', path, '--passphrase-fd', '3'], PASSPHRASE);
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('SITE_BUSY')]);
    await app.call('jobs.resume', { job });
    const ended = await app.until(job, ({ endedAt }) => endedAt !== null);
    expect(ended).toMatchObject({ status: 'done', done: 6, failed: 0, result: { kind: 'run', ok: 6 } });
    expect(await idsOf('migrated')).toEqual(expect.arrayContaining(chosen));
    const { course } = await app.call('jobs.detail', { job });
    expect(course.at(-1)).toMatchObject({ done: 6, failed: 0 });
    expect(await codeOf(() => app.call('jobs.resume', { job }))).toBe('JOB_UNKNOWN');
  });

  it('told each step and each state of it', () => {
    const steps = app.events.filter((event) => event.type === 'step');
    expect(new Set(steps.map(({ status }) => status))).toEqual(new Set(['running', 'done', 'already', 'waiting']));
    const states = new Set(
      app.events.flatMap((event) => (event.type === 'rooms' ? event.rooms : [])).map(({ state }) => state),
    );
    expect([...states]).toEqual(expect.arrayContaining(['ready', 'in progress', 'migrated']));
  });

  it('lets another process work on the file once a job is over', async () => {
    const other = await otj(['plan', path, '--brief', '--passphrase-fd', '3'], PASSPHRASE);
    // The room without an entry is what it says 1 for.
    expect([other.code, other.stderr]).toEqual([1, '']);
    expect(other.stdout).toContain('5 rooms ready, 1 not.');
  });

  it('stops after the rooms under way', async () => {
    const chosen = (await idsOf('ready')).filter((id) => id !== cutOff);
    const job = await app.start('jobs.run', { rooms: chosen, insist: false, pilots: 'first' });
    await firstStep(job);
    await app.call('jobs.stop', { job, how: 'after-rooms' });
    const ended = await app.until(job, ({ endedAt }) => endedAt !== null);
    expect(ended).toMatchObject({ status: 'stopped', failed: 0, problem: null });
    const rooms = await roomsOf(job);
    expect(count(rooms, 'ended')).toBe(ended.done);
    expect(ended.done).toBeGreaterThan(0);
    expect(count(rooms, 'left')).toBe(chosen.length - ended.done);
    expect(count(rooms, 'left')).toBeGreaterThan(0);
    expect(rooms.filter(({ status }) => status === 'ended').every(({ state }) => state === 'migrated')).toBe(true);
    expect(await idsOf('in progress')).toEqual([]);
  });

  it('stops now, and says of a room that was begun that it was cut off', async () => {
    const job = await app.start('jobs.run', { rooms: [cutOff], insist: false, pilots: 'first' });
    await firstStep(job, ({ step, status }) => step === 'account' && status === 'done');
    await app.call('jobs.stop', { job, how: 'now' });
    const ended = await app.until(job, ({ endedAt }) => endedAt !== null);
    expect(ended).toMatchObject({ status: 'stopped', done: 1, failed: 0, problem: null });
    expect((await rows()).find(({ id }) => id === cutOff)).toMatchObject({ state: 'in progress', interrupted: true });
    const told = app.events.flatMap((event) => (event.type === 'rooms' ? event.rooms : []));
    expect(told.findLast(({ id }) => id === cutOff)).toMatchObject({ state: 'in progress', interrupted: true });
    expect(told.find(({ id, state }) => id === cutOff && state === 'in progress')?.interrupted).toBe(false);
  });

  it('carries on with the rest', async () => {
    expect(await app.done('jobs.run', { rooms: null, insist: false, pilots: 'first' })).toMatchObject({
      failed: 0,
      skipped: 0,
    });
    expect(await idsOf('migrated')).toHaveLength(ROOMS - 1);
    expect(await codeOf(() => app.call('jobs.run', { rooms: null, insist: false, pilots: 'first' }))).toBe(
      'NOTHING_TO_DO',
    );
  });

  it('compares a device with its backup and hides what is secret', async () => {
    const items = await compared(await someCodec());
    const taken = items.filter(({ kind, saved, now }) => kind === 'macro' && saved !== null && now === null);
    expect(taken.map(({ name }) => name)).toEqual(expect.arrayContaining([expect.stringContaining('settings')]));
    expect(taken.some(({ saved }) => saved?.includes("'•••'"))).toBe(true);
    expect(items.filter(({ kind }) => kind === 'taken')).toEqual([]);
    const [state] = items.filter(({ kind }) => kind === 'state');
    expect(state?.saved?.split('\n').length).toBeGreaterThan(10);
    expect(state?.now?.split('\n').length).toBeGreaterThan(10);
  });

  it('undoes a room, after which its macros are back and nothing is saved to compare with', async () => {
    const rooms = [await someCodec()];
    expect(await app.done('jobs.undo', { rooms, insist: false, oldPassword: null })).toMatchObject({
      ok: 1,
      failed: 0,
    });
    expect(await idsOf('undone')).toEqual(rooms);
    const items = await compared(rooms[0] ?? 0);
    expect(items.every(({ saved, now }) => saved === null && now !== null)).toBe(true);
    expect(items.filter(({ kind }) => kind === 'macro')).not.toEqual([]);
    expect(await app.done('jobs.run', { rooms, insist: false, pilots: 'first' })).toMatchObject({ ok: 1 });
  });

  it('settles with Infinity what was owed while it was away, and finishes what had waited for it', async () => {
    const pushed = await someCodec();
    await app.done('jobs.undo', { rooms: [pushed], insist: false, oldPassword: null });
    await lab.post('/infinity/stop');
    const rooms = [pushed, unprepared];
    expect(await app.done('jobs.run', { rooms, insist: false, pilots: 'first' })).toMatchObject({ ok: 1, failed: 1 });
    expect(await idsOf('awaiting sync')).toEqual([pushed]);
    expect(app.events.findLast((event) => event.type === 'site')?.site?.owed).toBeGreaterThan(0);
    const away = await app.start('jobs.sync', { waitMs: 0, finish: false });
    expect(await app.until(away, ({ endedAt }) => endedAt !== null)).toMatchObject({
      status: 'failed',
      problem: { code: 'INFINITY_UNREACHABLE' },
    });
    await lab.post('/infinity/start');
    const result = await app.done('jobs.sync', { waitMs: 30_000, finish: true, pilots: 'first' });
    expect(result).toEqual({ kind: 'sync', owed: 0, freed: [unprepared] });
    expect(await idsOf('migrated')).toHaveLength(ROOMS);
    expect(await app.call('outbox.list', undefined)).toEqual([]);
    expect(app.events.findLast((event) => event.type === 'site')?.site?.owed).toBe(0);
  }, 120_000);

  it('says nothing secret, in no answer and no event', () => {
    const said = JSON.stringify([app.events, app.replies]);
    for (const secret of [PASSPHRASE, ...lab.document.secrets]) expect(said.includes(secret), secret).toBe(false);
  });

  it('needs the passphrase where secrets are needed', async () => {
    await app.call('site.close', undefined);
    expect((await app.call('app.state', undefined)).jobs).toEqual([]);
    expect(await app.call('site.open', { path })).toMatchObject({ locked: true });
    for (const name of ['jobs.run', 'jobs.plan'] as const)
      expect(await codeOf(() => app.call(name, { rooms: null, insist: false }))).toBe('VAULT_LOCKED');
    expect(await codeOf(() => app.call('jobs.prepare', { rooms: null }))).toBe('VAULT_LOCKED');
    expect(await app.done('jobs.discover', { ranges: [], sshPort: null, httpsPort: null })).toMatchObject({
      found: ROOMS,
    });
  });
});
