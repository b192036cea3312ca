/**
 * Publishing: every room whose result is news goes to its item in the team's list. What is to be sent is on record before it
 * is sent, and struck off when the list has answered with it. Nothing is created twice and nothing of a person's written over.
 */
import { setImmediate } from 'node:timers/promises';
import { asOtjError, OtjError, type Problem } from '../../contract/errors.ts';
import type { ResultColumn, ResultConflict } from '../../contract/microsoft/results.ts';
import type { Graph, GraphAnswer } from '../../microsoft/graph/graph.ts';
import { IN_FLIGHT } from '../../microsoft/graph/pace.ts';
import { underWay } from '../../microsoft/graph/turn.ts';
import type { ListItem, ResultsList } from '../../microsoft/results/list.ts';
import { conflictWords } from '../../microsoft/results/merge.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { agreedOn, isLeaseFromAnywhere } from './agreed.ts';
import { decide, type Send } from './decide.ts';
import { giveWay, type Made } from './doubles.ts';
import { Finder } from './finder.ts';
import { openList } from './open.ts';
import { resultsSettings } from './settings.ts';
import { blank, lookAgain, makeAhead, owedVisits, unknownOf, type Visit } from './visit.ts';

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
const LANES = 2 * IN_FLIGHT;

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
  const finder = new Finder(signal);
  let isOpen = false;
  const opening = openList(site, graph, signal, (opened) => finder.begin(opened, unknownOf(site, options.rooms)));
  const opened = opening.finally(() => {
    isOpen = true;
  });
  // told of below
  opened.catch(() => undefined);
  // The rooms are gathered, and what is said of them made, while the list is on its way.
  await underWay();
  const visits = owedVisits(site, mapping, options);
  await makeAhead(visits, LANES * BATCH, () => isOpen);
  const list = await opened;
  options.begin?.(visits.length);
  await new Publishing(site, list, { signal, told, finder }).run(visits);
  return { ...result, owed: site.results.owedCount() };
}

interface PublishingParts {
  signal: AbortSignal;
  told(delivery: Delivery): void;
  finder: Finder;
}

class Publishing {
  private readonly site: Site;
  private readonly list: ResultsList;
  private readonly signal: AbortSignal;
  private readonly told: (delivery: Delivery) => void;
  private readonly finder: Finder;
  /** Outcomes on their way to disk: those of one turn share a commit, and are told when they are there. */
  private kept: Promise<void>[] = [];
  /** Items that were made in a list that does not refuse doubles: as on their way as before, until it is known that they stay. */
  private readonly made: (Made & { visit: Visit; keep(): void })[] = [];

  constructor(site: Site, list: ResultsList, { signal, told, finder }: PublishingParts) {
    this.site = site;
    this.list = list;
    this.signal = signal;
    this.told = told;
    this.finder = finder;
  }

  async run(visits: readonly Visit[]): Promise<void> {
    let left = visits.filter((visit) => !this.isLeftOut(visit));
    for (let round = 0; round < ROUNDS && left.length > 0; round++) {
      if (this.signal.aborted) throw new OtjError('CANCELLED');
      await this.finder.look(
        this.list,
        left.filter(({ look }) => look),
      );
      left = await this.sendAll(left).finally(() => this.settled());
      left.push(...(await this.giveWay()));
    }
    for (const visit of left) this.fail(visit, visit.trouble ?? new OtjError('RESULTS_UNSURE'));
    await this.settled();
  }

  /** @returns rooms to be looked at again: their item was taken back because a colleague had made one before, or there may be two */
  private async giveWay(): Promise<Visit[]> {
    const made = this.made.splice(0);
    const fates = await giveWay(this.list, made, this.signal);
    return made.flatMap((one) => {
      const fate = fates.get(one);
      if (fate === 'stays') {
        one.keep();
        return [];
      }
      if (fate === 'back') this.forgetSending(one.visit);
      return [lookAgain(one.visit, new OtjError('RESULTS_UNSURE'))];
    });
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

  /** What is to be sent for a room; null = it has come to its end, which is told. */
  private decide(visit: Visit): Send | null {
    const decision = decide(this.site, this.list, visit);
    if ('send' in decision) return decision.send;
    if ('fails' in decision) this.fail(visit, decision.fails, decision.conflict);
    else this.deliver(decision.same, decision.there, 'same');
    return null;
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
    const lane = async (at: number) => {
      // One after the other, so that the first goes out while others are still made.
      for (let turn = 0; turn < at; turn++) await setImmediate();
      while (failed === null) {
        const sends = this.next(queue);
        if (sends.length === 0) return;
        const error = await this.send(sends, signal, again);
        if (error === null) continue;
        failed ??= error;
        stop.abort();
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, at) => lane(at)));
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
      const mayBeSecond = !visit.there && !this.list.unique;
      this.deliver(send, after, mayBeSecond ? 'made' : 'written');
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

  /** The item is as it should be, but for what a person has to decide. What was `made` is kept and told when it is known to stay. */
  private deliver(
    { visit, merged }: Pick<Send, 'visit' | 'merged'>,
    after: ListItem,
    what: 'written' | 'same' | 'made',
  ): void {
    const { room, owed, ours, item } = visit;
    const { conflict, theirs } = merged;
    const agreed = agreedOn(after.fields, ours, merged, { base: item?.base ?? {}, written: item?.written ?? {} });
    const problem = conflict && new OtjError('RESULTS_CHANGED', conflictWords(conflict)).toProblem();
    const { results } = this.site;
    const write = () => {
      results.delivered(room.id, { itemId: after.id, etag: after.etag, seen: after.fields }, agreed);
      if (item?.leaseAnywhere && !isLeaseFromAnywhere(item, after.fields)) results.noteLease(room.id, null);
      if (problem) results.failed(room.id, problem, conflict);
      else results.settle(owed);
    };
    const outcome = problem ? 'failed' : what === 'made' ? 'written' : what;
    const delivery: Delivery = { room, what: outcome, problem, conflict, theirs };
    const keep = () => this.keep(write, delivery);
    if (what === 'made') this.made.push({ visit, item: after, key: visit.key, keep });
    else keep();
  }

  private fail(visit: Visit, error: OtjError, conflict: ResultConflict | null = null): void {
    const { room } = visit;
    const problem = error.toProblem();
    const delivery: Delivery = { room, what: 'failed', problem, conflict, theirs: [] };
    this.keep(() => this.site.results.failed(room.id, problem, conflict), delivery);
  }
}
