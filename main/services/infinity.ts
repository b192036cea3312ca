/** Infinity for one site: the outbox that delivers entries without ever doubling one, and takes them away. */
import type { Conflict } from '../contract/conflict.ts';
import { asOtjError, type ErrorCode, OtjError } from '../contract/errors.ts';
import type { TakeOver } from '../contract/infinity.ts';
import { type Family, isPoly } from '../contract/plan.ts';
import { EntryChanged, goneEntry, type KnownStates, wholeState } from '../infinity/changed.ts';
import { assertMayPut, type PutOptions, putEntry, removeEntry, restoreEntry, wanted } from '../infinity/endpoints.ts';
import {
  describeEntry,
  diffFields,
  diffWished,
  type EntryWish,
  entryFields,
  type FieldChange,
  findEntry,
  fold,
  readableFields,
  shownValue,
} from '../infinity/entry.ts';
import type { EntryIndex } from '../infinity/entryIndex.ts';
import { RESOURCE } from '../infinity/paths.ts';
import { type Entry, EntrySchema } from '../infinity/resources.ts';
import { BY_HAND, type Debt, type InfinityEntry, MANUAL } from '../site/outbox.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { entryDevice, entryWish } from './entryWish.ts';
import type { InfinityLink } from './infinityLink.ts';
import { assertMayWrite } from './infinityLogin.ts';
import { mayBeOnInfinity, roomLogin } from './roomLogin.ts';

/**
 * Makes the room's entry on Infinity as wished. The debt is on record before it is tried and struck off after the entry
 * was read back, so that a crash in between only means trying again. Throws OtjError and keeps the debt.
 * @param agreed an entry that was there before us, as a person has seen it; any other that differs, and this one where it
 *   has, or would get, other values by now, is a conflict (EntryChanged) and nothing is written
 * @param inTurn as in {@link PutOptions}; what it throws as BATCH_PAUSED leaves what is owed of the room as it was
 */
export async function deliverEntry(
  site: Site,
  link: InfinityLink,
  { room, agreed = null, ...turns }: { room: Room; agreed?: TakeOver | null } & Turns,
): Promise<DeliveredEntry> {
  const { outbox, db } = site;
  const endpoint = entryDevice(site, room);
  const { family } = endpoint;
  const logins: Login[] = [];
  const owedBefore = outbox.debt(room.id).kinds.find((kind) => kind !== 'contact');
  await db.durably(() => {
    logins.push(roomLogin(site, room, family));
    outbox.owe(room.id, 'entry');
  });
  const [login] = logins;
  if (!login) throw new OtjError('INTERNAL', 'no login');
  try {
    const { setup, readBack } = await link.open();
    const wish = entryWish(room, endpoint, { groupUri: setup.group.uri, login });
    return await readBack.during(() => write(site, link, { room, family, wish, agreed, ...turns }));
  } catch (caught) {
    const thrown = await refusedForLicence(link, room, caught);
    const error = asOtjError(thrown);
    if (error.code === 'BATCH_PAUSED') {
      if (!owedBefore) outbox.drop(room.id, 'entry');
      else if (owedBefore !== 'entry') outbox.owe(room.id, owedBefore);
      throw thrown;
    }
    // Somebody stopped the work before this room's turn had come: it is as if it had not been begun.
    const isUntouched = !owedBefore && outbox.debt(room.id).sent === null;
    if (isUntouched && error.code === 'CANCELLED') outbox.drop(room.id, 'entry');
    outbox.failed(room.id, 'entry', error.toProblem(), conflictOf(thrown));
    throw thrown;
  } finally {
    link.licenceSettled(room, () => !mayBeOnInfinity(site, room));
  }
}

/** A creation that Infinity has refused because somebody else took the last licence is told as that, with Infinity's words. */
async function refusedForLicence(link: InfinityLink, room: Room, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof OtjError) || thrown.code !== 'INFINITY_REFUSED') return thrown;
  const gone = await link.noteLicencesGone(room).catch(() => false);
  return gone ? new OtjError('LICENCES', thrown.words, { cause: thrown }) : thrown;
}

