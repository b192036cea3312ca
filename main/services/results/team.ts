/**
 * Working as a team through the list: what the others have finished and have in work, and taking a room before work on it
 * begins. A lease is taken with the tag that the item had when it was read, so of two who reach for a room one gets it.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { asOtjError, type ErrorCode, OtjError, type Problem } from '../../contract/errors.ts';
import type { ResultFields, Team, TeamRoom } from '../../contract/microsoft/results.ts';
import type { TeamFlag } from '../../contract/team.ts';
import type { Graph } from '../../microsoft/graph/graph.ts';
import { hasLease } from '../../microsoft/results/columns.ts';
import { roomKey } from '../../microsoft/results/fields.ts';
import {
  judge,
  type Lease,
  leaseFields,
  leaseIn,
  newLease,
  RENEW_MS,
  renewed,
  viewOf,
} from '../../microsoft/results/lease.ts';
import type { ListItem, ResultsList } from '../../microsoft/results/list.ts';
import { adopted, merge } from '../../microsoft/results/merge.ts';
import type { RoomClaims } from '../../migration/claims.ts';
import type { TeamSeen } from '../../site/results.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { flagWords, laptop, TEAM, teamFlag, teamNow } from './flag.ts';
import { agreedOn, openList } from './publish.ts';
import { isBegun, roomFields } from './roomResult.ts';
import { resultsSettings } from './settings.ts';

/** Where nobody answers, this long goes by until a room is held up by asking again. */
const AWAY_MS = 60_000;
/** A room, and its end, wait no longer than this for the list: a network that drops everything is noticed only much later. */
const DEADLINE_MS = 10_000;
/** Others who write to the item at the same time. */
const TRIES = 5;

/** Besides what is away or refuses the sign-in: what the next room would meet as well. */
const OF_ALL: ReadonlySet<ErrorCode> = new Set([
  'M365_PORTAL',
  'M365_UNTRUSTED',
  'RESULTS_LIST_MISSING',
  'RESULTS_NOT_INDEXED',
]);

/**
 * Reads the whole list, for all to see who does what. Throws RESULTS_UNSET, RESULTS_LIST_MISSING, RESULTS_COLUMN_*, and what
 * Graph throws; what was known before stays then.
 */
export async function readTeam(site: Site, graph: Graph, signal?: AbortSignal): Promise<Team> {
  const list = await openList(site, graph, signal);
  const ids = new Map(site.rooms.all().map(({ id, mailbox }) => [roomKey(mailbox), id]));
  const seen: TeamSeen[] = [];
  for await (const { fields } of list.readAll(signal)) {
    const key = String(fields.jobKey);
    seen.push({ key, roomId: ids.get(key) ?? null, seen: fields });
  }
  site.db.transaction(() => {
    site.results.saveTeam(seen);
    noteTime(site, graph);
  });
  return teamOf(site);
}

/** As the list was read last. */
export function teamOf(site: Site): Team {
  const kept = site.kept(TEAM) as { at: string } | null;
  const now = teamNow(site);
  const rooms = site.results.team().map(({ roomId, seen }) => teamRoom(site, roomId, seen, now));
  return { at: kept?.at ?? null, rooms };
}

function teamRoom(site: Site, roomId: number | null, seen: ResultFields, now: Date): TeamRoom {
  const lease = leaseIn(seen);
  const key = roomId === null ? null : (site.results.of(roomId)?.lease ?? null);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    roomId,
    room: text(seen.room),
    building: text(seen.building),
    mailbox: text(seen.mailbox),
    state: text(seen.state),
    technician: text(seen.technician),
    workedOn: text(seen.workedOn) || null,
    lease: lease && viewOf(lease, { key, laptop: laptop() }, now),
  };
}

function noteTime(site: Site, graph: Graph): void {
  const now = graph.now();
  site.keep(TEAM, { at: now.toISOString(), aheadMs: Math.round(now.getTime() - Date.now()) });
}

export interface ClaimOptions {
  /** Opens the way to Graph; not called before it is needed. */
  graph(): Promise<Graph>;
  technician: string;
  /** Whether a person has seen this and wants the room begun all the same. */
  agreed(room: Room, flag: TeamFlag): boolean;
  signal: AbortSignal;
  /** What is to be said: the list cannot be used; somebody else has taken a room meanwhile. `room` null = it is about all. */
  told(problem: Problem, room: Room | null): void;
  /** Renewed this often, milliseconds; absent = as often as leases need. */
  renewMs?: number;
  /** Milliseconds that the list may take for one room. */
  deadlineMs?: number;
}

