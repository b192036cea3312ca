/** Jobs that go over rooms: prepare, plan, run, undo. */

import { isAgreed } from '../../contract/agreed.ts';
import type { Problem } from '../../contract/errors.ts';
import type { TakeOver } from '../../contract/infinity.ts';
import type { RunEvent } from '../../contract/progress.ts';
import type { TeamAgreed } from '../../contract/team.ts';
import { isPilotWait } from '../../migration/pilotGate.ts';
import type { Room } from '../../site/rooms.ts';
import type { OpenSite } from '../openSite.ts';
import { type PlanOptions, planRooms, type RoomPlan } from '../plan.ts';
import { type PreparedRoom, prepare } from '../prepare.ts';
import { type Claiming, withClaims } from '../results/link.ts';
import { type RunOptions, type RunResult, run } from '../run.ts';
import { technicianOf } from '../settings.ts';
import type { JobStart, LiveJob } from './job.ts';
import { startOnSite, type Work } from './onSite.ts';

/**
 * @param agreed entries from before us that may be changed, as a person has seen them
 * @returns the job's id. Throws JOB_RUNNING, SITE_BUSY.
 */
export function startPrepare(open: OpenSite, rooms: readonly Room[], agreed: readonly TakeOver[]): number {
  return startOnSite(open, overRooms('prepare', rooms), async (work) => {
    const { site, job } = work;
    const { rooms: results } = await prepare(site, {
      rooms,
      agreed,
      ...held(job),
      done: (room) => prepared(work, room),
    });
    return { kind: 'prepare', prepared: results.filter(({ problem }) => !problem).length };
  });
}

function prepared({ job, moved }: Work, { room, entryId, adopted, problem }: PreparedRoom): void {
  if (left(job, room, problem)) return;
  // Its turn had come, but not that of its write: it is as if it had not been begun.
  if (problem?.code === 'BATCH_PAUSED') {
    job.roomLeft(room.id, problem);
    return;
  }
  job.item({
    roomId: room.id,
    about: room.name,
    what: problem ? 'failed' : adopted ? 'taken-over' : 'prepared',
    words: problem
      ? (problem.words ?? '')
      : [
          `entry ${entryId}`,
          ...(adopted?.taken ?? []).map(({ field, before, after }) => `${field}: ${String(before)} → ${String(after)}`),
        ].join('; '),
    problem,
  });
  job.roomEnded(room.id, room.state, problem);
  moved(room.id);
}

type PlanStart = Pick<PlanOptions, 'rooms' | 'insist' | 'accept'>;

/** @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startPlan(open: OpenSite, start: PlanStart): number {
  return startOnSite(open, overRooms('plan', start.rooms), async (work) => {
    const { site, job } = work;
    const plans = await planRooms(site, { ...start, ...held(job), planned: (plan) => planned(work, plan) });
    const problems = plans.map(({ problem }) => problem?.code);
    return {
      kind: 'plan',
      ready: problems.filter((code) => code === undefined).length,
      needAttention: problems.filter((code) => code !== undefined && code !== 'CANCELLED').length,
    };
  });
}

function planned({ site, job, moved }: Work, { room, identity, problem }: RoomPlan): void {
  if (left(job, room, problem)) return;
  job.item({
    roomId: room.id,
    about: room.name,
    what: problem ? 'failed' : 'planned',
    words: problem
      ? (problem.words ?? '')
      : [identity?.model, identity?.software, identity?.serial].filter(Boolean).join(', '),
    problem,
  });
  job.roomEnded(room.id, site.rooms.get(room.id)?.state ?? room.state, problem);
  moved(room.id);
}

type RunStart = Pick<RunOptions, 'kind' | 'rooms' | 'insist' | 'accept' | 'pilots' | 'oldPassword' | 'overwrite'> & {
  /** Rooms that somebody else has in work or has worked on, as seen by a person who begins them all the same. */
  taken?: readonly TeamAgreed[];
};

/** @returns the job's id. Throws JOB_RUNNING, SITE_BUSY. */
export function startRun(open: OpenSite, start: RunStart): number {
  const kind = start.kind === 'undo' ? 'undo' : 'run';
  return startOnSite(open, overRooms(kind, start.rooms), async (work) => {
    const { waiting, ...result } = await runRooms(work, start);
    return kind === 'run' && waiting ? { kind, ...result, waiting: waiting.length } : { kind, ...result };
  });
}

/** A run as part of a job; its rooms must be the job's already. */
export function runRooms(work: Work, start: RunStart): Promise<RunResult> {
  const { site, job } = work;
  const claiming: Claiming = {
    agreed: ({ id }, flag) => isAgreed(start.taken ?? [], id, flag),
    signal: job.signal,
    told: (problem, room) =>
      job.item({
        roomId: room?.id ?? null,
        about: room?.name ?? '',
        what: 'trouble',
        words: problem.words ?? '',
        problem,
      }),
  };
  return withClaims(site, claiming, (claims) =>
    run(site, {
      ...start,
      ...claims,
      ...held(job),
      technician: technicianOf(site),
      listen: (event) => heard(work, event),
    }),
  );
}

function heard({ open, job, moved }: Work, event: RunEvent): void {
  if (event.type === 'step') {
    const { room: _room, ...step } = event;
    open.emit({ ...step, job: job.id });
    job.setProving(event.roomId, event.status === 'waiting');
  } else if (event.type === 'room') {
    const { roomId, state, problem } = event;
    if (left(job, { id: roomId }, problem)) return;
    if (problem && isPilotWait(problem.code)) job.roomWaits(roomId, state, problem);
    else if (state === 'in progress' && !problem) job.roomState(roomId, state);
    else job.roomEnded(roomId, state, problem);
    moved(roomId);
  }
}

/** Whether the room's turn never came; the job is told so. */
export function left(job: LiveJob, { id }: Pick<Room, 'id'>, reason: Problem | null): boolean {
  if (!reason || !job.isWaiting(id)) return false;
  job.roomLeft(id, reason);
  return true;
}

export function overRooms(kind: JobStart['kind'], rooms: readonly Room[]): JobStart {
  return { kind, total: rooms.length, pausable: true, rooms };
}

/** How a person holds and stops the batch of this job, and how the job learns whose turn it is. */
export function held(job: LiveJob): Required<Pick<RunOptions, 'signal' | 'control' | 'began'>> {
  return { signal: job.signal, control: job.control, began: ({ id }) => job.roomBegun(id) };
}
