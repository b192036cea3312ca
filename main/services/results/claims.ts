/**
 * Taking rooms in the team's list while work on them goes on: which are held, how long the list may keep anybody waiting, and when
 * leases are renewed. What becomes of a room's item is leasing.ts.
 */
import { once } from 'node:events';
import { asOtjError, type ErrorCode, OtjError, type Problem } from '../../contract/errors.ts';
import type { Graph } from '../../microsoft/graph/graph.ts';
import { hasLease } from '../../microsoft/results/columns.ts';
import { RENEW_MS } from '../../microsoft/results/lease.ts';
import type { ResultsList } from '../../microsoft/results/list.ts';
import type { RoomClaims } from '../../migration/claims.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { type Held, type LeaseHolder, Leasing } from './leasing.ts';
import { openList } from './open.ts';
import { resultsSettings } from './settings.ts';

/** Where nobody answers, this long goes by until a room is held up by asking again. */
const AWAY_MS = 60_000;
/** A room, and its end, wait no longer than this for the list: a network that drops everything is noticed only much later. */
const DEADLINE_MS = 10_000;

/** Besides what is away or refuses the sign-in: what the next room would meet as well. */
const OF_ALL: ReadonlySet<ErrorCode> = new Set([
  'M365_PORTAL',
  'M365_UNTRUSTED',
  'RESULTS_LIST_MISSING',
  'RESULTS_NOT_INDEXED',
]);

export interface ClaimOptions extends LeaseHolder {
  /** Opens the way to Graph; not called before it is needed. */
  graph(): Promise<Graph>;
  signal: AbortSignal;
  /** What is to be said: the list cannot be used; a room has two items; somebody else has taken a room meanwhile. `room` null = it is about all. */
  told(problem: Problem, room: Room | null): void;
  /** Renewed this often, milliseconds; absent = as often as leases need. */
  renewMs?: number;
  /** Milliseconds that the list may take for one room. */
  deadlineMs?: number;
}

/** Claims through the list. `close` when the work is over: leases that could not be given back run out by themselves. */
export class TeamClaims implements RoomClaims {
  private readonly site: Site;
  private readonly options: ClaimOptions;
  private readonly leasing: Leasing;
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
    this.leasing = new Leasing(site, options);
  }

  /** Throws ROOM_TAKEN, CANCELLED. */
  async take(room: Room): Promise<void> {
    const settings = resultsSettings(this.site);
    if (!settings || !hasLease(settings.columns) || this.isAway) return;
    try {
      await this.within(async (signal) => this.hold(await this.list(signal), room, signal), this.options.signal);
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
      await this.within(async (signal) => this.leasing.giveBack(await this.list(signal), held, signal));
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
    const words = `${error.code}: ${error.words || error.toProblem().happened}`;
    this.options.told(new OtjError('TEAM_UNREACHABLE', words).toProblem(), isOfAll ? null : room);
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

  private async hold(list: ResultsList, room: Room, signal: AbortSignal): Promise<void> {
    const taken = await this.leasing.take(list, room, signal);
    // too late: it is found as ours by the next look
    if (!taken || signal.aborted) return;
    const { double, ...held } = taken;
    this.held.set(room.id, held);
    if (double) this.options.told(double.toProblem(), room);
  }

  private async renew(list: ResultsList, held: Held, signal: AbortSignal): Promise<void> {
    const { room } = held;
    const isHeld = () => this.held.get(room.id) === held && !signal.aborted;
    const lost = await this.leasing.renew(list, held, signal, isHeld);
    if (!lost || !isHeld()) return;
    this.held.delete(room.id);
    this.options.told(lost.toProblem(), room);
  }
}