/** A lease that we hold now. */
interface Held {
  room: Room;
  item: ListItem;
  lease: Lease;
}

/** Claims through the list. `close` when the work is over: leases that could not be given back run out by themselves. */
export class TeamClaims implements RoomClaims {
  private readonly site: Site;
  private readonly options: ClaimOptions;
  private readonly held = new Map<number, Held>();
  private opened: Promise<ResultsList> | null = null;
  private isOpen = false;
  private awayUntil = 0;
  private toldAway = false;
  private timer: NodeJS.Timeout | null = null;
  private renewing: Promise<void> = Promise.resolve();

  constructor(site: Site, options: ClaimOptions) {
    this.site = site;
    this.options = options;
  }

  /** Throws ROOM_TAKEN, CANCELLED. */
  async take(room: Room): Promise<void> {
    const settings = resultsSettings(this.site);
    if (!settings || !hasLease(settings.columns) || this.isAway) return;
    try {
      await this.within(async (signal) => this.reach(await this.list(signal), room, signal), this.options.signal);
      this.awayUntil = 0;
      this.toldAway = false;
      this.timer ??= this.renewal();
    } catch (thrown) {
      const error = asOtjError(thrown);
      if (error.code === 'ROOM_TAKEN' || error.code === 'CANCELLED') throw error;
      this.failed(error, room);
    }
  }

  /** Gives the room back together with its result, so that colleagues see at once what became of it. */
  async release(room: Room): Promise<void> {
    const held = this.held.get(room.id);
    if (!held) return;
    this.held.delete(room.id);
    // The lease runs out by itself, and the result stays owed.
    if (this.isAway) return;
    try {
      await this.within(async (signal) => this.giveBack(await this.list(signal), held, signal));
    } catch (thrown) {
      this.failed(asOtjError(thrown), room);
    }
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.renewing;
    await Promise.all([...this.held.values()].map(({ room }) => this.release(room)));
  }

  private get isAway(): boolean {
    return performance.now() < this.awayUntil;
  }

  private list(signal: AbortSignal): Promise<ResultsList> {
    this.opened ??= this.open(signal);
    return this.opened;
  }

  private async open(signal: AbortSignal): Promise<ResultsList> {
    try {
      const list = await openList(this.site, await this.options.graph(), signal);
      this.isOpen = true;
      return list;
    } catch (thrown) {
      this.opened = null;
      throw thrown;
    }
  }

  /**
   * Waits no longer than the deadline. A write under way is not cut off; whatever comes of it afterwards is for the next look.
   * @param work changes nothing on record once its signal is aborted. Throws M365_UNREACHABLE, CANCELLED by `stop`, and what it throws
   */
  private async within<T>(work: (signal: AbortSignal) => Promise<T>, stop?: AbortSignal): Promise<T> {
    if (stop?.aborted) throw new OtjError('CANCELLED');
    const { deadlineMs = DEADLINE_MS } = this.options;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = stop ? AbortSignal.any([deadline, stop]) : deadline;
    const over = once(signal, 'abort').then(() => {
      throw new OtjError('CANCELLED');
    });
    try {
      return await Promise.race([work(signal), over]);
    } catch (thrown) {
      if (stop?.aborted) throw new OtjError('CANCELLED', undefined, { cause: thrown });
      // The way to the list is opened for several rooms at once: what is cancelled by nobody's wish met another room's limit.
      if (deadline.aborted || asOtjError(thrown).code === 'CANCELLED')
        throw new OtjError('M365_UNREACHABLE', `no answer in ${deadlineMs / 1000} s`);
      throw thrown;
    }
  }

  /** What would be the same for the next room is told once, and nobody asked for a while; one room's own trouble is its own. */
  private failed(error: OtjError, room: Room): void {
    const isOfAll = !this.isOpen || error.class === 'unreachable' || error.class === 'login' || OF_ALL.has(error.code);
    if (isOfAll) {
      this.awayUntil = performance.now() + AWAY_MS;
      this.opened = null;
      this.isOpen = false;
      if (this.toldAway) return;
      this.toldAway = true;
    }
    const words = [error.code, error.words].filter(Boolean).join(': ');
    this.options.told(new OtjError('TEAM_UNREACHABLE', words).toProblem(), isOfAll ? null : room);
  }

