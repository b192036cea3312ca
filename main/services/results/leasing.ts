/**
 * One room's lease in its item of the list: taken with the tag that the item had when it was read, so of two who reach for a room one
 * gets it; renewed; given back together with the result.
 */
import { randomUUID } from 'node:crypto';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { TeamFlag } from '../../contract/team.ts';
import { roomKey } from '../../microsoft/results/fields.ts';
import { isOwn, judge, type Lease, leaseFields, leaseIn, newLease, renewed } from '../../microsoft/results/lease.ts';
import type { ListItem, ResultsList } from '../../microsoft/results/list.ts';
import { adopted, merge } from '../../microsoft/results/merge.ts';
import type { TeamSeen } from '../../site/results.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { agreedOn, isLeaseFromAnywhere } from './agreed.ts';
import { isFresh } from './decide.ts';
import { giveWay } from './doubles.ts';
import { flagWords, laptop, noteTime, teamFlag } from './flag.ts';
import { isBegun, roomFields } from './roomResult.ts';

/** Others who write to the item at the same time. */
const TRIES = 5;
const WRITTEN_ALWAYS = 'others write to the item all the time';
/** Of a site file that was moved, or copied, on one computer. */
const ELSEWHERE = '; from this site file at another place, or from one that it is a copy of';

/** A lease that we hold now. */
export interface Held {
  room: Room;
  item: ListItem;
  lease: Lease;
}

/** A lease just taken. */
export interface Taken extends Held {
  /** RESULTS_DOUBLE: the item is the one that we know, and another one beside it has to be deleted by a person. */
  double: OtjError | null;
}

export interface LeaseHolder {
  technician: string;
  /** Whether a person has seen this and wants the room begun all the same. */
  agreed(room: Room, flag: TeamFlag): boolean;
}

/** Changes nothing on record once the signal of a call is aborted. */
export class Leasing {
  private readonly site: Site;
  private readonly who: LeaseHolder;

  constructor(site: Site, who: LeaseHolder) {
    this.site = site;
    this.who = who;
  }

  /**
   * Takes a room.
   * @returns null = it stays out of the list: that is decided, or its item was deleted and the next publish asks what is to become of it.
   * Throws ROOM_TAKEN, M365_CHANGED, RESULTS_DOUBLE where none of several items is known as ours, RESULTS_UNSURE
   * where one that we sent may be there already, CANCELLED, and what Graph throws.
   */
  async take(list: ResultsList, room: Room, signal: AbortSignal): Promise<Taken | null> {
    const { technician, agreed } = this.who;
    const key = randomUUID();
    for (let tries = 0; tries < TRIES; tries++) {
      const known = this.site.results.of(room.id);
      const mine = { key: known?.lease ?? null, laptop: laptop() };
      const { items: all, whole } = await this.findAll(list, room, signal);
      const [item = null, ...others] = all;
      const now = list.graph.now();
      const former = item && leaseIn(item.fields);
      this.site.db.transaction(() => {
        this.noteTeam(room, all, { whole, now });
        if (item && others.length === 0 && !known?.keptOut) this.note(room, item, list);
      });
      const flag = teamFlag(
        all.map(({ fields }) => fields),
        { lease: mine.key, begun: isBegun(this.site, room), now },
      );
      if (flag && !agreed(room, flag)) {
        const isNear =
          flag.kind === 'taken' &&
          all.some(({ fields }) => leaseIn(fields)?.until === flag.until && isLeaseFromAnywhere(known, fields));
        throw new OtjError('ROOM_TAKEN', flagWords(flag) + (isNear ? ELSEWHERE : ''));
      }
      const double = others.length > 0 ? new OtjError('RESULTS_DOUBLE', `${all.length} items`) : null;
      // In the one that we know a mark still tells colleagues; which of several unknown ones is the right one a person has to say.
      if (double && item?.id !== known?.itemId) throw double;
      if (known?.keptOut || (!item && known?.itemId)) return null;
      // As decide() does: what we sent a moment ago may be there, and only not be shown yet.
      if (!item && known?.sending && !list.unique && isFresh(known.sending.at)) throw new OtjError('RESULTS_UNSURE');
      const lease =
        former && judge(former, mine, now) === 'own'
          ? renewed(former, now)
          : newLease({ holder: technician, laptop: mine.laptop, key }, now);
      // On record before it is sent: should the answer be lost, it is known as ours.
      await this.site.db.durably(() => this.site.results.noteLease(room.id, lease.key));
      const written = await this.write(list, { room, item, lease }, signal);
      if (signal.aborted) throw new OtjError('CANCELLED');
      if (written) {
        this.note(room, written, list);
        return { room, item: written, lease, double };
      }
    }
    throw new OtjError('M365_CHANGED', WRITTEN_ALWAYS);
  }

