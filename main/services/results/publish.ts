/**
 * Publishing: every room whose result is news goes to its item in the team's list. What is to be sent is on record before it
 * is sent, and struck off when the list has answered with it. Nothing is created twice and nothing of a person's written over.
 */
import { asOtjError, OtjError, type Problem } from '../../contract/errors.ts';
import type { ColumnMapping, ResultColumn, ResultConflict, ResultFields } from '../../contract/microsoft/results.ts';
import type { Graph, GraphAnswer, GraphRequest } from '../../microsoft/graph/graph.ts';
import { assertMapping, LIMITS } from '../../microsoft/results/columns.ts';
import { roomKey, sameValue } from '../../microsoft/results/fields.ts';
import { isOwn, leaseFields, leaseIn } from '../../microsoft/results/lease.ts';
import { type ListItem, ResultsList, readColumns } from '../../microsoft/results/list.ts';
import { adopted, conflictWords, goneConflict, type Merged, merge } from '../../microsoft/results/merge.ts';
import type { Agreed, OwedResult, ResultItem } from '../../site/results.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { laptop } from './flag.ts';
import { isBegun, roomFields } from './roomResult.ts';
import { resultsSettings } from './settings.ts';

export interface Delivery {
  room: Room;
  /** `written`: the list has the news. `same`: it had it already. `left`: it is decided that the room is not in it. */
  what: 'written' | 'same' | 'left' | 'failed';
  problem: Problem | null;
  conflict: ResultConflict | null;
  /** Columns that somebody has changed and that stay so. */
  theirs: readonly ResultColumn[];
}

export interface PublishOptions {
  graph: Graph;
  /** null = all that is owed. Named ones are looked at in any case. */
  rooms: readonly Room[] | null;
  /** Named rooms that were left out stay so: they are named for a decision, and not because they are wanted back. */
  decided?: boolean;
  signal: AbortSignal;
  /** Told before the first: how many rooms there are to look at. */
  begin?(rooms: number): void;
  told(delivery: Delivery): void;
}

export interface Published {
  written: number;
  same: number;
  failed: number;
  /** Rooms that are still owed. */
  owed: number;
}

/** Looks and writes of one room in one publish: two technicians who both write do not keep each other busy for ever. */
const ROUNDS = 5;
/** Requests of one batch; what is asked for together goes together. */
const BATCH = 20;
/** Batches that are made or under way at once: more than Graph takes, so that the next is ready when one comes back. */
const LANES = 6;
/** With more unknown rooms than these, the whole list is read rather than each looked up. */
const MOST_LOOKED_UP = 20;

/**
 * Opens the list as it is set and as it is now. Throws RESULTS_UNSET, RESULTS_LIST_MISSING, RESULTS_COLUMN_*, and what Graph
 * throws.
 * @param meanwhile begins what needs no knowledge of the columns
 */
export async function openList(
  site: Site,
  graph: Graph,
  signal?: AbortSignal,
  meanwhile: (list: ResultsList) => void = () => undefined,
): Promise<ResultsList> {
  const settings = resultsSettings(site);
  if (!settings) throw new OtjError('RESULTS_UNSET');
  const where = { siteId: settings.site.id, listId: settings.list.id };
  const list = new ResultsList(graph, where, settings.columns);
  const reading = readColumns(graph, where.siteId, where.listId, signal);
  meanwhile(list);
  const columns = await reading;
  assertMapping(settings.columns, columns);
  list.knows(columns);
  return list;
}

/**
 * What fails for one room is told with it and stays owed. Throws RESULTS_UNSET, RESULTS_LIST_MISSING, RESULTS_COLUMN_MISSING,
 * RESULTS_COLUMN_UNFIT, CANCELLED, and of Graph what concerns all; what was told before holds.
 */
export async function publish(site: Site, options: PublishOptions): Promise<Published> {
  site.takeLock();
  const { graph, signal } = options;
  const result: Published = { written: 0, same: 0, failed: 0, owed: 0 };
  const told = (delivery: Delivery) => {
    if (delivery.what === 'written') result.written++;
    else if (delivery.what === 'failed') result.failed++;
    else result.same++;
    options.told(delivery);
  };
  const mapping = resultsSettings(site)?.columns ?? {};
  const visits = owedVisits(site, mapping, options);
  const unknown = visits.filter(({ item }) => !item?.itemId && !item?.keptOut).length;
  let all: Promise<Map<string, ListItem[]>> | null = null;
  const list = await openList(site, graph, signal, (opened) => {
    if (unknown <= MOST_LOOKED_UP) return;
    all = byKey(opened, signal);
    // Columns that are not there any more are told of first.
    all.catch(() => undefined);
  });
  options.begin?.(visits.length);
  await new Publishing(site, list, { signal, told, all }).run(visits);
  return { ...result, owed: site.results.owedCount() };
}

