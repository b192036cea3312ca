/** What is known of a job, from its last full answer and from what was told since. Pure. */
import type { Job, JobRoom, Point } from '../../../main/contract/jobs.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import type { LiveStep, LiveVisit } from '../../state/model.ts';

/** The course of the last full answer, and the newest numbers after it. */
export function courseNow(course: readonly Point[], { startedAt, done, failed }: Job, now: number): Point[] {
  const last = course.at(-1);
  if (last && last.done === done && last.failed === failed) return [...course];
  const ms = Math.max(last?.ms ?? 0, now - Date.parse(startedAt));
  return [...course, { ms, done, failed }];
}

/** How long a job has gone on or went on, milliseconds. */
export function lasted({ startedAt, endedAt }: Job, now: number): number {
  return Math.max(0, (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt));
}

/** A tile: where its room stands now, and whether the job has come to it. */
export interface Tile {
  roomId: number;
  name: string;
  state: RoomRow['state'];
  status: JobRoom['status'];
  /** What goes on in it at this moment. */
  step: LiveStep | null;
}

export interface TilesOf {
  job: Job;
  rooms: readonly JobRoom[];
  rowOf(roomId: number): RoomRow | null;
  live: ReadonlyMap<number, LiveVisit>;
}

/** Tiles in the order of the job. The row of a room is newer than the job's word of it. */
export function tilesOf({ job, rooms, rowOf, live }: TilesOf): Tile[] {
  const goesOn = job.endedAt === null;
  return rooms.map((room) => {
    const row = rowOf(room.roomId);
    const state = row?.state ?? room.state;
    const status = goesOn ? statusNow(room, state) : room.status;
    return {
      roomId: room.roomId,
      name: row?.name ?? String(room.roomId),
      state,
      status,
      step: goesOn && status === 'working' ? currentStep(live.get(room.roomId), job.id) : null,
    };
  });
}

/** @param state where the room stands by now */
function statusNow({ status, state: before }: JobRoom, state: RoomRow['state']): JobRoom['status'] {
  if (status === 'ended' || status === 'left') return status;
  if (state === 'in progress') return 'working';
  return state === before ? status : 'ended';
}

/** The step that goes on, or the last one where the next has not been told yet; null when the job is not in it. */
function currentStep(visit: LiveVisit | undefined, job: number): LiveStep | null {
  if (!visit || visit.job !== job) return null;
  return (
    visit.steps.findLast(({ status }) => status === 'running' || status === 'waiting') ?? visit.steps.at(-1) ?? null
  );
}

/** Rooms that a run left half way, by what has to be done with them. */
export interface CutOff {
  migrate: RoomRow[];
  undo: RoomRow[];
  /** When the oldest of them came to where it stands. */
  since: string | null;
}

export function cutOffOf(rooms: readonly RoomRow[]): CutOff {
  const interrupted = rooms.filter((room) => room.interrupted);
  const since = interrupted.reduce<string | null>(
    (oldest, { stateAt }) => (oldest === null || stateAt < oldest ? stateAt : oldest),
    null,
  );
  return {
    migrate: interrupted.filter(({ undoUnfinished }) => !undoUnfinished),
    undo: interrupted.filter(({ undoUnfinished }) => undoUnfinished),
    since,
  };
}

/** Jobs that go over rooms and are shown as tiles. */
const OVER_ROOMS: ReadonlySet<Job['kind']> = new Set(['run', 'undo', 'plan', 'prepare']);

/** The job to show: what goes on now, else the last one that went over rooms. */
export function shownJob(jobs: Iterable<Job>): Job | null {
  let shown: Job | null = null;
  for (const job of jobs) {
    if (job.endedAt === null) return job;
    if (OVER_ROOMS.has(job.kind) && (shown === null || job.id > shown.id)) shown = job;
  }
  return shown;
}

/** At most `most` of the items, evenly over all, the last one always among them. */
export function thinned<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  const every = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, at) => items[Math.round(at * every)]).filter((item) => item !== undefined);
}

/** How the rooms of a job ended so far. */
export interface Tally {
  total: number;
  /** Ended well: neither failed nor stopped. */
  done: number;
  failed: number;
  /** Ended before they were done, because somebody stopped the job. */
  stopped: number;
  /** Neither ended nor under way. */
  toGo: number;
  underWay: number;
}

/** @param rooms may be older than the job: then the job's own numbers win */
export function tallyOf(
  { total, done, failed }: Job,
  rooms: readonly { status: JobRoom['status']; problem: JobRoom['problem'] }[],
): Tally {
  const stopped = rooms.filter(({ status, problem }) => status === 'ended' && problem?.code === 'CANCELLED').length;
  const underWay = rooms.filter(({ status }) => status === 'working').length;
  return {
    total,
    done: Math.max(0, done - failed - stopped),
    failed,
    stopped,
    underWay,
    toGo: Math.max(0, total - done - underWay),
  };
}
