/**
 * Writes device names and tags to the tenant's places once rooms are migrated, and puts back what stood there before. What is to
 * be sent is on record before it goes out, each place is looked at just before, and only what is read back counts as written.
 */
import { asOtjError, type ErrorCode, OtjError, type Problem } from '../../contract/errors.ts';
import type { PlaceOutcome, PlacesMode, PlacesResult, PlacesSettings } from '../../contract/microsoft/places.ts';
import type { Graph, GraphAnswer } from '../../microsoft/graph/request.ts';
import {
  done,
  isNothing,
  NOTHING,
  type Ours,
  type PlaceWish,
  type Planned,
  type Policy,
  planUndo,
  planWrite,
  settled,
} from '../../microsoft/places/merge.ts';
import {
  askPlace,
  changePlace,
  deviceName,
  has,
  type PlaceNow,
  readAll,
  readPlace,
} from '../../microsoft/places/place.ts';
import type { PlaceRecord } from '../../site/places.ts';
import type { Room } from '../../site/rooms.ts';
import type { Site } from '../../site/site.ts';
import { withGraph } from '../graph.ts';
import { assertPlacesOn, placesSettings } from './settings.ts';

/** Rooms that are read, written and read back together: what a batch takes. */
const TOGETHER = 20;
/** What is wrong for all rooms if it is for twenty of them. */
const OF_ALL: ReadonlySet<ErrorCode> = new Set(['M365_FORBIDDEN', 'M365_CONSENT_NEEDED', 'PLACE_NOT_KEPT']);
/** Rooms that a result names. */
const MOST_NAMED = 500;

export interface PlacesWish {
  graph: Graph;
  mode: PlacesMode;
  policy: Policy;
  rooms: readonly Room[];
  signal: AbortSignal;
  told(outcome: PlaceOutcome): void;
}

/** Rooms that a look or a write, or an undo, is about when none is named. */
export function roomsFor(site: Site, mode: PlacesMode): Room[] {
  if (mode !== 'undo') return site.rooms.all().filter(({ state }) => state === 'migrated');
  const ours = site.places.all().filter((record) => !isNothing(record.ours) || record.sending !== null);
  const ids = new Set(ours.map(({ roomId }) => roomId));
  return site.rooms.all().filter(({ id }) => ids.has(id));
}

/** What is wished for the place of a room with this device; null = the device is not known and no tag is wanted. */
function wishFor(settings: PlacesSettings | null, model: string | null | undefined): PlaceWish | null {
  const name = deviceName(model ?? '');
  const devices = settings && name !== '' ? settings.devices.map((device) => [device, name] as const) : [];
  const tags = settings?.tags ?? [];
  return devices.length + tags.length === 0 ? null : { devices: Object.fromEntries(devices), tags };
}

/** Migrated rooms whose place does not have our news, as far as is known without asking; their ids in the order of the list. */
export function owedPlaces(site: Site): number[] {
  const settings = placesSettings(site);
  if (!settings) return [];
  return site.places.migrated().flatMap(({ roomId, mailbox, model, wish: known, isOpen }) => {
    const wish = wishFor(settings, model);
    return wish && (isOpen || known !== key({ mailbox }, wish)) ? [roomId] : [];
  });
}

/** The same as rooms. */
export function owedRooms(site: Site): Room[] {
  const ids = owedPlaces(site);
  const rooms = site.rooms.some(ids);
  return ids.flatMap((id) => rooms.get(id) ?? []);
}

/** Stands for what is wished for a room. */
function key({ mailbox }: Pick<Room, 'mailbox'>, wish: PlaceWish): string {
  return JSON.stringify([mailbox.toLowerCase(), wish]);
}

/** Throws PLACES_OFF (an undo needs it not), M365_NOT_SET, VAULT_LOCKED, CANCELLED, and of Graph what concerns all; what was told holds. */
export function updatePlaces(site: Site, wish: Omit<PlacesWish, 'graph'>): Promise<PlacesResult> {
  if (wish.mode !== 'undo') assertPlacesOn(site);
  return withGraph(site, (graph) => updateThrough(site, { ...wish, graph }));
}