async function byKey(list: ResultsList, signal: AbortSignal): Promise<Map<string, ListItem[]>> {
  const all = new Map<string, ListItem[]>();
  for await (const item of list.readAll(signal)) {
    const key = String(item.fields.jobKey);
    all.set(key, [...(all.get(key) ?? []), item]);
  }
  return all;
}

/** A room on its way into the list. */
interface Visit {
  room: Room;
  /** The debt as it was when it was read last. */
  owed: OwedResult;
  /** Made when its turn has come: the first are under way while the others are still to be made. */
  readonly ours: ResultFields;
  item: ResultItem | null;
  /** As it was read in this publish, or as it was when it had the etag that we know; null = there is none. */
  there: ListItem | null;
  /** Items with its key, where there is more than one. */
  doubles: number;
  /** It has to be read before anything is decided. */
  look: boolean;
  looked: boolean;
  /** The last attempt, for when there are no more rounds. */
  trouble: OtjError | null;
}

type Send = { visit: Visit; merged: Merged; request: GraphRequest; fields: ResultFields };

function owedVisits(
  site: Site,
  mapping: ColumnMapping,
  { rooms, decided = false }: Pick<PublishOptions, 'rooms' | 'decided'>,
): Visit[] {
  const wanted = rooms && new Set(rooms.map(({ id }) => id));
  const items = new Map(site.results.all().map((item) => [item.roomId, item]));
  for (const room of rooms ?? []) {
    // Named by a person: it is wanted, also where it was left out before.
    if (!decided && items.get(room.id)?.keptOut) site.results.forgetItem(room.id);
    site.results.owe(room.id);
  }
  return site.results.owed().flatMap((owed) => {
    const room = wanted && !wanted.has(owed.roomId) ? null : site.rooms.get(owed.roomId);
    if (!room) return [];
    const item = wanted ? site.results.of(room.id) : (items.get(room.id) ?? null);
    return [visitOf(site, mapping, { room, owed, item })];
  });
}

function visitOf(site: Site, mapping: ColumnMapping, about: Pick<Visit, 'room' | 'owed' | 'item'>): Visit {
  const { room, item } = about;
  const there = item?.itemId && item.seen ? { id: item.itemId, etag: item.etag, fields: item.seen } : null;
  // What is known by its etag need not be read: were it another by now, the write would be refused.
  const look = !there || there.etag === null || item?.sending !== null || item.conflict !== null;
  let made: ResultFields | null = null;
  return {
    ...about,
    ...{ there, doubles: 0, look, looked: false, trouble: null },
    get ours() {
      made ??= roomFields(site, room, mapping);
      return made;
    },
  };
}

interface PublishingParts {
  signal: AbortSignal;
  told(delivery: Delivery): void;
  /** The whole list, where it is read anyway. */
  all: Promise<Map<string, ListItem[]>> | null;
}

class Publishing {
  private readonly site: Site;
  private readonly list: ResultsList;
  private readonly signal: AbortSignal;
  private readonly told: (delivery: Delivery) => void;
  private all: PublishingParts['all'];
  /** Outcomes on their way to disk: those of one turn share a commit, and are told when they are there. */
  private kept: Promise<void>[] = [];
  /** Items that were made in a list that does not refuse doubles, not looked after yet. */
  private readonly made: { visit: Visit; item: ListItem }[] = [];

  constructor(site: Site, list: ResultsList, { signal, told, all }: PublishingParts) {
    this.site = site;
    this.list = list;
    this.signal = signal;
    this.told = told;
    this.all = all;
  }

  async run(visits: readonly Visit[]): Promise<void> {
    let left = visits.filter((visit) => !this.isLeftOut(visit));
    for (let round = 0; round < ROUNDS && left.length > 0; round++) {
      if (this.signal.aborted) throw new OtjError('CANCELLED');
      await this.look(left.filter(({ look }) => look));
      left = await this.sendAll(left).finally(() => this.settled());
      left.push(...(await this.giveWay()));
    }
    for (const visit of left) this.fail(visit, visit.trouble ?? new OtjError('RESULTS_UNSURE'));
    await this.settled();
  }