/**
 * Fails as `deliverEntry` would for a reason that will be the same in a minute, before anything is changed anywhere: what
 * Infinity has for the room, a login that is missing, refused or has no rights, no licence, a set-up or a value that is not
 * fit. Infinity that is away, or has troubles of the moment, is no reason: a device that can be moved without it is, and the
 * turn of the entry tells.
 * @param keep an entry of somebody else is kept as the room's debt, so that a person can decide; a dry run keeps nothing
 * @throws EntryChanged, OtjError with one of `LASTING`, and what keeps the link from being opened, but for `mayOweEntry`: a
 *   link is opened once for all of a run
 */
export async function assertMayDeliver(
  site: Site,
  link: InfinityLink,
  { room, keep }: { room: Room; keep: boolean },
): Promise<void> {
  const { outbox, db } = site;
  let isOpen = false;
  try {
    const { client, setup } = await link.open();
    isOpen = true;
    const endpoint = entryDevice(site, room);
    const login = roomLogin(site, room, endpoint.family);
    const wish = entryWish(room, endpoint, { groupUri: setup.group.uri, login });
    const { options } = lookFor(site, room, wish, { index: await link.index(), debt: new RoomDebt(site, room) });
    assertMayWrite(site);
    await assertMayPut(client, wish, options);
    if (isPoly(endpoint.family)) nodeFor(room, setup.nodes, site.outbox.entry(room.id)?.server ?? null);
    if (findEntry(options.entries, wish, options.knownId).kind === 'none') link.takeLicence(room);
  } catch (thrown) {
    const error = asOtjError(thrown);
    const isTheirs = error.code === 'INFINITY_CHANGED' || error.code === 'INFINITY_CONFLICT';
    if (isTheirs && keep)
      await db.durably(() => {
        outbox.owe(room.id, 'entry');
        outbox.failed(room.id, 'entry', error.toProblem(), conflictOf(thrown));
      });
    if (isOpen ? LASTING.has(error.code) : !mayOweEntry(error)) throw thrown;
  }
}

/** Reasons against an entry that do not pass by themselves. */
const LASTING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INFINITY_CHANGED',
  'INFINITY_CONFLICT',
  'INFINITY_LOGIN',
  'INFINITY_FORBIDDEN',
  'LICENCES',
  'INFINITY_VERSION',
  'VALUE_TOO_LONG',
  'VALUE_UNFIT',
]);

type Login = Pick<EntryWish, 'username' | 'password'>;

type Turns = Pick<PutOptions, 'inTurn'>;

interface Delivery extends Turns {
  room: Room;
  family: Family;
  wish: EntryWish;
  agreed: TakeOver | null;
}