  private async reach(list: ResultsList, room: Room, signal: AbortSignal): Promise<void> {
    const { technician, agreed } = this.options;
    const mine = { key: this.site.results.of(room.id)?.lease ?? null, laptop: laptop() };
    const key = mine.key ?? randomUUID();
    for (let tries = 0; tries < TRIES; tries++) {
      const item = await this.find(list, room, signal);
      const now = list.graph.now();
      const former = item && leaseIn(item.fields);
      if (item) this.note(room, item, list);
      const flag = item && teamFlag(item.fields, { lease: mine.key, begun: isBegun(this.site, room), now });
      if (flag && !agreed(room, flag)) throw new OtjError('ROOM_TAKEN', flagWords(flag));
      const lease =
        former && judge(former, mine, now) === 'own'
          ? renewed(former, now)
          : newLease({ holder: technician, laptop: mine.laptop, key }, now);
      // On record before it is sent: should the answer be lost, it is known as ours.
      await this.site.db.durably(() => this.site.results.noteLease(room.id, lease.key));
      mine.key = lease.key;
      const written = await this.write(list, { room, item, lease }, signal);
      if (signal.aborted) throw new OtjError('CANCELLED');
      if (written) {
        this.held.set(room.id, { room, item: written, lease });
        this.note(room, written, list);
        return;
      }
    }
    throw new OtjError('M365_CHANGED', 'others write to the item all the time');
  }

  /** The room's item; null = there is none yet. Throws RESULTS_DOUBLE, and what Graph throws. */
  private async find(list: ResultsList, room: Room, signal: AbortSignal): Promise<ListItem | null> {
    const itemId = this.site.results.of(room.id)?.itemId;
    const key = roomKey(room.mailbox);
    const known = itemId ? (await list.readSome([itemId], signal)).get(itemId) : undefined;
    const found =
      known && !(known instanceof OtjError) && known.length > 0 ? known : (await list.lookUp([key], signal)).get(key);
    if (!found || found instanceof OtjError) throw found ?? new OtjError('M365_ODD', 'no answer');
    if (found.length > 1) throw new OtjError('RESULTS_DOUBLE', `${found.length} items`);
    return found[0] ?? null;
  }

  /** @returns the item with the lease; null = it is to be looked at again, because somebody wrote there or nobody knows */
  private async write(
    list: ResultsList,
    { room, item, lease }: { room: Room; item: ListItem | null; lease: Lease },
    signal: AbortSignal,
  ): Promise<ListItem | null> {
    const { site } = this;
    const fields = leaseFields(lease);
    try {
      if (item) {
        const after = list.updated(await list.graph.ask(list.update(item, fields), signal), item, fields);
        if (signal.aborted) return null;
        site.results.noteSeen(room.id, { itemId: after.id, etag: after.etag, seen: after.fields });
        return after;
      }
      const ours = roomFields(site, room, list.mapping);
      await site.db.durably(() => site.results.noteSending(room.id, ours));
      const whole = { ...ours, ...fields };
      const after = list.created(await list.graph.ask(list.create(whole), signal), whole);
      if (signal.aborted) return null;
      const agreed = { base: after.fields, written: ours };
      site.results.delivered(room.id, { itemId: after.id, etag: after.etag, seen: after.fields }, agreed);
      return list.unique ? after : null;
    } catch (thrown) {
      const error = asOtjError(thrown);
      // Refused: it is none of ours that the next look finds.
      if (!item && error.code === 'M365_REFUSED' && !signal.aborted) site.results.forgetSending(room.id);
      const isAgain = ['M365_CHANGED', 'M365_UNCERTAIN', 'M365_NOT_FOUND'].includes(error.code);
      // Made by a colleague in the same moment.
      if (isAgain || (error.code === 'M365_REFUSED' && !item && list.unique)) return null;
      throw error;
    }
  }

