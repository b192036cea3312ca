/** Migrating and undoing rooms: which rooms, in which order, and what each end means for the batch. */
import { asOtjError, type OtjError } from '../contract/errors.ts';
import type { RunEvent } from '../contract/progress.ts';
import { Batch, type BatchRoom } from '../migration/batch.ts';
import { LoginGate } from '../migration/loginGate.ts';
import { type RunContext, visitRoom } from '../migration/roomVisit.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { InfinityLink } from './infinity.ts';
import { buildTask } from './tasks.ts';

export interface RunOptions {
  kind: 'migrate' | 'undo';
  rooms: readonly Room[];
  technician: string;
  /** The calendar password from before (Poly), typed for an undo of one room. */
  oldPassword?: string;
  signal: AbortSignal;
  listen(event: RunEvent): void;
}

export interface RunResult {
  ok: number;
  failed: number;
  /** Not begun, because the batch was paused or cancelled. */
  skipped: number;
}

/** Rooms that a run takes when none is named: everything not yet done and not waiting for a person. */
export function openRooms(site: Site, { retry }: { retry: boolean }): Room[] {
  const states = ['in progress', 'ready', 'not started', ...(retry ? ['needs attention'] : [])];
  // Interrupted rooms first: they may be without any One-Touch Join.
  return site.rooms
    .all()
    .filter(({ state }) => states.includes(state))
    .sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state));
}

/** Holds the site file's lock while it works. Throws SITE_BUSY, VAULT_LOCKED, DISK; rooms' own failures are theirs. */
export async function run(site: Site, options: RunOptions): Promise<RunResult> {
  const { kind, rooms, technician, signal, listen } = options;
  site.takeLock();
  const link = new InfinityLink(site, signal);
  const runId = site.journal.startRun(kind, technician);
  const result: RunResult = { ok: 0, failed: 0, skipped: 0 };
  const batch = new Batch(site.settings.concurrency, signal);
  const context: RunContext = {
    site,
    runId,
    gate: new LoginGate(),
    signal,
    listen,
    ended(error) {
      if (error) result.failed++;
      else result.ok++;
      batch.ended(error);
    },
  };
  listen({ type: 'run', runId, rooms: rooms.length });
  try {
    await batch.run(rooms.map((room) => batchRoom(room)));
    return result;
  } finally {
    site.journal.endRun(runId);
    await link.close();
  }

  function batchRoom(room: Room): BatchRoom {
    return {
      async work() {
        try {
          const task = await buildTask(site, link, room, {
            kind,
            oldPassword: options.oldPassword ?? null,
            signal,
            dryRun: false,
          });
          return await visitRoom(task, context);
        } catch (thrown) {
          refuse(room, asOtjError(thrown));
          return null;
        }
      },
      async skip(reason) {
        result.skipped++;
        listen({ type: 'room', roomId: room.id, room: room.name, state: room.state, problem: reason.toProblem() });
      },
    };
  }

  /** A room that could not even be begun. */
  function refuse(room: Room, error: OtjError): void {
    const problem = error.toProblem();
    site.rooms.setState(room.id, 'needs attention', problem);
    listen({ type: 'room', roomId: room.id, room: room.name, state: 'needs attention', problem });
    context.ended(error);
  }
}
