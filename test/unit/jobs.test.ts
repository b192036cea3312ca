import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OtjError, type Problem } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/events.ts';
import { type Job, type JobResult, jobSchema } from '../../main/contract/jobs.ts';
import { Course } from '../../main/services/jobs/course.ts';
import type { JobStart, LiveJob } from '../../main/services/jobs/job.ts';
import { Jobs } from '../../main/services/jobs/jobs.ts';
import { codeOf } from '../support/codeOf.ts';

const RESULT: JobResult = { kind: 'run', ok: 0, failed: 0, skipped: 0 };
const refused: Problem = new OtjError('LOGIN_REFUSED').toProblem();

/** A registry with one job that goes on until the test ends it. */
function startJob(change: Partial<JobStart> = {}) {
  const told: Job[] = [];
  const events: AppEvent[] = [];
  const jobs = new Jobs((event) => {
    events.push(event);
    if (event.type === 'job') told.push(jobSchema.parse(event.job));
  });
  const work = Promise.withResolvers<JobResult>();
  // It may be rejected before the registry has begun to wait for it.
  work.promise.catch(() => undefined);
  const rooms = [1, 2, 3].map((id) => ({ id, state: 'ready' as const }));
  const id = jobs.start({ kind: 'run', total: 3, pausable: true, rooms, ...change }, () => work.promise);
  const job: LiveJob = jobs.get(id);
  const end = async (outcome: JobResult | OtjError = RESULT) => {
    if (outcome instanceof OtjError) work.reject(outcome);
    else work.resolve(outcome);
    while (jobs.busy) await turn();
    return job.view;
  };
  return { jobs, job, id, told, events, end };
}

describe('a job', () => {
  it('tells its whole way with no more than ten words a second, and its last one always', async () => {
    const { job, told, end } = startJob({ kind: 'discover', total: 1_000, rooms: [], pausable: false });
    const began = performance.now();
    for (let looked = 1; looked <= 1_000; looked++) {
      job.progress(looked, 1_000);
      if (looked % 100 === 0) await sleep(25);
    }
    const view = await end({
      kind: 'discover',
      looked: 1_000,
      noRoute: 0,
      found: 0,
      recognised: 0,
      ours: 0,
      confirmed: null,
      silent: [],
    });
    const seconds = (performance.now() - began) / 1_000;
    expect(told.length).toBeLessThanOrEqual(Math.ceil(seconds * 10) + 2);
    expect(told.length).toBeGreaterThan(2);
    expect(told.at(-1)).toEqual(view);
    expect(view).toMatchObject({ status: 'done', done: 1_000, total: 1_000, result: { looked: 1_000 } });
    expect(view.endedAt).not.toBeNull();
  });

  it('knows each room: waiting, working, ended or left', async () => {
    const { job, end } = startJob();
    job.roomBegun(1);
    job.roomState(1, 'in progress');
    job.roomBegun(2);
    expect(job.detail().rooms.map(({ status }) => status)).toEqual(['working', 'working', 'waiting']);
    job.roomEnded(1, 'migrated', null);
    job.roomEnded(2, 'needs attention', refused);
    const view = await end();
    expect(view).toMatchObject({ done: 2, failed: 1, held: null });
    expect(job.detail().rooms).toEqual([
      { roomId: 1, status: 'ended', state: 'migrated', problem: null },
      { roomId: 2, status: 'ended', state: 'needs attention', problem: refused },
      { roomId: 3, status: 'left', state: 'ready', problem: null },
    ]);
    expect(job.detail().course.map(({ done, failed }) => [done, failed])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
    ]);
  });

  it('says that the batch is held, and by what', async () => {
    const { job, end } = startJob();
    const held = new OtjError('BATCH_PAUSED', 'TIMEOUT, 5 times in a row').toProblem();
    job.roomLeft(2, held);
    expect((await end()).held).toEqual(held);
  });

  it('is pausing while rooms are under way, then paused, and says what it waits for', async () => {
    const { jobs, job, id, end } = startJob();
    const ended = job.control.begin();
    jobs.get(id).pause();
    expect(job.view).toMatchObject({ status: 'pausing', waiting: { for: 'rooms-under-way', count: 1 } });
    ended();
    expect(job.view).toMatchObject({ status: 'paused', waiting: null });
    job.resume();
    expect(job.view.status).toBe('running');
    await end();
  });

  it('says since when all its rooms only wait for Infinity', async () => {
    const { job, end } = startJob({ total: 2 });
    const ends = [job.control.begin(), job.control.begin()];
    job.setProving(1, true);
    expect(job.view.waiting).toBeNull();
    job.setProving(2, true);
    expect(job.view.waiting).toMatchObject({ for: 'infinity', count: 2 });
    job.roomEnded(1, 'migrated', null);
    ends[0]?.();
    expect(job.view.waiting).toMatchObject({ for: 'infinity', count: 1 });
    job.setProving(2, false);
    expect(job.view.waiting).toBeNull();
    await end();
  });

  it('stops after the rooms without an abort, and now with one', async () => {
    const { job, end } = startJob();
    job.stop('after-rooms');
    expect(job.view.status).toBe('stopping');
    expect(job.signal.aborted).toBe(false);
    job.stop('now');
    expect(job.signal.aborted).toBe(true);
    expect(await end(new OtjError('CANCELLED'))).toMatchObject({ status: 'stopped', problem: null });
  });

  it('stops now when it does not go over rooms, however it is asked', async () => {
    const { job, end } = startJob({ kind: 'sync', pausable: false });
    job.stop('after-rooms');
    expect(job.signal.aborted).toBe(true);
    expect((await end({ kind: 'sync', owed: 1, freed: [] })).status).toBe('stopped');
  });

  it('that throws has failed, with the problem', async () => {
    const { end } = startJob();
    const view = await end(new OtjError('INFINITY_UNREACHABLE', 'no route'));
    expect(view).toMatchObject({ status: 'failed', problem: { code: 'INFINITY_UNREACHABLE', words: 'no route' } });
  });

  it('cannot be held when it does not go over rooms, and not at all when it is over', async () => {
    const { job, end } = startJob({ kind: 'sync', pausable: false });
    expect(await codeOf(() => job.pause())).toBe('USAGE');
    await end({ kind: 'sync', owed: 0, freed: [] });
    for (const wish of [() => job.pause(), () => job.resume(), () => job.stop('now')])
      expect(await codeOf(wish)).toBe('JOB_UNKNOWN');
  });

  it('keeps the last 2,000 items and tells each', async () => {
    const { job, events, end } = startJob();
    for (let at = 1; at <= 7_001; at++)
      job.item({ roomId: null, about: String(at), what: 'found', words: '', problem: null });
    const { items } = job.detail();
    expect(items).toHaveLength(2_000);
    expect([items.at(0)?.about, items.at(-1)?.about]).toEqual(['5002', '7001']);
    expect(events.filter(({ type }) => type === 'item')).toHaveLength(7_001);
    await end();
  });
});