  /**
   * Lets a lease last longer; `held` has the item as it is then.
   * @param isHeld false once the room was given back meanwhile, by ourselves
   * @returns why it is ours no longer; null = it is. Throws RESULTS_DOUBLE, and what Graph throws
   */
  async renew(list: ResultsList, held: Held, signal: AbortSignal, isHeld: () => boolean): Promise<OtjError | null> {
    const { room } = held;
    for (let tries = 0; tries < TRIES && isHeld(); tries++) {
      const lease = renewed(held.lease, list.graph.now());
      const after = await this.write(list, { room, item: held.item, lease }, signal);
      if (after) {
        held.item = after;
        held.lease = lease;
        return null;
      }
      const there = await this.find(list, room, signal);
      if (!isHeld()) return null;
      const now = there && leaseIn(there.fields);
      if (!there || !now || !isOwn(now, lease))
        return new OtjError('LEASE_LOST', now ? leaseWords(now) : 'its item is gone');
      held.item = there;
    }
    return null;
  }

  /** Gives a room back together with its result. Throws M365_CHANGED, RESULTS_DOUBLE, and what Graph throws. */
  async giveBack(list: ResultsList, { room, item, lease }: Held, signal: AbortSignal): Promise<void> {
    const { site } = this;
    let there: ListItem | null = item;
    for (let tries = 0; tries < TRIES; tries++) {
      // an answer without its tag says nothing of what may be written next
      if (there?.etag === null) there = await this.find(list, room, signal);
      // somebody has deleted it: the next publish asks what is to become of it
      if (!there) return;
      const now = site.rooms.get(room.id) ?? room;
      const owed = site.results.owed().find(({ roomId }) => roomId === room.id);
      const known = site.results.of(room.id);
      const ours = roomFields(site, now, list.mapping);
      const before = { base: known?.base ?? {}, written: known?.written ?? {} };
      const sent = known?.sending?.fields ?? null;
      const merged = merge({ ours, ...before, theirs: there.fields, sent });
      const held = leaseIn(there.fields);
      const fields = { ...merged.write, ...(held && isOwn(held, lease) ? leaseFields(null) : {}) };
      await site.db.durably(() => site.results.noteSending(room.id, fields));
      try {
        const after = list.updated(await list.graph.ask(list.update(there, fields), signal), there, fields);
        if (signal.aborted) return;
        site.db.transaction(() => {
          const agreed = agreedOn(after.fields, ours, merged, before);
          site.results.delivered(room.id, { itemId: after.id, etag: after.etag, seen: after.fields }, agreed);
          site.results.noteLease(room.id, null);
          site.results.saveTeamItem(teamItem(room, after));
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
    throw new OtjError('M365_CHANGED', WRITTEN_ALWAYS);
  }

  /** The room's item, where it is known the one that we know; null = there is none. Throws RESULTS_DOUBLE, and what Graph throws. */
  private async find(list: ResultsList, room: Room, signal: AbortSignal): Promise<ListItem | null> {
    const { items: all } = await this.findAll(list, room, signal);
    const itemId = this.site.results.of(room.id)?.itemId;
    const known = all.find(({ id }) => id === itemId);
    if (!known && all.length > 1) throw new OtjError('RESULTS_DOUBLE', `${all.length} items`);
    return known ?? all[0] ?? null;
  }

  /**
   * The room's items, of which a list that does not refuse doubles may have another beside the known one. Throws what Graph throws.
   * @returns `whole`: there are no others
   */
  private async findAll(
    list: ResultsList,
    room: Room,
    signal: AbortSignal,
  ): Promise<{ items: ListItem[]; whole: boolean }> {
    const itemId = this.site.results.of(room.id)?.itemId;
    const read = itemId ? (await list.readSome([itemId], signal)).get(itemId) : undefined;
    const known = read instanceof OtjError ? [] : (read ?? []);
    if (known.length > 0 && list.unique) return { items: known, whole: true };
    const key = roomKey(room.mailbox);
    const found = (await list.lookUp([key], signal)).get(key);
    // A list that takes a while to find a new item does not show the known one; one without an index may not find any.
    if (Array.isArray(found)) {
      // What could not be read by its id may be found by its key; what was read and is gone is only found late.
      const same = read instanceof OtjError ? found.filter(({ id }) => id === itemId) : known;
      return { items: [...same, ...found.filter(({ id }) => id !== itemId)], whole: true };
    }
    if (known.length > 0) return { items: known, whole: false };
    throw found ?? new OtjError('M365_ODD', 'no answer');
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
      if (!list.unique && !(await this.stays(list, { room, item: after }, signal))) return null;
      const agreed = { base: after.fields, written: ours };
      site.results.delivered(room.id, { itemId: after.id, etag: after.etag, seen: after.fields }, agreed);
      return after;
    } catch (thrown) {
      const error = asOtjError(thrown);
      const isUndone = error.code === 'M365_REFUSED' || error.code === 'M365_CHANGED';
      // Refused: it is none of ours that the next look finds.
      if (!item && isUndone && !signal.aborted) site.results.forgetSending(room.id);
      const isAgain = ['M365_CHANGED', 'M365_UNCERTAIN', 'M365_NOT_FOUND'].includes(error.code);
      // Made by a colleague in the same moment.
      if (isAgain || (error.code === 'M365_REFUSED' && !item && list.unique)) return null;
      throw error;
    }
  }

  /** Whether the item that was just made is the only one; if not, it is taken back where a colleague had made one before. */
  private async stays(
    list: ResultsList,
    { room, item }: { room: Room; item: ListItem },
    signal: AbortSignal,
  ): Promise<boolean> {
    const made = { key: roomKey(room.mailbox), item };
    // where it cannot be seen, the next look tells
    const fate = (await giveWay(list, [made], signal).catch(() => null))?.get(made);
    if (signal.aborted) return false;
    if (fate === 'back') this.site.results.forgetSending(room.id);
    return fate === 'stays';
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
      site.results.saveTeamItem(teamItem(room, item));
      noteTime(site, list.graph.now());
    });
  }

  /** What was read is told in the table of rooms too, by whichever item. @param whole the list has no others of this room */
  private noteTeam(room: Room, items: readonly ListItem[], { whole, now }: { whole: boolean; now: Date }): void {
    const { site } = this;
    const seen = items.map((item) => teamItem(room, item));
    site.db.transaction(() => {
      if (whole) site.results.saveTeamRoom(roomKey(room.mailbox), seen);
      else for (const one of seen) site.results.saveTeamItem(one);
      noteTime(site, now);
    });
  }
}

function teamItem({ id, mailbox }: Room, item: ListItem): TeamSeen {
  return { key: roomKey(mailbox), item: item.id, roomId: id, seen: item.fields };
}

function leaseWords({ holder: by, ...lease }: Lease): string {
  return flagWords({ kind: 'taken', by, ...lease });
}
