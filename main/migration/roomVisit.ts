/**
 * One visit to one room: log in, make sure it is the right device, read, plan, back up, change, prove; or undo.
 * Sees the device only through the driver interface, and leaves the room in exactly one state.
 */

import { asOtjError, type Effect, isTouched, OtjError, type Problem } from '../contract/errors.ts';
import { type ManualKind, type PlannedStep, type RoomState, STAGES } from '../contract/plan.ts';
import type { RunEvent } from '../contract/progress.ts';
import type {
  Driver,
  EndpointSession,
  EndpointTarget,
  Facts,
  Gate,
  RunnableStep,
  Seen,
  StepSupport,
  Wish,
} from '../endpoints/driver.ts';
import { MANUAL } from '../site/outbox.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import type { Visit } from './batch.ts';
import { type DeviceTask, type OpenContext, openDevice } from './openDevice.ts';
import { isMoved, isPilotWait, isSecondLook, type Pass, type PilotGate } from './pilotGate.ts';
import { runSteps, type StepContext, type StepJournal } from './stepRunner.ts';
import { VisitBaseline } from './visitBaseline.ts';

const BACKUP = 'backup';

/** What a visit needs to know of its room, put together by the service that starts it. */
export interface RoomTask extends DeviceTask {
  kind: 'migrate' | 'undo';
  driver: Driver;
  target: EndpointTarget;
  /** Makes the keys seen so far the pinned ones; called once the device has told who it is. */
  confirmTrust(): void;
  wish: Wish;
  /** A look at the server of the wish, as the device will see it. */
  lookAtServer?: NonNullable<StepSupport['lookAtServer']>;
  /** Infinity's own step, run before the old service is cut off. */
  entry: RunnableStep;
  /** A last look elsewhere, once the device has passed its checks. Throws what must end the visit with nothing changed. */
  beforeChanges(): Promise<void>;
}

export interface RunContext extends OpenContext {
  runId: number;
  pilots: PilotGate;
  listen(event: RunEvent): void;
  /** Told once for each room: null when it ended well. */
  ended(error: OtjError | null): void;
  /** Told in place of `ended` when the room waits for a pilot, as it was before: it may be visited again in this run. */
  waits(room: Room, gate: Gate): void;
}

/** A room with a session and a plan; made also by a dry run. */
export interface PlannedVisit {
  session: EndpointSession;
  facts: Facts;
  steps: PlannedStep[];
  /** What is shown to people: the steps as they will run, with Infinity's own and the word on a pilot. */
  shown: PlannedStep[];
  /** What of it is not confirmed for such a device; always null for an undo. */
  gate: Gate | null;
  baseline: VisitBaseline;
}

/**
 * Connects, identifies and plans, without changing anything on the device; identity, pins and plan are recorded. Throws OtjError; no session stays open then.
 * The serial of an endpoint is taken over at the first visit and compared at every later one.
 */
export async function openVisit(task: RoomTask, context: OpenContext): Promise<PlannedVisit> {
  const { site, signal } = context;
  const { driver, endpoint, wish, kind, target } = task;
  const { session, facts } = await openDevice(task, context, {
    connect: () => driver.connect(target, signal),
    read: (opened) => opened.readFacts(),
  });
  try {
    const baseline = new VisitBaseline(site, facts.identity.serial);
    const { current } = baseline;
    if (kind === 'undo' && !current) throw new OtjError('BACKUP_MISSING');
    const steps =
      kind === 'undo' && current ? driver.planUndo(facts, wish, current) : driver.plan(facts, wish, current);
    const gate = kind === 'migrate' ? driver.gate(facts) : null;
    const isOpen = gate === null || site.pilots.get(gate.key)?.confirmedAt;
    let shown: PlannedStep[] = [];
    await site.db.durably(() => {
      task.confirmTrust();
      site.rooms.identify(endpoint.id, facts.identity, facts.family);
      site.rooms.noteVisit(endpoint.id, session.link, facts.told);
      if (facts.texts) site.rooms.noteTexts(task.room.id, facts.texts);
      // Behind what the device has told: its entry on Infinity hangs on that.
      shown = inOrder([...steps, ...(isOpen ? [] : [gatePlan(gate)]), { ...task.entry.plan }]);
      if (kind === 'migrate') site.savePlan(task.room.id, shown);
      // Not before there is something to do it with: an undo of a room without a backup was never begun.
      else site.rooms.beginWork(task.room.id, kind);
    });
    return { session, facts, steps, shown, gate, baseline };
  } catch (thrown) {
    await session.close();
    throw thrown;
  }
}