export async function updateThrough(site: Site, wish: PlacesWish): Promise<PlacesResult> {
  if (wish.mode !== 'look') site.takeLock();
  const settings = placesSettings(site);
  const result: PlacesResult = { mode: wish.mode, settings, differs: 0, done: 0, same: 0, failed: 0, rooms: [] };
  const codes: Problem[] = [];
  const told = (outcome: PlaceOutcome) => {
    const { what, theirs, problem } = outcome;
    if (problem) codes.push(problem);
    result[what === 'written' || what === 'undone' ? 'done' : what]++;
    if ((what !== 'same' || theirs.length > 0) && result.rooms.length < MOST_NAMED) result.rooms.push(outcome);
    wish.told(outcome);
  };
  const listed = await readAll(wish.graph, wish.signal);
  const visits: Visit[] = [];
  for (const room of wish.rooms) {
    const visit = visitOf(site, room, listed, wish.mode);
    if (visit instanceof OtjError) {
      if (wish.mode === 'write' && room.state === 'migrated') noteTrouble(site, room, visit);
      told(failed(room, visit));
    } else visits.push(visit);
  }
  const update = new Update(site, { ...wish, told });
  for (let at = 0; at < visits.length; at += TOGETHER) {
    if (wish.signal.aborted) throw new OtjError('CANCELLED');
    const some = visits.slice(at, at + TOGETHER);
    codes.length = 0;
    await update.some(some);
    // It would be the same for the others: a role or a permission is missing.
    const [problem] = codes;
    if (
      some.length > 1 &&
      codes.length === some.length &&
      problem &&
      codes.every(({ code }) => OF_ALL.has(code) && code === problem.code)
    )
      throw new OtjError(problem.code, problem.words);
  }
  return result;
}

/** A room on its way: its place as it was read last, and what is ours there. */
interface Visit {
  room: Room;
  record: PlaceRecord;
  wish: PlaceWish;
  now: PlaceNow;
}

function visitOf(site: Site, room: Room, listed: ReadonlyMap<string, PlaceNow>, mode: PlacesMode): Visit | OtjError {
  if (mode !== 'undo' && room.state !== 'migrated') return new OtjError('PLACE_NOT_MIGRATED', room.state);
  const known = site.places.of(room.id);
  // A room that has another mailbox by now: what was written about it, or perhaps was, stands at the old one,
  // until it is put back there.
  const isOther =
    known !== null &&
    (!isNothing(known.ours) || known.sending !== null) &&
    known.mailbox.toLowerCase() !== room.mailbox.toLowerCase();
  const mailbox = mode === 'undo' && known ? known.mailbox : room.mailbox;
  const key = mailbox.toLowerCase();
  const now = listed.get(key) ?? listed.get(site.mailboxes.primaryOf(key) ?? '');
  if (!now) return new OtjError('PLACE_MISSING', mailbox);
  if (mode !== 'undo' && isOther) return new OtjError('PLACE_MOVED', known.mailbox);
  const wished = wishFor(placesSettings(site), site.rooms.endpointOf(room.id)?.model);
  return { room, record: { ...freshRecord(room), ...known, mailbox }, now, wish: wished ?? { devices: {}, tags: [] } };
}

function freshRecord({ id, mailbox }: Room): PlaceRecord {
  return { roomId: id, mailbox, ours: NOTHING, sending: null, wish: null, theirs: [], problem: null, at: null };
}

/** Why a room stays owed that no write gets to; what is ours in its place, and where that is, stays on record. */
function noteTrouble(site: Site, room: Room, problem: OtjError): void {
  const record = site.places.of(room.id) ?? freshRecord(room);
  site.places.save({ ...record, problem: problem.toProblem(), at: new Date().toISOString() });
}

function failed({ id, name }: Room, problem: OtjError): PlaceOutcome {
  return { roomId: id, room: name, what: 'failed', changes: [], theirs: [], problem: problem.toProblem() };
}

/** One that goes out. */
interface Sent extends Visit {
  ours: Ours;
  plan: Planned;
}

class Update {
  readonly #site: Site;
  readonly #wish: PlacesWish;

  constructor(site: Site, wish: PlacesWish) {
    this.#site = site;
    this.#wish = wish;
  }

