/**
 * Working as a team through the list: what the others have finished and have in work, and taking a room before work on it
 * begins. A lease is taken with the tag that the item had when it was read, so of two who reach for a room one gets it.
 */
import { randomUUID } from 'node:crypto';
import { asOtjError, OtjError, type Problem } from '../../contract/errors.ts';
import type { ResultFields, Team, TeamRoom } from '../../contract/microsoft/results.ts';
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
import { laptop, TEAM, teamNow } from './flag.ts';
import { agreedOn, openList } from './publish.ts';
import { isBegun, roomFields } from './roomResult.ts';
import { resultsSettings } from './settings.ts';

/** Where nobody answers, this long goes by until a room is held up by asking again. */
const AWAY_MS = 60_000;
/** Others who write to the item at the same time. */
const TRIES = 5;

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
  /** A room that somebody else has is taken all the same. */
  insist: boolean;
  signal: AbortSignal;
  /** What is to be said: the list cannot be read; somebody else has taken a room meanwhile. `room` null = it is about all. */
  told(problem: Problem, room: Room | null): void;
  /** Renewed this often, milliseconds; absent = as often as leases need. */
  renewMs?: number;
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
    if (!settings || !hasLease(settings.columns) || performance.now() < this.awayUntil) return;
    try {
      const list = await this.list();
      await this.reach(list, room);
      this.timer ??= this.renewal();
    } catch (thrown) {
      const error = asOtjError(thrown);
      if (error.code === 'ROOM_TAKEN' || error.code === 'CANCELLED') throw error;
      this.away(error);
    }
  }

  /** Gives the room back together with its result, so that colleagues see at once what became of it. */
  async release(room: Room): Promise<void> {
    const held = this.held.get(room.id);
    if (!held) return;
    this.held.delete(room.id);
    try {
      const list = await this.list();
      await this.giveBack(list, held);
    } catch (thrown) {
      this.away(asOtjError(thrown));
    }
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.renewing;
    for (const { room } of [...this.held.values()]) await this.release(room);
  }

  private list(): Promise<ResultsList> {
    this.opened ??= this.options.graph().then((graph) => openList(this.site, graph, this.options.signal));
    return this.opened;
  }

  private away(error: OtjError): void {
    this.awayUntil = performance.now() + AWAY_MS;
    this.opened = null;
    if (this.toldAway) return;
    this.toldAway = true;
    const words = [error.code, error.words].filter(Boolean).join(': ');
    this.options.told(new OtjError('TEAM_UNREACHABLE', words).toProblem(), null);
  }

  private async reach(list: ResultsList, room: Room): Promise<void> {
    const { technician, insist, signal } = this.options;
    const mine = { key: this.site.results.of(room.id)?.lease ?? null, laptop: laptop() };
    const key = mine.key ?? randomUUID();
    for (let tries = 0; tries < TRIES; tries++) {
      const item = await this.find(list, room);
      const now = list.graph.now();
      const former = item && leaseIn(item.fields);
      if (item) this.note(room, item, list);
      const found = judge(former, mine, now);
      if (former && found === 'taken' && !insist) throw new OtjError('ROOM_TAKEN', wordsOf(former));
      const lease =
        former && found === 'own'
          ? renewed(former, now)
          : newLease({ holder: technician, laptop: mine.laptop, key }, now);
      // On record before it is sent: should the answer be lost, it is known as ours.
      await this.site.db.durably(() => this.site.results.noteLease(room.id, lease.key));
      mine.key = lease.key;
      const written = await this.write(list, room, item, lease);
      if (written) {
        this.held.set(room.id, { room, item: written, lease });
        this.note(room, written, list);
        return;
      }
      if (signal.aborted) throw new OtjError('CANCELLED');
    }
    throw new OtjError('M365_BUSY', 'others write to the item all the time');
  }

  /** The room's item; null = there is none yet. Throws RESULTS_DOUBLE, and what Graph throws. */
  private async find(list: ResultsList, room: Room): Promise<ListItem | null> {
    const { signal } = this.options;
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
  private async write(list: ResultsList, room: Room, item: ListItem | null, lease: Lease): Promise<ListItem | null> {
    const { site } = this;
    const fields = leaseFields(lease);
    try {
      if (item) {
        const after = list.updated(await list.graph.ask(list.update(item, fields)), item, fields);
        site.results.noteSeen(room.id, { itemId: after.id, etag: after.etag, seen: after.fields });
        return after;
      }
      const ours = roomFields(site, room, list.mapping);
      await site.db.durably(() => site.results.noteSending(room.id, ours));
      const whole = { ...ours, ...fields };
      const after = list.created(await list.graph.ask(list.create(whole)), whole);
      const agreed = { base: after.fields, written: ours };
      site.results.delivered(room.id, { itemId: after.id, etag: after.etag, seen: after.fields }, agreed);
      return list.unique ? after : null;
    } catch (thrown) {
      const error = asOtjError(thrown);
      const isAgain = ['M365_CHANGED', 'M365_UNCERTAIN', 'M365_NOT_FOUND'].includes(error.code);
      // Made by a colleague in the same moment.
      if (isAgain || (error.code === 'M365_REFUSED' && !item && list.unique)) return null;
      throw error;
    }
  }

  /** What the item says before our work begins is agreed: whatever we do comes after it. */
  private note(room: Room, item: ListItem, list: ResultsList): void {
    const { site } = this;
    const known = site.results.of(room.id);
    site.db.transaction(() => {
      if (!known?.itemId && !known?.sending) {
        const ours = roomFields(site, room, list.mapping);
        const { base, written } = adopted(ours, item.fields, isBegun(site, room));
        const agreed = { base: base ?? {}, written: written ?? {} };
        site.results.delivered(room.id, { itemId: item.id, etag: item.etag, seen: item.fields }, agreed);
        site.results.owe(room.id);
      }
      site.results.saveTeamRoom({ key: roomKey(room.mailbox), roomId: room.id, seen: item.fields });
      noteTime(site, list.graph);
    });
  }

  private async giveBack(list: ResultsList, { room, item, lease }: Held): Promise<void> {
    const { site } = this;
    let there: ListItem | null = item;
    for (let tries = 0; tries < TRIES && there; tries++) {
      const now = site.rooms.get(room.id) ?? room;
      const owed = site.results.owed().find(({ roomId }) => roomId === room.id);
      const known = site.results.of(room.id);
      const ours = roomFields(site, now, list.mapping);
      const before = { base: known?.base ?? {}, written: known?.written ?? {} };
      const merged = merge({ ours, ...before, theirs: there.fields });
      const isOurs = leaseIn(there.fields)?.key === lease.key;
      const fields = { ...merged.write, ...(isOurs ? leaseFields(null) : {}) };
      if (there.etag === null) return;
      await site.db.durably(() => site.results.noteSending(room.id, fields));
      try {
        const after = list.updated(await list.graph.ask(list.update(there, fields)), there, fields);
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
        there = await this.find(list, room);
      }
    }
  }

  private renewal(): NodeJS.Timeout {
    const timer = setInterval(() => {
      this.renewing = this.renewing
        .then(() => this.renewAll())
        .catch((thrown: unknown) => this.away(asOtjError(thrown)));
    }, this.options.renewMs ?? RENEW_MS);
    timer.unref();
    return timer;
  }

  private async renewAll(): Promise<void> {
    if (this.held.size === 0) return;
    const list = await this.list();
    for (const held of [...this.held.values()]) await this.renew(list, held);
  }

  private async renew(list: ResultsList, held: Held): Promise<void> {
    for (let tries = 0; tries < TRIES && this.held.get(held.room.id) === held; tries++) {
      const lease = renewed(held.lease, list.graph.now());
      const after = await this.write(list, held.room, held.item, lease);
      if (after) {
        held.item = after;
        held.lease = lease;
        return;
      }
      const there = await this.find(list, held.room);
      const now = there && leaseIn(there.fields);
      if (!there || now?.key !== lease.key) {
        this.held.delete(held.room.id);
        this.options.told(new OtjError('LEASE_LOST', now ? wordsOf(now) : 'its item is gone').toProblem(), held.room);
        return;
      }
      held.item = there;
    }
  }
}

/** Who, on which computer, since when and until when, by the server's clock. */
function wordsOf({ holder, laptop: where, since, until }: Lease): string {
  const on = where ? ` on ${where}` : '';
  return `${holder}${on}${since ? `, since ${since}` : ''}, until ${until.replace(/\.\d+Z$/, 'Z')}`;
}