/** Steps of several origins as they will run. */
function inOrder(steps: readonly PlannedStep[]): PlannedStep[] {
  return steps.toSorted((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
}

/** The working part of a visit. @returns the proving part, or null when the room has ended. */
export async function visitRoom(task: RoomTask, context: RunContext): Promise<Visit | null> {
  const { site } = context;
  const { room, kind, driver, wish } = task;
  const owed = new Set<string>();
  let planned: readonly RunnableStep[] = [];
  let serial: string | null = null;
  let byHand: readonly ManualKind[] = [];
  let session: EndpointSession | null = null;
  let gate: Gate | null = null;
  let pass: Pass | null = null;
  const proofs = new Map<string, Seen>();
  const end = async (error: OtjError | null) => {
    await session?.close().catch(() => undefined);
    if (error && gate && isPilotWait(error.code)) {
      await leave(task, context, error);
      context.waits(room, gate);
      return;
    }
    await settle(task, context, { owed, error, planned, serial, byHand, pass, proofs: [...proofs.values()] });
    context.ended(error);
  };
  try {
    await setState(task, context, { state: 'in progress' }, () => {
      if (kind === 'migrate') site.rooms.beginWork(room.id, kind);
    });
    const visit = await openVisit(task, context);
    session = visit.session;
    serial = visit.facts.identity.serial;
    byHand = driver.manualSteps(visit.facts, wish);
    const isEntryOwed = () => owed.has(task.entry.plan.id);
    const steps = visit.session.bind(visit.steps, visit.facts, wish, supportOf(task, visit, { site, isEntryOwed }));
    const of = (...stages: PlannedStep['stage'][]) => steps.filter(({ plan }) => stages.includes(plan.stage));
    planned = [task.entry, ...steps];
    const steppers: StepContext = {
      journal: journalOf(task, context),
      signal: context.signal,
      listen: listenerOf(task, context),
    };
    await runSteps(of('check'), steppers, owed);
    await task.beforeChanges();
    gate = visit.gate;
    if (gate) {
      pass = await context.pilots.enter(gate, room, serial);
      await runSteps([gateStep(pass)], steppers, owed);
    }
    const backup = kind === 'migrate' ? [backupStep(visit)] : [];
    const entry =
      driver.needsEntryFirst && kind === 'migrate' ? [task.entry, ...of('access')] : [...of('access'), task.entry];
    await runSteps([...backup, ...entry, ...of('cutover')], steppers, owed);
    return {
      async prove() {
        try {
          await runSteps(
            of('proof').map((step) => watched(step, proofs)),
            steppers,
            owed,
          );
          await end(null);
        } catch (thrown) {
          await end(asOtjError(thrown));
        }
      },
    };
  } catch (thrown) {
    await end(asOtjError(thrown));
    return null;
  }
}

/** The way past the gate, as a step, so that journal and report have it. */
function gateStep({ gate, words }: Pass): RunnableStep {
  return { plan: gatePlan(gate), inspect: async () => ({ holds: true, words }) };
}

/** As the plan of a dry run shows it: what is behind the gate is not done to any second device unseen. */
function gatePlan({ title }: Gate): PlannedStep {
  return { id: `pilot:${title}`, stage: 'check', title: `One device first: ${title}`, changes: [], notable: true };
}

function watched(step: RunnableStep, seen: Map<string, Seen>): RunnableStep {
  return {
    ...step,
    async inspect() {
      const now = await step.inspect();
      seen.set(step.plan.id, now);
      return now;
    },
  };
}

/**
 * A room that waits for a pilot has passed its checks and is as it was; what was begun on it before stays begun, and now
 * it is the pilot that keeps it from its end.
 */
async function leave(task: RoomTask, context: RunContext, error: OtjError): Promise<void> {
  const { room } = task;
  const problem = error.toProblem();
  const effects = effectsOf(context.site, room);
  const isUntouched = effects.length === 0 && !isMoved(room);
  const isHalfWay = room.state === 'needs attention' || room.state === 'in progress';
  const mayBeReady = isHalfWay || ['not started', 'ready', 'undone'].includes(room.state);
  const kept: Ended =
    isUntouched && mayBeReady
      ? { state: 'ready', problem }
      : isHalfWay
        ? { state: room.state, problem: { ...problem, effects } }
        : asBefore(room, problem);
  await setState(task, context, kept, () => {
    // Nothing of this work was done: an undo that is not finished is still what was begun last.
    if (room.work && kept.state !== 'ready') context.site.rooms.beginWork(room.id, room.work);
  });
}

/** The driver's window on the site file. */
function supportOf(
  { room, entry, lookAtServer }: RoomTask,
  { steps: plan, baseline }: PlannedVisit,
  { site: { journal }, isEntryOwed }: { site: Site } & Pick<StepSupport, 'isEntryOwed'>,
): StepSupport {
  const isFresh = (stepId: string, since: number): boolean => {
    const at = plan.findIndex(({ id }) => id === stepId);
    // What comes after it, and what only prepares, has not made it stale. Any other effect meant since may have.
    const harmless = plan.filter(({ stage }, index) => stage !== 'cutover' || index >= at).map(({ id }) => id);
    const ignored = new Set([...harmless, BACKUP, entry.plan.id]);
    return [...journal.last(room.id, 'running')].every(([id, meant]) => ignored.has(id) || meant < since);
  };
  return {
    isEntryOwed,
    ...(lookAtServer ? { lookAtServer } : {}),
    get baseline() {
      return baseline.current;
    },
    addBackup: (...items) => baseline.add(...items),
    wasDone(stepId, setting) {
      const done = journal.last(room.id, 'done').get(stepId);
      if (done === undefined || !isFresh(stepId, done)) return false;
      return setting === undefined || journal.changesOf(done).some((change) => change.setting === setting);
    },
    meantAt(stepId) {
      const meant = journal.last(room.id, 'running').get(stepId);
      return meant !== undefined && isFresh(stepId, meant) ? journal.timeOf(meant) : null;
    },
  };
}

/** Saves what must be saved once, before the first change, and proves that it can be read back. */
function backupStep({ session, facts, baseline }: PlannedVisit): RunnableStep {
  return {
    plan: { id: BACKUP, stage: 'backup', title: 'Back up to the site file', changes: [] },
    async inspect() {
      const saved = baseline.read();
      if (!saved) return { holds: false, words: 'no backup yet' };
      return {
        holds: true,
        words: saved.items
          .map(({ kind, name, content }) => `${kind} ${name}, ${Buffer.byteLength(content)} bytes`)
          .join('\n'),
      };
    },
    apply: () => baseline.open(session.backupOf(facts)),
  };
}

function journalOf({ room, kind }: RoomTask, { site, runId }: RunContext): StepJournal {
  const { journal, rooms } = site;
  // Intents of an earlier run that never learned how they ended: finding the wish fulfilled now is their outcome.
  const open = journal.openIntents(room.id);
  return {
    wasMeant: ({ plan }) => open.has(plan.id),
    intent: ({ plan }) =>
      journal.intent(runId, room.id, plan, () => {
        if (plan.stage !== 'cutover') return;
        // An undo makes the measured times void: the old service comes back in the middle of them.
        if (kind === 'undo') rooms.clearMoments(room.id);
        else rooms.mark(room.id, 'cutover_at', new Date());
      }),
    outcome: ({ plan, wait }, outcome) =>
      journal.outcome(runId, room.id, plan, outcome, () => {
        if (wait && outcome.status === 'done') rooms.mark(room.id, 'served_at', new Date());
      }),
  };
}

function listenerOf({ room }: RoomTask, { listen }: RunContext): StepContext['listen'] {
  return ({ plan }, status, ms, words) =>
    listen({ type: 'step', roomId: room.id, room: room.name, step: plan.id, title: plan.title, status, ms, words });
}

type Ended = { state: RoomState; problem?: Problem | null; told?: Problem | null };

type Ending = {
  owed: Set<string>;
  error: OtjError | null;
  planned: readonly RunnableStep[];
  /** Null when the visit ended before the device told it. */
  serial: string | null;
  /** What only a person can do because of what the device told. */
  byHand: readonly ManualKind[];
  /** How it passed the gate of its plan; null when there was none, or it ended before. */
  pass: Pass | null;
  proofs: readonly Seen[];
};

/** The room's one state at the end of its visit, with all that follows from it, in one transaction. */
async function settle(
  task: RoomTask,
  context: RunContext,
  { owed, error, planned, serial, byHand, pass, proofs }: Ending,
): Promise<void> {
  const { site } = context;
  const { room, kind, entry } = task;
  const { outbox, rooms, backups, pilots } = site;
  const owesEntry = owed.has(entry.plan.id);
  const pilot = (touched: boolean) =>
    pass && context.pilots.ended(pass, { error, touched, proofs, owes: owed.size > 0 });
  if (error) {
    const effects = effectsOf(site, room, planned);
    // Nothing was done to a room that works, and nothing was seen that says it does not.
    if (kind === 'migrate' && isSecondLook(site, room) && proofs.every(({ holds }) => holds))
      return setState(task, context, asBefore(room, { ...error.toProblem(), effects }), () => undefined);
    // What an earlier visit finished is settled in the journal, and its device is changed all the same.
    const touched =
      isMoved(room) || effects.some(({ step, outcome }) => step !== entry.plan.id && outcome !== 'not tried');
    return setState(task, context, failed(task, { ...error.toProblem(), effects }), () => {
      pilot(touched);
      if (owesEntry) outbox.owe(room.id, kind === 'undo' ? 'entry-removal' : 'entry');
    });
  }
  if (kind === 'migrate') {
    return setState(task, context, { state: owed.size > 0 ? 'awaiting sync' : 'migrated' }, () => {
      pilot(true);
      rooms.settle(room.id);
      if (owed.size > 0) outbox.owe(room.id, owesEntry ? 'entry' : 'contact');
      // A word on a macro was given for the text it had then: whatever comes under that name later is asked about anew.
      rooms.decide(room.id, { ...(rooms.get(room.id) ?? room), takeMacros: [] });
      for (const kind of [MANUAL.servicePortal, ...byHand]) outbox.needManual(room.id, kind);
      outbox.dropManual(room.id, MANUAL.serviceAgain);
      outbox.dropManual(room.id, MANUAL.infinityPassword);
    });
  }
  return setState(task, context, { state: 'undone' }, () => {
    rooms.settle(room.id);
    if (owesEntry) outbox.owe(room.id, 'entry-removal');
    // What was owed for the move is void. An entry that may have been written unrecorded stays a debt to be removed.
    if (!owesEntry) outbox.drop(room.id, 'entry');
    outbox.drop(room.id, 'contact');
    if (outbox.dropManual(room.id, MANUAL.servicePortal)) outbox.needManual(room.id, MANUAL.serviceAgain);
    if (serial) backups.close(serial);
    pilots.releaseRoom(room.id);
    rooms.clearMoments(room.id);
  });
}

/** Work that was stopped on request is not a room's failure: it stays open for the next run, or as it was before. */
function failed({ room }: RoomTask, problem: Problem): Ended {
  if (problem.code !== 'CANCELLED') return { state: 'needs attention', problem };
  return isTouched(problem) ? { state: 'in progress', problem } : asBefore(room, problem);
}

/** The room keeps the state and the trouble it had before; only who is watching learns of the new one. */
function asBefore({ state, problem }: Room, told: Problem): Ended {
  return { state, problem, told };
}

/**
 * What became of every change: those meant since the room was last finished, in this visit or an earlier one, and those
 * that the plan still holds.
 */
export function effectsOf({ journal }: Site, room: Room, planned: readonly RunnableStep[] = []): Effect[] {
  const meant = journal.effects(room.id).filter(({ step }) => step !== BACKUP);
  const known = new Set(meant.map(({ step }) => step));
  // A step whose every setting is as wished already has nothing to do.
  const idle = ({ plan: { changes } }: RunnableStep) =>
    changes.length > 0 && changes.every(({ before, after }) => before === after);
  const untried = planned.filter((step) => step.apply && !known.has(step.plan.id) && !idle(step));
  return [...meant, ...untried.map(({ plan }): Effect => ({ step: plan.id, what: plan.title, outcome: 'not tried' }))];
}

/** Records the state with what belongs to it, and tells it once it is on disk. */
async function setState(
  { room }: RoomTask,
  { site, listen }: RunContext,
  { state, problem = null, told = problem }: Ended,
  also: () => void,
): Promise<void> {
  await site.db.durably(() => {
    also();
    site.rooms.setState(room.id, state, problem);
  });
  listen({ type: 'room', roomId: room.id, room: room.name, state, problem: told });
}