  /**
   * In a list that does not refuse doubles, a colleague may have made the item of a room in the same moment: the one with the
   * lower id stays, and whoever made the other takes it back. Where that cannot be seen or done, both stay and are told later.
   * @returns rooms whose item was taken back
   */
  private async giveWay(): Promise<Visit[]> {
    const made = this.made.splice(0);
    if (made.length === 0) return [];
    const found = await this.list.lookUp(
      made.map(({ visit }) => roomKey(visit.room.mailbox)),
      this.signal,
    );
    const later = made.filter(({ visit, item }) => {
      const all = found.get(roomKey(visit.room.mailbox));
      return Array.isArray(all) && all.some(({ id }) => Number(id) < Number(item.id));
    });
    if (later.length === 0) return [];
    const answers = await this.list.graph.batch<unknown>(
      later.map(({ item }) => this.list.remove(item)),
      this.signal,
    );
    const gone = later.filter((_, at) => !(answers[at] instanceof OtjError)).map(({ visit }) => visit);
    for (const visit of gone) {
      this.site.db.transaction(() => {
        this.site.results.forgetItem(visit.room.id);
        this.site.results.owe(visit.room.id);
      });
      visit.item = this.site.results.of(visit.room.id);
      visit.owed = this.site.results.owed().find(({ roomId }) => roomId === visit.room.id) ?? visit.owed;
      lookAgain(visit, new OtjError('RESULTS_UNSURE')).there = null;
    }
    return gone;
  }

  private async settled(): Promise<void> {
    const { kept } = this;
    this.kept = [];
    await Promise.all(kept);
  }

  private keep(write: () => void, delivery: Delivery): void {
    this.kept.push(this.site.db.durably(write).then(() => this.told(delivery)));
  }

  private isLeftOut(visit: Visit): boolean {
    if (!visit.item?.keptOut) return false;
    const { room, owed } = visit;
    this.keep(() => this.site.results.settle(owed), { room, what: 'left', problem: null, conflict: null, theirs: [] });
    return true;
  }

  /** Reads the items: those that are known by their id, the others by their key. */
  private async look(visits: readonly Visit[]): Promise<void> {
    const known = visits.filter(({ item }) => item?.itemId);
    const unknown = visits.filter(({ item }) => !item?.itemId);
    const byId = await this.list.readSome(
      known.flatMap(({ item }) => item?.itemId ?? []),
      this.signal,
    );
    for (const visit of known) this.seen(visit, byId.get(visit.item?.itemId ?? '') ?? []);
    if (unknown.length === 0) return;
    const keys = unknown.map(({ room }) => roomKey(room.mailbox));
    if (unknown.length <= MOST_LOOKED_UP) {
      const found = await this.list.lookUp(keys, this.signal);
      for (const [at, visit] of unknown.entries()) this.seen(visit, found.get(keys[at] ?? '') ?? []);
      return;
    }
    // Read once; later rounds have to see what came in between.
    const all = await (this.all ?? byKey(this.list, this.signal));
    this.all = null;
    for (const [at, visit] of unknown.entries()) this.seen(visit, all.get(keys[at] ?? '') ?? []);
  }

  private seen(visit: Visit, found: readonly ListItem[] | OtjError): void {
    visit.look = false;
    if (found instanceof OtjError) {
      visit.trouble = found;
      visit.looked = false;
      return;
    }
    visit.looked = true;
    visit.there = found[0] ?? null;
    visit.doubles = found.length;
  }