  /**
   * What the item says before our work begins is agreed: whatever we do comes after it. One that we sent, with the answer lost,
   * is ours: what differs from what was sent was changed by somebody since.
   */
  private note(room: Room, item: ListItem, list: ResultsList): void {
    const { site } = this;
    const known = site.results.of(room.id);
    site.db.transaction(() => {
      if (!known?.base) {
        const sent = known?.sending?.fields;
        const { base, written } = sent
          ? { base: sent, written: sent }
          : adopted(roomFields(site, room, list.mapping), item.fields, isBegun(site, room));
        const agreed = { base: base ?? {}, written: written ?? {} };
        site.results.delivered(room.id, { itemId: item.id, etag: item.etag, seen: item.fields }, agreed);
        site.results.owe(room.id);
      }
      site.results.saveTeamRoom({ key: roomKey(room.mailbox), roomId: room.id, seen: item.fields });
      noteTime(site, list.graph);
    });
  }

  private async giveBack(list: ResultsList, { room, item, lease }: Held, signal: AbortSignal): Promise<void> {
    const { site } = this;
    let there: ListItem | null = item;
    for (let tries = 0; tries < TRIES && there; tries++) {
      const now = site.rooms.get(room.id) ?? room;
      const owed = site.results.owed().find(({ roomId }) => roomId === room.id);
      const known = site.results.of(room.id);
      const ours = roomFields(site, now, list.mapping);
      const before = { base: known?.base ?? {}, written: known?.written ?? {} };
      const sent = known?.sending?.fields ?? null;
      const merged = merge({ ours, ...before, theirs: there.fields, sent });
      const isOurs = leaseIn(there.fields)?.key === lease.key;
      const fields = { ...merged.write, ...(isOurs ? leaseFields(null) : {}) };
      if (there.etag === null) return;
      await site.db.durably(() => site.results.noteSending(room.id, fields));
      try {
        const after = list.updated(await list.graph.ask(list.update(there, fields), signal), there, fields);
        if (signal.aborted) return;
        site.db.transaction(() => {
          const agreed = agreedOn(after.fields, ours, merged, before);
          site.results.delivered(room.id, { itemId: after.id, etag: after.etag, seen: after.fields }, agreed);
          site.results.noteLease(room.id, null);
          site.results.saveTeamRoom({ key: roomKey(room.mailbox), roomId: room.id, seen: after.fields });
          // What a person has to decide is told by the next publish.
          if (owed && !merged.conflict) site.results.settle(owed);
        });
        return;
      } catch (thrown) {
        const { code } = asOtjError(thrown);
        if (code !== 'M365_CHANGED' && code !== 'M365_UNCERTAIN') throw thrown;
        there = await this.find(list, room, signal);
      }
    }
  }

  private renewal(): NodeJS.Timeout {
    const timer = setInterval(() => {
      this.renewing = this.renewing.then(() => this.renewAll());
    }, this.options.renewMs ?? RENEW_MS);
    timer.unref();
    return timer;
  }

  private async renewAll(): Promise<void> {
    const renewals = [...this.held.values()].map((held) =>
      this.within(async (signal) => this.renew(await this.list(signal), held, signal)).catch((thrown: unknown) =>
        this.failed(asOtjError(thrown), held.room),
      ),
    );
    await Promise.all(renewals);
  }

  private async renew(list: ResultsList, held: Held, signal: AbortSignal): Promise<void> {
    const { room } = held;
    const isHeld = () => this.held.get(room.id) === held && !signal.aborted;
    for (let tries = 0; tries < TRIES && isHeld(); tries++) {
      const lease = renewed(held.lease, list.graph.now());
      const after = await this.write(list, { room, item: held.item, lease }, signal);
      if (after) {
        held.item = after;
        held.lease = lease;
        return;
      }
      const there = await this.find(list, room, signal);
      // Given back meanwhile, by ourselves.
      if (!isHeld()) return;
      const now = there && leaseIn(there.fields);
      if (!there || now?.key !== lease.key) {
        this.held.delete(room.id);
        this.options.told(new OtjError('LEASE_LOST', now ? leaseWords(now) : 'its item is gone').toProblem(), room);
        return;
      }
      held.item = there;
    }
  }
}

function leaseWords({ holder: by, ...lease }: Lease): string {
  return flagWords({ kind: 'taken', by, ...lease });
}
