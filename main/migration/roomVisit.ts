/**
 * One visit to one room: log in, make sure it is the right device, read, plan, back up, change, prove; or undo.
 * Sees the device only through the driver interface, and leaves the room in exactly one state.
 */

import type { Baseline, Identity } from '../contract/device.ts';
import { asOtjError, type Effect, OtjError } from '../contract/errors.ts';
import type { PlannedStep, RoomState } from '../contract/plan.ts';
import type { RunEvent } from '../contract/progress.ts';
import type {
  Driver,
  EndpointSession,
  EndpointTarget,
  Facts,
  RunnableStep,
  StepSupport,
  Wish,
} from '../endpoints/driver.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import type { Visit } from './batch.ts';
import { Effects } from './effects.ts';
import type { LoginGate } from './loginGate.ts';
import { runSteps, type StepContext, type StepJournal } from './stepRunner.ts';

/** What a visit needs to know of its room, put together by the service that starts it. */
export interface RoomTask {
  kind: 'migrate' | 'undo';
  room: Room;
  endpoint: Endpoint;
  driver: Driver;
  target: EndpointTarget;
  login: { id: number; proven: boolean };
  wish: Wish;
  /** Infinity's own step, run before the old service is cut off. */
  entry: RunnableStep;
}

export interface RunContext {
  site: Site;
  runId: number;
  gate: LoginGate;
  signal: AbortSignal;
  listen(event: RunEvent): void;
  /** Told once for each room: null when it ended well. */
  ended(error: OtjError | null): void;
}

/** A room with a session and a plan; made also by a dry run. */
export interface PlannedVisit {
  session: EndpointSession;
  facts: Facts;
  steps: PlannedStep[];
}

/**
 * Connects, identifies and plans, without changing anything. Throws OtjError; no session stays open then.
 * The serial of an endpoint is taken over at the first visit and compared at every later one.
 */
export async function openVisit(
  task: RoomTask,
  { site, gate, signal }: Pick<RunContext, 'site' | 'gate' | 'signal'>,
): Promise<PlannedVisit> {
  const { driver, endpoint, target, wish, login, kind } = task;
  const session = await gate.enter(login.id, login.proven, async () => {
    const opened = await driver.connect(target, signal);
    site.proveCredential(login.id);
    return opened;
  });
  try {
    const facts = await session.readFacts();
    assertSameDevice(endpoint, facts.identity);
    site.rooms.identify(endpoint.id, facts.identity);
    const baseline = site.backups.read(site.vault, endpoint.id);
    if (kind === 'undo' && !baseline) throw new OtjError('BACKUP_MISSING');
    const steps =
      kind === 'undo' && baseline ? driver.planUndo(facts, wish, baseline) : driver.plan(facts, wish, baseline);
    return { session, facts, steps };
  } catch (thrown) {
    await session.close();
    throw thrown;
  }
}

function assertSameDevice({ serial, mac }: Endpoint, found: Identity): void {
  if (serial ? serial !== found.serial : mac !== null && found.mac !== null && mac !== found.mac)
    throw new OtjError('IDENTITY_MISMATCH', `expected ${serial ?? mac}, found ${found.serial} (${found.model})`);
}