  /** What is to be sent for a room; null = it has come to its end, which is told. */
  private decide(visit: Visit): Send | null {
    const { item, there, ours, room, trouble } = visit;
    if (!visit.looked && (!there || trouble)) return this.fail(visit, trouble ?? new OtjError('RESULTS_UNSURE'));
    if (visit.doubles > 1) return this.fail(visit, new OtjError('RESULTS_DOUBLE', `${visit.doubles} items`));
    if (!there) {
      if (item?.itemId) {
        const conflict = goneConflict(item.base ?? {}, ours);
        return this.fail(visit, new OtjError('RESULTS_GONE'), conflict);
      }
      // Sent a moment ago, and the list may show it only later; a list that refuses doubles itself is simply asked.
      if (item?.sending && !this.list.unique && isFresh(item.sending.at))
        return this.fail(visit, new OtjError('RESULTS_UNSURE'));
      // Refused, and not there: it was refused for its own sake.
      if (trouble?.code === 'RESULTS_REFUSED') return this.fail(visit, trouble);
      const merged: Merged = { write: ours, conflict: null, theirs: [] };
      return { visit, merged, fields: ours, request: this.list.create(ours) };
    }
    const known = item?.itemId ? item : this.taken(visit, there);
    const merged = merge({
      ours,
      written: known.written,
      base: known.base,
      theirs: there.fields,
      sent: item?.sending?.fields ?? null,
    });
    visit.item = { ...blank(room.id), ...item, itemId: there.id, base: known.base, written: known.written };
    // Left behind by work that was cut off: nobody works on rooms of this file while it is published.
    const left = isLeaseOf(item, there.fields) ? leaseFields(null) : {};
    const fields = { ...merged.write, ...left };
    if (Object.keys(fields).length === 0) {
      this.deliver({ visit, merged, fields }, there, 'same');
      return null;
    }
    if (there.etag === null) return this.fail(visit, new OtjError('M365_ODD', 'the list tells no etag'));
    return { visit, merged, fields, request: this.list.update(there, fields) };
  }

  /** An item that this site file does not know: its own, of which the answer was lost, or somebody else's. */
  private taken({ item, room, ours }: Visit, there: ListItem): Agreed | { base: null; written: ResultFields | null } {
    if (item?.sending) return { written: item.sending.fields, base: item.sending.fields };
    const { base, written } = adopted(ours, there.fields, isBegun(this.site, room));
    return { base, written } as Agreed;
  }

