import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { Job, JobRoom } from '../../main/contract/jobs.ts';
import type { RoomRow } from '../../main/contract/rooms.ts';
import { courseNow, cutOffOf, lasted, shownJob, tallyOf, thinned, tilesOf } from '../../renderer/screens/run/follow.ts';
import type { LiveStep, LiveVisit } from '../../renderer/state/model.ts';

const START = Date.parse('2026-11-24T22:00:00.000Z');

function job(more: Partial<Job> = {}): Job {
  return {
    id: 1,
    kind: 'run',
    status: 'running',
    startedAt: new Date(START).toISOString(),
    endedAt: null,
    total: 10,
    done: 0,
    failed: 0,
    waiting: null,
    pausable: true,
    held: null,
    problem: null,
    result: null,
    ...more,
  };
}

function row(id: number, more: Partial<RoomRow> = {}): RoomRow {
  return {
    id,
    name: `Room ${id}`,
    building: '',
    floor: '',
    mailbox: `room${id}@example.com`,
    state: 'not started',
    stateAt: '2026-11-24T21:00:00.000Z',
    code: null,
    family: null,
    model: null,
    address: null,
    serial: null,
    owed: 0,
    manual: 0,
    onInfinity: false,
    interrupted: false,
    undoUnfinished: false,
    withoutSince: null,
    withoutOtjMs: null,
    ...more,
  };
}

const step = (id: string, status: LiveStep['status']): LiveStep => ({
  step: id,
  title: id,
  status,
  ms: 0,
  words: '',
  since: START,
});

describe('the course of a job', () => {
  const course = [
    { ms: 0, done: 0, failed: 0 },
    { ms: 5_000, done: 1, failed: 0 },
  ];

  it('goes on with what was told since the last answer', () => {
    expect(courseNow(course, job({ done: 3, failed: 1 }), START + 9_000).at(-1)).toEqual({
      ms: 9_000,
      done: 3,
      failed: 1,
    });
  });

  it('stays as it is when nothing was told, and never runs backwards', () => {
    expect(courseNow(course, job({ done: 1 }), START + 9_000)).toEqual(course);
    expect(courseNow(course, job({ done: 2 }), START + 1_000).at(-1)?.ms).toBe(5_000);
  });

  it('lasts until now, or until it ended', () => {
    expect(lasted(job(), START + 3_000)).toBe(3_000);
    expect(lasted(job({ endedAt: new Date(START + 2_000).toISOString() }), START + 9_000)).toBe(2_000);
    expect(lasted(job(), START - 500)).toBe(0);
  });

  it('is told in a few numbers, the last one among them', () => {
    const many = Array.from({ length: 500 }, (_, at) => at);
    const few = thinned(many, 20);
    expect(few).toHaveLength(20);
    expect([few[0], few.at(-1)]).toEqual([0, 499]);
    expect(thinned([1, 2], 20)).toEqual([1, 2]);
  });
});

describe('how the rooms of a job ended', () => {
  const stopped = new OtjError('CANCELLED').toProblem();
  const rooms = [
    { status: 'ended', problem: null },
    { status: 'ended', problem: new OtjError('TIMEOUT').toProblem() },
    { status: 'ended', problem: stopped },
    { status: 'working', problem: null },
    { status: 'left', problem: stopped },
    { status: 'waiting', problem: null },
  ] as const;

  it('counts a failed or stopped room never as done', () => {
    expect(tallyOf(job({ total: 6, done: 3, failed: 1 }), rooms)).toEqual({
      total: 6,
      done: 1,
      failed: 1,
      stopped: 1,
      underWay: 1,
      toGo: 2,
    });
  });

  it('is told by the job alone before its rooms are known', () => {
    expect(tallyOf(job({ total: 6, done: 3, failed: 1 }), [])).toMatchObject({ done: 2, failed: 1, toGo: 3 });
  });
});

