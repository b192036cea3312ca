/** The dry run: logs in, reads, plans and checks, and changes nothing anywhere. */

import type { Accepted, Identity } from '../contract/device.ts';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import type { PlannedStep } from '../contract/plan.ts';
import type { StepSupport } from '../endpoints/driver.ts';
import { Batch, type BatchControl } from '../migration/batch.ts';
import { LoginGate } from '../migration/loginGate.ts';
import { pilotWait } from '../migration/pilotGate.ts';
import { effectsOf, openVisit, type RoomTask } from '../migration/roomVisit.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { handEndpoint, handPlan } from './byHand.ts';
import { assertMayDeliver } from './infinity.ts';
import { InfinityLink } from './infinityLink.ts';
import { buildTask, entryStep, hasEntry } from './tasks.ts';

export interface RoomPlan {
  room: Room;
  identity: Identity | null;
  steps: PlannedStep[];
  /** Why the room would not be migrated as it stands. */
  problem: Problem | null;
  /** It passes, and another device of its kind has to go first, or it is the one that somebody has to watch. */
  waits: Problem | null;
}

export interface PlanOptions {
  rooms: readonly Room[];
  /** Try logins again that were refused before. */
  insist: boolean;
  /** Objections of the checks accepted for this dry run, beside those kept with each room. */
  accept?: readonly Accepted[];
  signal: AbortSignal;
  /** How a person holds the batch; absent = nobody does. */
  control?: BatchControl;
  /** Told when a room's turn has come, before anything is done for it. */
  began?(room: Room): void;
  planned(plan: RoomPlan): void;
}

/**
 * Plans each room and saves the plan. A room that passes is `ready`; one that does not needs attention with the reason.
 * Where Infinity cannot be opened that is told, and the rooms keep their state: it is no trouble of theirs. Rooms already under way or done keep their state.
 */
export async function planRooms(site: Site, options: PlanOptions): Promise<RoomPlan[]> {
  const { rooms, insist, accept, signal, control, planned } = options;
  site.takeLock();
  const link = new InfinityLink(site, signal);
  const gate = new LoginGate();
  const devices = new Map<string, Room>();
  const batch = new Batch(site.settings.concurrency, signal, control);
  const plans = new Map<number, RoomPlan>();
  const keep = (plan: RoomPlan, error: OtjError | null) => {
    plans.set(plan.room.id, plan);
    // Infinity that cannot be asked says nothing of the room, also where it is the login that it refuses.
    if (!error || !link.isFailure(error)) settle(site, plan);
    batch.ended(error);
    planned(plan);
  };
  try {
    await batch.run(
      rooms.map((room) => ({
        async work() {
          options.began?.(room);
          const plan: RoomPlan = { room, identity: null, steps: [], problem: null, waits: null };
          let error: OtjError | null = null;
          try {
            await planOne(plan);
          } catch (thrown) {
            error = asOtjError(thrown);
            const hand = error.code === 'BY_HAND' ? handEndpoint(site, room) : null;
            if (hand) {
              // That a person does it is the plan, and no trouble.
              const { plan: entry } = entryStep(site, link, { room, needsEntryFirst: true });
              plan.steps = handPlan(site, room, entry);
              site.savePlan(room.id, plan.steps);
              const trouble = await entryTrouble(room);
              plan.problem = trouble?.toProblem() ?? null;
              keep(plan, trouble);
              return null;
            }
            // A dry run changes nothing; what earlier runs left behind is told with it.
            plan.problem = { ...error.toProblem(), effects: effectsOf(site, room) };
          }
          keep(plan, error);
          return null;
        },
        async skip(reason) {
          planned({ room, identity: null, steps: [], problem: reason.toProblem(), waits: null });
        },
      })),
    );
  } finally {
    await link.close();
  }
  return rooms.flatMap(({ id }) => plans.get(id) ?? []);

  /** What a run would meet on Infinity for a device that a person sets. */
  async function entryTrouble(room: Room): Promise<OtjError | null> {
    if (hasEntry(site, room)) return null;
    try {
      await assertMayDeliver(site, link, { room, keep: false });
      return null;
    } catch (thrown) {
      return asOtjError(thrown);
    }
  }

  async function planOne(plan: RoomPlan): Promise<void> {
    const task = await buildTask(site, link, plan.room, {
      kind: 'migrate',
      oldPassword: null,
      signal,
      dryRun: true,
      insist,
      ...(accept ? { accept } : {}),
    });
    const { session, facts, steps, shown, gate: pilots } = await openVisit(task, { site, gate, devices, signal });
    try {
      plan.identity = facts.identity;
      plan.steps = shown;
      const baseline = site.backups.read(site.vault, facts.identity.serial);
      const support = {
        baseline,
        addBackup: nothing,
        wasDone: () => false,
        meantAt: () => null,
        isEntryOwed: () => false,
        ...looking(task),
      };
      const checks = steps.filter(({ stage }) => stage === 'check');
      for (const check of session.bind(checks, facts, task.wish, support)) {
        const seen = await check.inspect();
        if (!seen.holds) throw seen.problem ?? new OtjError('NOT_CONFIRMED', seen.words);
      }
      // After the device's own, as in a run: what Infinity has, or a login that it refused, is known before a run as well.
      await task.beforeChanges();
      plan.waits = (pilots && pilotWait(site, pilots, plan.room)?.toProblem()) ?? null;
    } finally {
      await session.close();
    }
  }
}

function looking({ lookAtServer }: RoomTask): Pick<StepSupport, 'lookAtServer'> {
  return lookAtServer ? { lookAtServer } : {};
}

async function nothing(): Promise<void> {
  throw new OtjError('INTERNAL', 'a dry run saves nothing');
}

function settle(site: Site, { room, problem, waits }: RoomPlan): void {
  if (!['not started', 'ready', 'needs attention'].includes(room.state)) return;
  // A dry run that was stopped has learned nothing about the room.
  if (problem?.code === 'CANCELLED') return;
  // A room that was left half way stays so until a run, or an undo, has come to its end.
  if (site.journal.effects(room.id).length > 0) return;
  site.rooms.setState(room.id, problem ? 'needs attention' : 'ready', problem ?? waits);
}