  /**
   * In parts as large as a batch, so that an answer that is lost leaves the others certain. All have ended when it ends.
   * @returns rooms that have to be looked at again. Throws what keeps everything from it
   */
  private async sendAll(visits: readonly Visit[]): Promise<Visit[]> {
    const again: Visit[] = [];
    const queue = visits.values();
    const stop = new AbortController();
    const signal = AbortSignal.any([this.signal, stop.signal]);
    let failed: OtjError | null = null;
    const lane = async () => {
      while (failed === null) {
        const sends = this.next(queue);
        if (sends.length === 0) return;
        const error = await this.send(sends, signal, again);
        if (error === null) continue;
        failed ??= error;
        stop.abort();
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    if (failed) throw failed;
    return again;
  }

  /** The next rooms of which something is to be sent. */
  private next(queue: Iterator<Visit>): Send[] {
    const sends: Send[] = [];
    while (sends.length < BATCH) {
      const { value, done } = queue.next();
      if (done) break;
      const send = this.decide(value);
      if (send) sends.push(send);
    }
    return sends;
  }

  /** @returns what keeps everything from it, or null */
  private async send(sends: readonly Send[], signal: AbortSignal, again: Visit[]): Promise<OtjError | null> {
    await this.site.db.durably(() => {
      for (const { visit, fields } of sends) this.site.results.noteSending(visit.room.id, fields);
    });
    const at = new Date().toISOString();
    for (const { visit, fields } of sends)
      visit.item = { ...blank(visit.room.id), ...visit.item, sending: { fields, at } };
    const open = new Set(sends);
    let failed: OtjError | null = null;
    const answered = (answer: GraphAnswer<unknown> | OtjError, place: number) => {
      const send = sends[place];
      if (!send || !open.delete(send)) return;
      if (!(answer instanceof OtjError)) return this.written(send, answer, again);
      if (answer.code === 'M365_NOT_FOUND' && !send.visit.there)
        failed = new OtjError('RESULTS_LIST_MISSING', answer.words);
      this.refused(send, answer, again);
    };
    try {
      await this.list.graph.batch<unknown>(
        sends.map(({ request }) => request),
        signal,
        answered,
      );
    } catch (thrown) {
      const error = asOtjError(thrown);
      if (error.code !== 'M365_UNCERTAIN') return error;
    }
    // An answer that was lost as a whole: what became of these is to be seen in the list.
    for (const { visit } of open) again.push(lookAgain(visit, new OtjError('RESULTS_UNSURE')));
    return failed;
  }

  private written(send: Send, answer: GraphAnswer<unknown>, again: Visit[]): void {
    const { visit, fields } = send;
    try {
      const after = visit.there ? this.list.updated(answer, visit.there, fields) : this.list.created(answer, fields);
      if (!visit.there && !this.list.unique) this.made.push({ visit, item: after });
      this.deliver(send, after, 'written');
    } catch (thrown) {
      again.push(lookAgain(visit, asOtjError(thrown)));
    }
  }

  private refused({ visit }: Send, error: OtjError, again: Visit[]): void {
    switch (error.code) {
      case 'M365_UNCERTAIN':
      case 'M365_ODD':
        again.push(lookAgain(visit, new OtjError('RESULTS_UNSURE', error.words)));
        return;
      case 'M365_CHANGED':
      case 'M365_NOT_FOUND':
        this.forgetSending(visit);
        again.push(lookAgain(visit, new OtjError('RESULTS_UNSURE', error.words)));
        return;
      case 'M365_REFUSED': {
        this.forgetSending(visit);
        const refused = new OtjError('RESULTS_REFUSED', error.words);
        // The list may refuse it because it is there already.
        if (visit.there) this.fail(visit, refused);
        else again.push(lookAgain(visit, refused));
        return;
      }
      case 'M365_UNREACHABLE':
        this.fail(visit, error);
        return;
      default:
        this.forgetSending(visit);
        this.fail(visit, error);
    }
  }

  private forgetSending(visit: Visit): void {
    this.site.results.forgetSending(visit.room.id);
    if (visit.item) visit.item = { ...visit.item, sending: null };
  }

  /** The item is as it should be, but for what a person has to decide. */
  private deliver({ visit, merged }: Omit<Send, 'request'>, after: ListItem, what: 'written' | 'same'): void {
    const { room, owed, ours, item } = visit;
    const { conflict, theirs } = merged;
    const agreed = agreedOn(after.fields, ours, merged, { base: item?.base ?? {}, written: item?.written ?? {} });
    const problem = conflict && new OtjError('RESULTS_CHANGED', conflictWords(conflict)).toProblem();
    const { results } = this.site;
    this.keep(
      () => {
        results.delivered(room.id, { itemId: after.id, etag: after.etag, seen: after.fields }, agreed);
        if (item?.lease && !isLeaseOf(item, after.fields)) results.noteLease(room.id, null);
        if (problem) results.failed(room.id, problem, conflict);
        else results.settle(owed);
      },
      { room, what: problem ? 'failed' : what, problem, conflict, theirs },
    );
  }

  private fail(visit: Visit, error: OtjError, conflict: ResultConflict | null = null): null {
    const { room } = visit;
    const problem = error.toProblem();
    const delivery: Delivery = { room, what: 'failed', problem, conflict, theirs: [] };
    this.keep(() => this.site.results.failed(room.id, problem, conflict), delivery);
    return null;
  }
}

/** What people have changed is not agreed on: it stays as it was agreed before, so that it is still known as theirs. */
export function agreedOn(seen: ResultFields, ours: ResultFields, { conflict, theirs }: Merged, before: Agreed): Agreed {
  const base = { ...seen };
  const written = { ...ours };
  for (const column of theirs) base[column] = before.base[column] ?? null;
  for (const { column } of conflict?.fields ?? []) {
    base[column] = before.base[column] ?? null;
    if (before.written[column] === undefined || sameValue(column, before.written[column], ours[column]))
      delete written[column];
    else written[column] = before.written[column];
  }
  return { base, written };
}

/** Whether the lease in the list was taken by this site file on this computer; a copy elsewhere knows the key as well. */
function isLeaseOf(item: ResultItem | null, there: ResultFields): boolean {
  const lease = leaseIn(there);
  return lease !== null && isOwn(lease, { key: item?.lease ?? null, laptop: laptop() });
}

function lookAgain(visit: Visit, trouble: OtjError): Visit {
  return Object.assign(visit, { look: true, looked: false, trouble });
}

function isFresh(sentAt: string): boolean {
  return Date.now() - Date.parse(sentAt) < LIMITS.settleSeconds.value * 1000;
}

function blank(roomId: number): ResultItem {
  return {
    ...{ roomId, itemId: null, etag: null, seen: null, base: null, written: null, sending: null },
    ...{ conflict: null, problem: null, keptOut: false, lease: null, deliveredAt: null },
  };
}