/** The working part of a visit. @returns the proving part, or null when the room has ended. */
export async function visitRoom(task: RoomTask, context: RunContext): Promise<Visit | null> {
  const { site } = context;
  const { room, kind, driver, wish } = task;
  const owed = new Set<string>();
  const effects = new Effects();
  let session: EndpointSession | null = null;
  const end = async (error: OtjError | null) => {
    await session?.close().catch(() => undefined);
    settle(task, context, { owed, error, effects: effects.list() });
  };
  try {
    setState(task, context, 'in progress');
    const visit = await openVisit(task, context);
    session = visit.session;
    if (kind === 'migrate') site.savePlan(room.id, visit.steps);
    const steps = visit.session.bind(visit.steps, visit.facts, wish, supportOf(task, visit.steps, site));
    const of = (...stages: PlannedStep['stage'][]) => steps.filter(({ plan }) => stages.includes(plan.stage));
    effects.expect([...steps, task.entry]);
    const journal = effects.watch(journalOf(task, context));
    const steppers: StepContext = { journal, signal: context.signal, listen: listenerOf(task, context) };
    await runSteps(of('check'), steppers, owed);
    const backup = kind === 'migrate' ? [backupStep(task, visit, site)] : [];
    const entry =
      driver.needsEntryFirst && kind === 'migrate' ? [task.entry, ...of('access')] : [...of('access'), task.entry];
    await runSteps([...backup, ...entry, ...of('cutover')], steppers, owed);
    return {
      async prove() {
        try {
          await runSteps(of('proof'), steppers, owed);
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

/** The driver's window on the site file. The baseline is opened once, and again after something was added to it. */
function supportOf(
  { room, endpoint }: RoomTask,
  plan: readonly PlannedStep[],
  { backups, vault, journal }: Site,
): StepSupport {
  let opened: Baseline | null = null;
  return {
    get baseline() {
      opened ??= backups.read(vault, endpoint.id);
      return opened;
    },
    async addBackup(item) {
      await backups.add(vault, endpoint.id, item);
      opened = null;
    },
    wasDone(stepId) {
      const last = journal.lastDone(room.id);
      const done = last.get(stepId) ?? 0;
      const before = plan.slice(
        0,
        plan.findIndex((step) => step.id === stepId),
      );
      return done > 0 && before.every((step) => (last.get(step.id) ?? 0) < done);
    },
  };
}

/** Saves what must be saved once, before the first change, and proves that it can be read back. */
function backupStep({ endpoint }: RoomTask, { session, facts }: PlannedVisit, { backups, vault }: Site): RunnableStep {
  return {
    plan: { id: 'backup', stage: 'backup', title: 'Back up to the site file', changes: [] },
    async inspect() {
      // Reading opens each item and compares its hash.
      const saved = backups.read(vault, endpoint.id);
      if (!saved) return { holds: false, words: 'no backup yet' };
      return {
        holds: true,
        words: saved.items
          .map(({ kind, name, content }) => `${kind} ${name}, ${Buffer.byteLength(content)} bytes`)
          .join('\n'),
      };
    },
    apply: () => backups.open(vault, endpoint.id, session.backupOf(facts)),
  };
}

function journalOf({ room }: RoomTask, { site, runId }: RunContext): StepJournal {
  return {
    intent: (step) =>
      site.journal.intent(runId, room.id, step.plan.id, () => {
        if (step.plan.stage === 'cutover') site.rooms.mark(room.id, 'cutover_at', new Date());
      }),
    outcome: (step, outcome) =>
      site.journal.outcome(runId, room.id, step.plan.id, outcome, () => {
        if (step.wait && outcome.status === 'done') site.rooms.mark(room.id, 'served_at', new Date());
      }),
  };
}

function listenerOf({ room }: RoomTask, { listen }: RunContext): StepContext['listen'] {
  return ({ plan }, status, ms, words) =>
    listen({ type: 'step', roomId: room.id, room: room.name, step: plan.id, title: plan.title, status, ms, words });
}

type Ending = { owed: Set<string>; error: OtjError | null; effects: Effect[] };

/** The room's one state at the end of its visit, with all that follows from it, in one transaction. */
function settle(task: RoomTask, context: RunContext, { owed, error, effects }: Ending): void {
  const { site, ended } = context;
  const { room, endpoint, kind, entry } = task;
  site.db.transaction(() => {
    const { outbox, rooms, backups } = site;
    if (kind === 'migrate') {
      if (owed.has(entry.plan.id)) outbox.owe(room.id, 'entry');
      else if (owed.size > 0) outbox.owe(room.id, 'contact');
      if (!error) outbox.needManual(room.id, SERVICE_PORTAL);
      setState(task, context, error ? 'needs attention' : owed.size > 0 ? 'awaiting sync' : 'migrated', error, effects);
      return;
    }
    if (owed.has(entry.plan.id)) outbox.owe(room.id, 'entry-removal');
    if (error) return setState(task, context, 'needs attention', error, effects);
    outbox.drop(room.id, 'entry');
    outbox.drop(room.id, 'contact');
    outbox.dropManual(room.id, SERVICE_PORTAL);
    backups.close(endpoint.id);
    rooms.clearMoments(room.id);
    setState(task, context, 'undone');
  });
  ended(error);
}

/** Taking the endpoint out of Pexip Service in its portal: nobody but a person can do it. */
export const SERVICE_PORTAL = 'service-portal';

function setState(
  { room }: RoomTask,
  { site, listen }: RunContext,
  state: RoomState,
  error: OtjError | null = null,
  effects: Effect[] = [],
): void {
  const problem = error ? { ...error.toProblem(), ...(effects.length > 0 ? { effects } : {}) } : null;
  site.rooms.setState(room.id, state, problem);
  listen({ type: 'room', roomId: room.id, room: room.name, state, problem });
}
