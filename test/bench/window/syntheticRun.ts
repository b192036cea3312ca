/** A run as a window is told of it, without devices: each next step is a row, a step and now and then the job. */
import type { AppEvent } from '../../../main/contract/events.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import type { RoomState } from '../../../main/contract/plan.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';

/** Rooms worked on at once. Half of them are those on top of the list, again and again, so that they are in sight. */
const AT_ONCE = 64;
const IN_SIGHT = AT_ONCE / 2;
const STEPS = ['identify', 'fit', 'backup', 'account', 'entry', 'macro.remove', 'mode', 'panels', 'meeting', 'last'];
/** From here on the room is without the old service. */
const CUTOVER = 5;
const JOB = 1_000_000;

/** One of those that work at the same time, with the rooms that it takes one after the other. */
interface Lane {
  rooms: readonly RoomRow[];
  room: number;
  step: number;
}

export class SyntheticRun {
  /** How the first room of the list was told last. */
  firstState: RoomState | null = null;
  private readonly lanes: Lane[];
  private readonly first: number | undefined;
  private readonly total: number;
  private readonly startedAt = new Date().toISOString();
  private turn = 0;
  private done = 0;

  constructor(rows: readonly RoomRow[]) {
    this.total = rows.length;
    this.first = rows[0]?.id;
    this.lanes = Array.from({ length: AT_ONCE }, (_, lane) => {
      const inSight = lane < IN_SIGHT;
      const rooms = inSight ? rows.slice(lane, lane + 1) : rows.filter((_, at) => at % IN_SIGHT === lane - IN_SIGHT);
      return { rooms, room: inSight ? 0 : 1, step: 0 };
    });
  }

  /** One room event and what comes with it. */
  next(): AppEvent[] {
    const lane = this.lanes[this.turn++ % AT_ONCE];
    const row = lane?.rooms[lane.room % lane.rooms.length];
    if (!lane || !row) return [];
    const step = lane.step++;
    const isLast = lane.step === STEPS.length;
    const state: RoomState = isLast ? 'migrated' : 'in progress';
    if (row.id === this.first) this.firstState = state;
    if (isLast) {
      lane.step = 0;
      lane.room++;
      this.done++;
    }
    const now = new Date().toISOString();
    const withoutSince = !isLast && step >= CUTOVER ? now : null;
    const told = { ...row, state, stateAt: now, withoutSince, withoutOtjMs: isLast ? 38_000 : null };
    const name = STEPS[step] ?? '';
    const visit = { job: JOB, roomId: row.id, step: name, title: name, ms: 420, words: 'OK' };
    return [
      { type: 'step', status: 'done', ...visit },
      { type: 'rooms', rooms: [told] },
      ...(isLast ? [{ type: 'job' as const, job: this.job(null) }] : []),
    ];
  }

  /** The job comes to its end. */
  end(): AppEvent {
    return { type: 'job', job: this.job(new Date().toISOString()) };
  }

  private job(endedAt: string | null): Job {
    return {
      id: JOB,
      kind: 'run',
      status: endedAt === null ? 'running' : 'stopped',
      startedAt: this.startedAt,
      endedAt,
      total: this.total,
      done: Math.min(this.done, this.total),
      failed: 0,
      waiting: null,
      pausable: true,
      held: null,
      problem: null,
      result: null,
    };
  }
}