async function write(
  site: Site,
  link: InfinityLink,
  { room, family, wish, agreed, ...turns }: Delivery,
): Promise<DeliveredEntry> {
  const { outbox, db } = site;
  const { client, setup, readBack } = await link.open();
  const index = await link.index();
  const debt = new RoomDebt(site, room);
  const { known, options } = lookFor(site, room, wish, { index, debt });
  const { isForeign } = options;
  // Before anything is written: an entry without a node to sign in to gives a Poly room nothing.
  const server = isPoly(family) ? nodeFor(room, setup.nodes, known?.server ?? null) : null;
  if (findEntry(options.entries, wish, options.knownId).kind === 'none') {
    if (known && options.known.length > 0) throw goneEntry(known.entryId, options.known, entryFields(wish));
    await readBack.aside(() => link.useLicence(room));
  }
  // An earlier try may have written without that its reply came here.
  const former = debt.now;
  let isCreation = false;
  const sentBefore = former.sent !== null;
  const { id, ...put } = await putEntry(client, wish, {
    ...options,
    isAgreed: (entry, changes) => agreed !== null && isAsSeen(agreed, entry, changes),
    readBack: (one) => readBack.read(one),
    entriesAgain: async () => (await link.index()).near(wish, options.knownId),
    ...turns,
    // On record before the write: should the process die in it, the entry found next time is still known as ours.
    writing: (sent, there) => {
      isCreation = there === null;
      return debt.change(() =>
        outbox.noteWrite(room.id, {
          sent,
          there: there && readableFields(there),
          before: there && isForeign() ? there : null,
        }),
      );
    },
    refused: () =>
      debt.change(() => (isCreation ? outbox.forgetCreation(room.id) : outbox.forgetChange(room.id, former))),
  });
  const { after } = put;
  index.put(after);
  const changed = sentBefore || put.before === null || diffFields(put.before, readableFields(after)).length > 0;
  const createdByUs = debt.now.noneBefore;
  const before = createdByUs ? null : debt.now.before;
  const saved: InfinityEntry[] = [];
  await db.durably(() => {
    const entry = { roomId: room.id, entryId: id, createdByUs, before, server, base: readableFields(after), changed };
    saved.push(outbox.saveEntry(entry));
    outbox.delivered(room.id, 'entry');
  });
  const [entry] = saved;
  if (!entry) throw new OtjError('INTERNAL', 'entry not saved');
  const adopted = !known && before ? { entryId: id, taken: await takenFrom(asEntry(before)) } : null;
  return { ...entry, adopted };

  /** Values of an entry from before us that are others now. */
  async function takenFrom(old: Entry): Promise<FieldChange[]> {
    const { fields } = wanted(wish, await client.schema(RESOURCE.endpoints), old, options.yielded);
    return diffWished(old, fields);
  }
}

/** Whether all that would be changed, and what it would be changed to, is still as it was shown. */
function isAsSeen({ entryId, fields }: TakeOver, { id }: Entry, changes: readonly FieldChange[]): boolean {
  const shown = new Map(fields.map((one) => [one.field, one]));
  return id === entryId && changes.every(isShown);

  function isShown({ field, before, after }: FieldChange): boolean {
    const seen = shown.get(field);
    return seen?.infinity === shownValue(before) && seen.site === shownValue(after);
  }
}

/** What is known of the room's entry, and how to look for it among those of Infinity. */
export function lookFor(
  site: Site,
  room: Room,
  wish: EntryWish,
  { index, debt }: { index: EntryIndex; debt: RoomDebt },
) {
  const recorded = site.outbox.entry(room.id);
  // Of one that was made by hand nothing is known but that it is there: it is looked at as one from before us.
  const known = recorded?.entryId === BY_HAND ? null : recorded;
  const knownId = known?.entryId ?? null;
  const options = {
    knownId,
    entries: index.near(wish, knownId),
    known: knownStates(known, debt.now),
    isForeign: () => !known && isUnheardOf(debt.now),
    yielded: recorded?.yielded ?? {},
  };
  return { known, options };
}

function conflictOf(thrown: unknown): Conflict | null {
  return thrown instanceof EntryChanged ? thrown.conflict : null;
}

/** What is owed of a room's entry; read anew only after it was changed, because a delivery asks for it again and again. */
export class RoomDebt {
  private readonly site: Site;
  private readonly room: Room;
  private read: Debt | null = null;

  constructor(site: Site, room: Room) {
    this.site = site;
    this.room = room;
  }

  get now(): Debt {
    this.read ??= this.site.outbox.debt(this.room.id);
    return this.read;
  }

  /** Resolves when the change is on disk. */
  async change(write: () => void): Promise<void> {
    await this.site.db.durably(write);
    this.read = null;
  }
}

/** How the room's entry may look without that somebody else was at it. */
function knownStates(known: InfinityEntry | null, { sent, before: owed }: Debt): KnownStates {
  const before = known ? null : owed;
  return [
    known?.base ? wholeState(known.base) : null,
    sent,
    before && wholeState(readableFields(asEntry(before))),
  ].filter((state) => state !== null);
}