describe('the jobs of a site', () => {
  it('go on one at a time', async () => {
    const { jobs, end } = startJob();
    expect(jobs.busy).toBe(true);
    expect(await codeOf(() => jobs.start({ kind: 'plan', total: 1, pausable: true }, async () => RESULT))).toBe(
      'JOB_RUNNING',
    );
    await end();
    expect(jobs.busy).toBe(false);
    expect(await codeOf(() => jobs.assertIdle())).toBeUndefined();
  });

  it('stay listed, at most twenty that are over, until the site is closed', async () => {
    const jobs = new Jobs(() => undefined);
    for (let count = 1; count <= 25; count++) {
      jobs.start({ kind: 'check', total: 0, pausable: false }, async () => RESULT);
      while (jobs.busy) await turn();
    }
    expect(jobs.list().map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, at) => at + 6));
    jobs.forget();
    expect(jobs.list()).toEqual([]);
    expect(await codeOf(() => jobs.get(25))).toBe('JOB_UNKNOWN');
  });

  it('are stopped and waited for at the end of the process', async () => {
    const jobs = new Jobs(() => undefined);
    const id = jobs.start({ kind: 'run', total: 1, pausable: true }, async (job) => {
      await new Promise((resolve) => job.signal.addEventListener('abort', resolve));
      await sleep(20);
      throw new OtjError('CANCELLED');
    });
    await turn();
    await jobs.close();
    expect(jobs.get(id).view.status).toBe('stopped');
  });

  it('is stopped also when it had not begun', async () => {
    const jobs = new Jobs(() => undefined);
    const id = jobs.start({ kind: 'run', total: 1, pausable: true }, async ({ signal }) => {
      if (signal.aborted) throw new OtjError('CANCELLED');
      return RESULT;
    });
    await jobs.close();
    expect(jobs.get(id).view.status).toBe('stopped');
  });
});

describe('the course of a job', () => {
  it.each([1, 499, 500, 501, 1_000, 12_345])('has few points of %i, the first and the newest among them', (count) => {
    const course = new Course();
    for (let done = 0; done < count; done++) course.add({ ms: done * 10, done, failed: 0 });
    const points = course.all();
    expect(points.length).toBeLessThanOrEqual(500);
    expect(points.length).toBeGreaterThanOrEqual(Math.min(count, 250));
    expect(points[0]?.done).toBe(0);
    expect(points.at(-1)?.done).toBe(count - 1);
    expect(points.map(({ ms }) => ms)).toEqual(points.map(({ ms }) => ms).toSorted((a, b) => a - b));
    const gaps = points.slice(1, -1).map(({ ms }, at) => ms - (points[at]?.ms ?? 0));
    expect(Math.max(0, ...gaps)).toBeLessThanOrEqual(2 * Math.min(Number.POSITIVE_INFINITY, ...gaps));
  });
});
