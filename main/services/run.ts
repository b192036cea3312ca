/** Migrating and undoing rooms: which rooms, in which order, and what each end means for the batch. */
import type { Accepted, MacroText } from '../contract/device.ts';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import type { RunEvent } from '../contract/progress.ts';
import type { Gate } from '../endpoints/driver.ts';
import { Batch, type BatchControl, type BatchRoom, type Visit } from '../migration/batch.ts';
import type { RoomClaims } from '../migration/claims.ts';
import { LoginGate } from '../migration/loginGate.ts';
import { isMoved, isSecondLook, openPilots, type PilotConsent, PilotGate } from '../migration/pilotGate.ts';
import { effectsOf, type RunContext, visitRoom } from '../migration/roomVisit.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { handEndpoint, handPlan, isHandDone, leaveToHand, undoByHand } from './byHand.ts';
import { deliverRemoval, mayOweEntry } from './infinity.ts';
import { InfinityLink } from './infinityLink.ts';
import { assertLoginNotPaused } from './infinityLogin.ts';
import { mayBeOnInfinity } from './roomLogin.ts';
import { buildTask, entryFirst, entryStep, hasEntry, isUnfinished } from './tasks.ts';

export interface RunOptions {
  kind: 'migrate' | 'undo';
  rooms: readonly Room[];
  technician: string;
  /** The technician asks for another try in spite of a refused login or an unfinished undo. */
  insist?: boolean;
  /** Objections of the checks accepted for this run, beside those kept with each room. */
  accept?: readonly Accepted[];
  /** An undo: macros that somebody has saved since and that it may overwrite: the texts that a person has seen. */
  overwrite?: readonly MacroText[];
  /** Rooms that are wanted as pilots of their kind and watched; absent = none. */
  pilots?: PilotConsent;
  /** The calendar password from before (Poly), typed for an undo of one room. */
  oldPassword?: string;
  signal: AbortSignal;
  /** How a person holds the batch; absent = nobody does. */
  control?: BatchControl;
  /** Told when a room's turn has come, before anything is done for it. */
  began?(room: Room): void;
  /** Who else might be at work on a room; absent = nobody is asked. */
  claims?: RoomClaims;
  listen(event: RunEvent): void;
}

export interface RunResult {
  ok: number;
  failed: number;
  /** Not begun, because the batch was paused or cancelled. */
  skipped: number;
  /** As they were, because a pilot of their kind has to come to its end first; absent = none. */
  waiting?: readonly WaitingRoom[];
}

export interface WaitingRoom {
  room: Room;
  gate: Gate;
}

/**
 * Rooms that a run takes when none is named: what is not yet done and does not wait for a person. Troubles that may
 * pass by themselves (nothing answered, a call) do not wait for one. A half undone room is never taken.
 */