/** Whether an entry that is found now was there before us: we have neither seen, made nor written it. */
function isUnheardOf({ noneBefore, before, sent }: Debt): boolean {
  return !noneBefore && before === null && sent === null;
}

/** An entry that was there before us and is this room's now; `taken`: fields that had other values. */
export interface AdoptedEntry {
  entryId: number;
  taken: FieldChange[];
}

export type DeliveredEntry = InfinityEntry & { adopted: AdoptedEntry | null };

/** Takes our entry away again, or puts one that was there before us back as it was. Throws OtjError and keeps the debt. */
export async function deliverRemoval(site: Site, link: InfinityLink, room: Room): Promise<void> {
  const { outbox } = site;
  outbox.owe(room.id, 'entry-removal');
  if (outbox.entry(room.id)?.entryId === BY_HAND) {
    site.db.transaction(() => {
      outbox.needManual(room.id, MANUAL.infinityEntry);
      outbox.forgetEntry(room.id);
      outbox.drop(room.id, 'entry');
      outbox.delivered(room.id, 'entry-removal');
    });
    return;
  }
  try {
    const { client } = await link.open();
    const entry = outbox.entry(room.id) ?? (await unrecorded());
    const states = knownStates(outbox.entry(room.id), outbox.debt(room.id));
    if (entry?.createdByUs) {
      if (await removeEntry(client, entry.entryId, room.mailbox, states)) link.freeLicence();
    } else if (entry?.before) {
      await restoreEntry(client, entry.entryId, asEntry(entry.before), states);
      outbox.needManual(room.id, MANUAL.infinityPassword);
    } else if (entry) outbox.needManual(room.id, MANUAL.infinityEntry);
    site.db.transaction(() => {
      outbox.forgetEntry(room.id);
      outbox.drop(room.id, 'entry');
      outbox.delivered(room.id, 'entry-removal');
    });
  } catch (thrown) {
    outbox.failed(room.id, 'entry-removal', asOtjError(thrown).toProblem(), conflictOf(thrown));
    throw thrown;
  }

  /** An entry whose writing was cut off after Infinity had it and before it was on record here. */
  async function unrecorded(): Promise<Pick<InfinityEntry, 'entryId' | 'createdByUs' | 'before'> | null> {
    const { before, noneBefore } = outbox.debt(room.id);
    if (before) return { entryId: asEntry(before).id, createdByUs: false, before };
    if (!noneBefore) return null;
    const mine = (await link.entries()).filter((one) => fold(one.room_resource_email) === fold(room.mailbox));
    // Which of several is ours cannot be told, and leaving all of them is no removal.
    if (mine.length > 1) throw new OtjError('INFINITY_CONFLICT', mine.map(describeEntry).join(', '));
    return mine[0] ? { entryId: mine[0].id, createdByUs: true, before: null } : null;
  }
}

function asEntry(fields: Record<string, unknown>): Entry {
  return EntrySchema.parse(fields);
}

/** Spreads the devices of a location over its nodes; a room stays with its node as long as the location has it. */
export function nodeFor(room: Room, nodes: readonly string[] | OtjError, current: string | null): string {
  if (nodes instanceof OtjError) {
    if (current) return current;
    throw nodes;
  }
  if (current && nodes.includes(current)) return current;
  const node = nodes[room.id % nodes.length];
  if (!node) throw new OtjError('INFINITY_SETUP', 'the location of the endpoint group has no Conferencing Node');
  return node;
}

/**
 * Errors after which a Cisco room may go on and leave its entry to a later sync: Infinity was not there to ask, or a person
 * has to make the entry.
 */
export function mayOweEntry(error: OtjError): boolean {
  return ['INFINITY_UNREACHABLE', 'INFINITY_NOT_SET', 'WEBEX_ID'].includes(error.code);
}