describe('tiles of a job', () => {
  const rooms: JobRoom[] = [
    { roomId: 1, status: 'working', state: 'in progress', problem: null },
    { roomId: 2, status: 'waiting', state: 'ready', problem: null },
    { roomId: 3, status: 'ended', state: 'migrated', problem: null },
    { roomId: 4, status: 'waiting', state: 'ready', problem: null },
  ];
  const rows = new Map(
    [row(1, { state: 'in progress' }), row(2, { state: 'in progress' }), row(3, { state: 'migrated' })].map((one) => [
      one.id,
      one,
    ]),
  );
  const rowOf = (id: number) => rows.get(id) ?? null;
  const live = new Map<number, LiveVisit>([
    [1, { job: 1, steps: [step('backup', 'done'), step('account', 'running')] }],
    [2, { job: 1, steps: [step('backup', 'done')] }],
    [3, { job: 1, steps: [step('meeting', 'done')] }],
    [4, { job: 7, steps: [step('backup', 'running')] }],
  ]);

  it('show the step that goes on, and none of a room that has ended or of another job', () => {
    const tiles = tilesOf({ job: job(), rooms, rowOf, live });
    expect(tiles.map((tile) => tile.step?.step ?? null)).toEqual(['account', 'backup', null, null]);
    expect(tiles.map(({ status }) => status)).toEqual(['working', 'working', 'ended', 'waiting']);
    expect(tiles.map(({ state }) => state)).toEqual(['in progress', 'in progress', 'migrated', 'ready']);
  });

  it('are ahead of the job where the room has moved on since', () => {
    const told: JobRoom[] = [
      { roomId: 1, status: 'working', state: 'in progress', problem: null },
      { roomId: 2, status: 'working', state: 'ready', problem: null },
      { roomId: 3, status: 'waiting', state: 'ready', problem: null },
    ];
    const now = new Map(
      [row(1, { state: 'migrated' }), row(2, { state: 'ready' }), row(3, { state: 'needs attention' })].map((one) => [
        one.id,
        one,
      ]),
    );
    const tiles = tilesOf({ job: job(), rooms: told, rowOf: (id) => now.get(id) ?? null, live });
    expect(tiles.map(({ status }) => status)).toEqual(['ended', 'working', 'ended']);
    expect(tiles[0]?.step).toBeNull();
  });

  it('have a name even when the room is no longer in the list', () => {
    expect(tilesOf({ job: job(), rooms, rowOf, live })[3]?.name).toBe('4');
  });

  it('show no step once the job is over', () => {
    const over = job({ endedAt: new Date(START).toISOString() });
    expect(tilesOf({ job: over, rooms, rowOf, live }).every((tile) => tile.step === null)).toBe(true);
  });
});

describe('which job is shown', () => {
  const ended = new Date(START).toISOString();

  it('is the one that goes on, of whatever kind', () => {
    const going = job({ id: 2, kind: 'sync' });
    expect(shownJob([job({ id: 1, endedAt: ended }), going, job({ id: 3, endedAt: ended })])).toBe(going);
  });

  it('is else the last one that went over rooms', () => {
    const last = job({ id: 2, kind: 'undo', endedAt: ended });
    expect(shownJob([last, job({ id: 1, endedAt: ended }), job({ id: 3, kind: 'check', endedAt: ended })])).toBe(last);
    expect(shownJob([])).toBeNull();
  });
});

describe('rooms of a run that was cut off', () => {
  it('are told by what has to be done with them, with the oldest moment', () => {
    const rooms = [
      row(1, { interrupted: true, stateAt: '2026-11-24T20:10:00.000Z' }),
      row(2),
      row(3, { interrupted: true, undoUnfinished: true, stateAt: '2026-11-24T20:05:00.000Z' }),
      row(4, { undoUnfinished: true }),
    ];
    const { migrate, undo, since } = cutOffOf(rooms);
    expect(migrate.map(({ id }) => id)).toEqual([1]);
    expect(undo.map(({ id }) => id)).toEqual([3]);
    expect(since).toBe('2026-11-24T20:05:00.000Z');
    expect(cutOffOf([row(2)])).toEqual({ migrate: [], undo: [], since: null });
  });
});