export function openRooms(site: Site, { retry }: { retry: boolean }): Room[] {
  // Interrupted rooms first: they may be without any One-Touch Join.
  const order = ['in progress', 'ready', 'not started', 'needs attention'];
  // A pilot that is moved and has not shown that it works is looked at again: others wait for its word.
  const asked = openPilots(site);
  const isAsked = ({ id, state }: Room) => asked.has(id) && (state === 'migrated' || state === 'awaiting sync');
  return site.rooms
    .all()
    .filter((room) => (order.includes(room.state) && !(room.work === 'undo' && isUnfinished(room))) || isAsked(room))
    .filter(({ state, problem }) => retry || state !== 'needs attention' || mayPass(problem))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

/** Rooms that wait for a person before a run takes them again. */
export function heldRooms(site: Site): Room[] {
  const open = new Set(openRooms(site, { retry: false }).map(({ id }) => id));
  return site.rooms
    .all()
    .filter(({ id, state, work }) => state === 'needs attention' && work !== 'undo' && !open.has(id));
}

/** Rooms whose undo was begun and not finished: no run takes them. */
export function halfUndone(site: Site): Room[] {
  return site.rooms.all().filter((room) => room.work === 'undo' && isUnfinished(room));
}

function mayPass(problem: Problem | null): boolean {
  return problem?.class === 'unreachable' || PASSING.has(problem?.code ?? '');
}

const PASSING: ReadonlySet<string> = new Set([
  'IN_CALL',
  'UPGRADING',
  'CREDENTIAL_PAUSED',
  'PILOT_NEEDED',
  'PILOT_WAITS',
  'CANCELLED',
]);

/**
 * Holds the site file's lock while it works. Throws SITE_BUSY, VAULT_LOCKED, DISK, and INFINITY_LOGIN_PAUSED when no room
 * could go on without that login; rooms' own failures are theirs.
 */
export async function run(site: Site, options: RunOptions): Promise<RunResult> {
  const { kind, rooms, technician, signal, listen } = options;
  if (rooms.length > 0 && rooms.every(needsInfinity)) assertLoginNotPaused(site);
  site.takeLock();
  const link = new InfinityLink(site, signal);
  const runId = site.journal.startRun(kind, technician);
  const result: RunResult = { ok: 0, failed: 0, skipped: 0 };
  const pilots = new PilotGate({ site, technician, consent: options.pilots ?? new Set() });
  let waiting: WaitingRoom[] = [];
  const batch = new Batch(site.settings.concurrency, signal, options.control);
  const context: RunContext = {
    site,
    runId,
    gate: new LoginGate(),
    pilots,
    devices: new Map(),
    signal,
    listen,
    ended(error) {
      if (error) result.failed++;
      else result.ok++;
      batch.ended(error);
    },
    waits: (room, gate) => void waiting.push({ room, gate }),
  };
  listen({ type: 'run', runId, rooms: rooms.length });
  try {
    let round: readonly Room[] = inTurn(rooms);
    while (round.length > 0) {
      await batch.run(round.map((room) => batchRoom(room)));
      // Those whose pilot has come to its end meanwhile follow at once. Each round ends at least one pilot.
      const follow = new Set(
        signal.aborted ? [] : waiting.filter(({ room, gate }) => pilots.isOpen(gate, room)).map(({ room }) => room.id),
      );
      round = waiting.flatMap(({ room }) => (follow.has(room.id) ? (site.rooms.get(room.id) ?? []) : []));
      waiting = waiting.filter(({ room }) => !follow.has(room.id));
    }
    return waiting.length > 0 ? { ...result, waiting } : result;
  } finally {
    site.journal.endRun(runId);
    await link.close();
  }

  /** An undo brings the old service back whatever Infinity says. */
  function needsInfinity(room: Room): boolean {
    return kind === 'migrate' && !hasEntry(site, room);
  }

  /** Pilots first: the others of their kind need not be looked at twice. */
  function inTurn(rooms: readonly Room[]): Room[] {
    const wanted = options.pilots instanceof Set ? options.pilots : new Set<number>();
    const begun = openPilots(site);
    const isPilot = ({ id }: Room) => begun.has(id) || wanted.has(id);
    return kind === 'migrate' ? [...rooms.filter(isPilot), ...rooms.filter((room) => !isPilot(room))] : [...rooms];
  }

  function batchRoom(room: Room): BatchRoom {
    return {
      async work() {
        options.began?.(room);
        try {
          await options.claims?.take(room);
        } catch (thrown) {
          refuse(room, asOtjError(thrown));
          return null;
        }
        const release = async () => {
          if (!mayBeOnInfinity(site, room)) link.giveLicenceBack(room);
          await options.claims?.release(room);
        };
        const visit = await begin(room);
        if (!visit) await release();
        return visit && { prove: () => visit.prove().finally(release) };
      },
      async skip(reason) {
        result.skipped++;
        listen({ type: 'room', roomId: room.id, room: room.name, state: room.state, problem: reason.toProblem() });
      },
    };
  }

  /** @returns null when the room has ended, with its outcome recorded */
  async function begin(room: Room): Promise<Visit | null> {
    try {
      const hand = handEndpoint(site, room);
      if (kind === 'undo' && hand && wasDriven(room))
        throw new OtjError('IDENTITY_MISMATCH', `${hand.family} now, but the room was moved as another kind`);
      if (kind === 'undo' && (hand || isOnlyPrepared(room))) {
        await takeBack(room, hand !== null);
        return null;
      }
      // Infinity that is away may be told later; of a login that it refuses it is known that it will not be.
      if (needsInfinity(room)) assertLoginNotPaused(site);
      const task = await buildTask(site, link, room, {
        kind,
        oldPassword: options.oldPassword ?? null,
        signal,
        dryRun: false,
        insist: options.insist === true,
        ...(options.accept ? { accept: options.accept } : {}),
        ...(options.overwrite ? { overwrite: options.overwrite } : {}),
      });
      return await visitRoom(task, context);
    } catch (thrown) {
      const error = asOtjError(thrown);
      if (error.code === 'BY_HAND') await byHand(room);
      else refuse(room, error);
      return null;
    }
  }

  /** A device that no driver speaks to: its entry on Infinity is written, the rest is left to a person. */
  async function byHand(room: Room): Promise<void> {
    try {
      if (!handEndpoint(site, room)) throw new OtjError('BY_HAND');
      await entryFirst(site, link, { room, dryRun: false });
      const { plan } = entryStep(site, link, { room, needsEntryFirst: true });
      site.savePlan(room.id, handPlan(site, room, plan));
      if (!isHandDone(site, room)) return refuse(room, leaveToHand(site, room));
      listen({ type: 'room', roomId: room.id, room: room.name, state: room.state, problem: null });
      context.ended(null);
    } catch (thrown) {
      refuse(room, asOtjError(thrown));
    }
  }

  /**
   * A room that was prepared and never migrated: only Infinity has something to undo, now or at the next sync.
   * @param hand a person has the device to set back, and hears of it whatever Infinity's trouble is
   */
  async function takeBack(room: Room, hand: boolean): Promise<void> {
    site.rooms.beginWork(room.id, 'undo');
    try {
      await deliverRemoval(site, link, room);
    } catch (thrown) {
      const error = asOtjError(thrown);
      if (error.code === 'CANCELLED' || !(hand || mayOweEntry(error))) throw thrown;
    }
    undoByHand(site, room);
    site.rooms.setState(room.id, 'undone');
    site.pilots.releaseRoom(room.id);
    listen({ type: 'room', roomId: room.id, room: room.name, state: 'undone', problem: null });
    context.ended(null);
  }

  function isOnlyPrepared(room: Room): boolean {
    return mayBeOnInfinity(site, room) && !isMoved(room) && !hasTraces(room);
  }

  /** Whether a driver has changed the device of a room that is one for a person by now: only a driver can restore it. */
  function wasDriven(room: Room): boolean {
    return hasTraces(room) || (isMoved(room) && !isHandDone(site, room));
  }

  /** A backup alone does not tell: it goes by the serial number, and a list may have named another one since. */
  function hasTraces(room: Room): boolean {
    const serial = site.rooms.endpointOf(room.id)?.serial;
    return site.journal.effects(room.id).length > 0 || (serial != null && site.backups.isOpen(serial));
  }

  /** A room that could not even be begun. What earlier visits left behind is told with it. */
  function refuse(room: Room, error: OtjError): void {
    const problem = { ...error.toProblem(), effects: effectsOf(site, room) };
    // Stopped before it began, somebody else's now, not even looked at a second time, or by a login that is not its own: it
    // stays what it was.
    const stays =
      error.code === 'CANCELLED' ||
      error.code === 'ROOM_TAKEN' ||
      (kind === 'migrate' && (error.code === 'INFINITY_LOGIN_PAUSED' || isSecondLook(site, room)));
    if (!stays) site.rooms.setState(room.id, 'needs attention', problem);
    listen({
      type: 'room',
      roomId: room.id,
      room: room.name,
      state: stays ? room.state : 'needs attention',
      problem,
    });
    context.ended(error);
  }
}