  async some(visits: readonly Visit[]): Promise<void> {
    const { mode, graph, signal } = this.#wish;
    // A look is content with the list; before a write each place is read anew.
    const fresh = mode === 'look' ? visits.map(({ now }) => now) : await this.#read(visits.map(({ now }) => now.id));
    const going: Sent[] = [];
    for (const [at, visit] of visits.entries()) {
      const now = fresh[at];
      if (!now || now instanceof OtjError) this.#failed(visit, now ?? new OtjError('M365_ODD', 'no place'));
      else {
        const sent = this.#planned({ ...visit, now });
        if (sent) going.push(sent);
      }
    }
    if (going.length === 0) return;
    // On record before it is sent: should the answer be lost, the next look tells what became of it.
    await this.#site.db.durably(() => {
      for (const sent of going) {
        const sending = { changes: sent.plan.changes, undo: mode === 'undo' };
        this.#save(sent, { ours: sent.ours, sending, theirs: sent.plan.theirs, isOver: false });
      }
    });
    const requests = going.map(({ now, plan }) => changePlace(now.id, plan.values ?? {}));
    const answers = await graph.batch<unknown>(requests, signal);
    const back = await this.#read(going.map(({ now }) => now.id));
    for (const [at, sent] of going.entries()) this.#judge(sent, answers[at], back[at]);
  }

  async #read(ids: readonly string[]): Promise<(PlaceNow | OtjError)[]> {
    const answers = await this.#wish.graph.batch<unknown>(ids.map(askPlace), this.#wish.signal);
    return answers.map((answer) =>
      answer instanceof OtjError ? answer : (readPlace(answer.body) ?? new OtjError('M365_ODD', 'no room')),
    );
  }

  /** @returns what is to be sent; null = the room has come to its end */
  #planned(visit: Visit): Sent | null {
    const { mode, policy } = this.#wish;
    const { room, record, wish, now } = visit;
    const ours = settled(record.ours, record.sending, now);
    const plan = mode === 'undo' ? planUndo(ours, now) : planWrite(wish, ours, now, policy);
    const { changes, theirs } = plan;
    const outcome = { roomId: room.id, room: room.name, changes, theirs, problem: null };
    if (plan.values !== null && mode !== 'look') return { ...visit, ours, plan };
    if (mode === 'look') this.#wish.told({ ...outcome, what: changes.length > 0 ? 'differs' : 'same' });
    else {
      // With nothing left to be put back, what somebody has set is theirs.
      const left = mode === 'undo' ? NOTHING : ours;
      this.#save(visit, { ours: left, sending: null, theirs: mode === 'undo' ? [] : theirs, isOver: true });
      this.#wish.told({ ...outcome, what: 'same' });
    }
    return null;
  }

  #judge(sent: Sent, answer: GraphAnswer<unknown> | OtjError | undefined, back: PlaceNow | OtjError | undefined): void {
    const { room, ours, plan } = sent;
    const undo = this.#wish.mode === 'undo';
    const isThere = back && !(back instanceof OtjError) && has(back, plan.values ?? {}, plan.gone);
    const sending = { changes: plan.changes, undo };
    if (!isThere) {
      const refused = answer instanceof OtjError ? answer : null;
      const unread = back instanceof OtjError ? back : null;
      // Refused outright: nothing is on its way. Else the next look tells.
      const isRefused = refused !== null && refused.code !== 'M365_UNCERTAIN';
      const problem = refused ?? unread ?? new OtjError('PLACE_NOT_KEPT');
      this.#save(sent, { ours, sending: isRefused ? null : sending, theirs: plan.theirs, problem, isOver: false });
      this.#wish.told({ ...failed(room, problem), changes: plan.changes, theirs: plan.theirs });
      return;
    }
    const after = done(ours, sending);
    const { changes, theirs } = plan;
    // What was put back is not owed again, until something else is wished for.
    if (undo) this.#save(sent, { ours: NOTHING, sending: null, theirs: [], isOver: true });
    else this.#save(sent, { ours: after, sending: null, theirs, isOver: true });
    this.#wish.told({
      roomId: room.id,
      room: room.name,
      what: undo ? 'undone' : 'written',
      changes,
      theirs,
      problem: null,
    });
  }

  #failed(visit: Visit, problem: OtjError): void {
    const { ours, sending, theirs } = visit.record;
    if (this.#wish.mode !== 'look') this.#save(visit, { ours, sending, theirs, problem, isOver: false });
    this.#wish.told(failed(visit.room, problem));
  }

  /** @param isOver the room has come to its end: nothing is owed until something else is wished for */
  #save({ record, room, wish }: Visit, { problem = null, isOver, ...rest }: Saved): void {
    const { roomId, mailbox } = record;
    const told = problem && asOtjError(problem).toProblem();
    const at = new Date().toISOString();
    this.#site.places.save({ roomId, mailbox, ...rest, wish: isOver ? key(room, wish) : null, problem: told, at });
  }
}

interface Saved extends Pick<PlaceRecord, 'ours' | 'sending' | 'theirs'> {
  problem?: OtjError | null;
  isOver: boolean;
}
