/**
 * Writes the room's entry on Infinity: by its natural key, never twice, and believed only after reading it back.
 * The caller sees to it that two of these do not work on the same room at once.
 */
import type { EntryFields } from '../contract/conflict.ts';
import { OtjError } from '../contract/errors.ts';
import { assertUnchanged, foreignEntry, goneEntry, type KnownStates, newsOf } from './changed.ts';
import type { InfinityClient } from './client.ts';
import {
  checkWish,
  describeEntry,
  describeRivals,
  diffFields,
  diffWished,
  type EntryWish,
  type FieldChange,
  findEntry,
  fittedFields,
  fold,
  readableFields,
  sameValue,
} from './entry.ts';
import { EntryIndex } from './entryIndex.ts';
import { objectPath, RESOURCE } from './paths.ts';
import { type Entry, EntrySchema } from './resources.ts';
import type { ResourceSchema } from './schema.ts';

/** How often a write that was turned away for its rate is looked at afresh. */
const RATE_ATTEMPTS = 3;

/** All OTJ endpoints that Infinity has. Throws as {@link InfinityClient} does. */
export function listEntries(client: InfinityClient): Promise<Entry[]> {
  return client.list(RESOURCE.endpoints, EntrySchema);
}

/** The same as an index; one that is renewed keeps what has not changed. Throws as {@link InfinityClient} does. */
export async function indexEntries(client: InfinityClient, index = new EntryIndex()): Promise<EntryIndex> {
  await index.renew((told) => client.walk(RESOURCE.endpoints, EntrySchema, told));
  return index;
}

export interface PutOptions {
  /** Id that the entry had when it was last written, if any. */
  knownId?: number | null;
  /** A listing that the caller has just read and keeps up to date; saves reading it again for each of many rooms. */
  entries?: readonly Entry[];
  /** The same for a further try, when the node has turned many rooms away; absent = it is read for this one. */
  entriesAgain?(): Promise<readonly Entry[]>;
  /** States of the entry that nobody else has made; with none, a change by somebody else cannot be told. */
  known?: KnownStates;
  /** Whether the entry that was found is from before us; then only its password is written, unless a person has agreed to more. */
  isForeign?(): boolean;
  /** Whether somebody has agreed to these changes of this entry from before us. */
  isAgreed?(entry: Entry, changes: readonly FieldChange[]): boolean;
  /** Fields that stay as somebody has set them, each with the value that we wished then; a new wish ends it. */
  yielded?: EntryFields;
  /**
   * Called before each write with what is sent (no password) and what is there; resolves when that is kept, in case the
   * reply is lost.
   */
  writing?(fields: EntryFields, there: Entry | null): Promise<void>;
  /** Called when a write was surely not done: what `writing` has kept of it is no more than a wish. */
  refused?(): Promise<void>;
  /**
   * Lets a write begin in its turn, the look before it and `writing` included. Throws what keeps it back, and nothing of it is
   * on record then; absent = all at once.
   */
  inTurn?<T>(write: () => Promise<T>): Promise<T>;
  /** Reads an entry back, perhaps together with others; absent = by itself. */
  readBack?(id: number): Promise<Entry | null>;
}

export interface PutResult {
  id: number;
  /** True when this call made it; such an entry may be removed again by an undo, another may not. */
  created: boolean;
  /** As it was; null when there was none. Holds no password. */
  before: Entry | null;
  /** As read back. */
  after: Entry;
}

/**
 * Makes the room's entry as wished: looks it up afresh, creates it if there is none, else changes only what differs.
 * When the reply to a creation is lost, it looks before anything else and never creates a second time by itself.
 * @throws OtjError INFINITY_CONFLICT (nothing written), NOT_CONFIRMED, NO_ADDRESS, VALUE_TOO_LONG, INFINITY_VERSION,
 *   INFINITY_SETUP, EntryChanged (nothing written), and as {@link InfinityClient} does; after INFINITY_UNREACHABLE the
 *   same call may be made again later
 */
export async function putEntry(client: InfinityClient, wish: EntryWish, options: PutOptions): Promise<PutResult> {
  checkWish(wish);
  const { entries } = options;
  const schema = await client.schema(RESOURCE.endpoints);
  const again = () => options.entriesAgain?.() ?? listEntries(client);
  for (let attempt = 1; ; attempt++) {
    const listed = attempt === 1 && entries ? entries : await again();
    const write = async () => {
      const found = await look(client, wish, schema, { ...options, entries: listed });
      const { before, payload } = found;
      try {
        const id = await (before ? change(client, before, payload, options) : create(client, wish, payload, options));
        return { ...found, id };
      } catch (thrown) {
        // turned away before it was worked on; the look-up of the next attempt waits as long as the node has asked
        if (codeOf(thrown) === 'RATE_LIMITED' && attempt < RATE_ATTEMPTS) return null;
        throw thrown;
      }
    };
    const written = await (options.inTurn?.(write) ?? write());
    if (!written) continue;
    const { id, before, payload } = written;
    const read = options.readBack ?? ((one) => client.get(pathOf(one), EntrySchema));
    const after = await confirm(read, id, (now) => diffWished(now, payload.fields));
    return { id, created: !before, before, after };
  }
}

type LookOptions = Pick<PutOptions, 'knownId' | 'entries' | 'known' | 'isForeign' | 'isAgreed' | 'yielded'>;

/**
 * Fails as {@link putEntry} would because of an entry that is there, or is not there any more; writes nothing.
 * @throws OtjError as {@link putEntry} does before it writes
 */
export async function assertMayPut(client: InfinityClient, wish: EntryWish, options: LookOptions): Promise<void> {
  checkWish(wish);
  const schema = await client.schema(RESOURCE.endpoints);
  const entries = options.entries ?? (await listEntries(client));
  const { before, payload } = await look(client, wish, schema, { ...options, entries });
  if (before) changesOf(before, payload, options);
}

/** The entry that is there, or null, and what is to be written. */
async function look(
  client: InfinityClient,
  wish: EntryWish,
  schema: ResourceSchema | null,
  { knownId, entries, known = [], isForeign, yielded }: LookOptions & { entries: readonly Entry[] },
): Promise<{ before: Entry | null; payload: Payload }> {
  client.unread.assertNotOf(RESOURCE.endpoints, wish.mailbox);
  const seen = pick(entries, wish, knownId);
  // a listing is seconds old; where there is something to lose, the entry itself is looked at
  const careful = known.length > 0 || isForeign?.() === true;
  const before = seen && careful ? await client.get(pathOf(seen.id), EntrySchema) : seen;
  const payload = wanted(wish, schema, before, yielded);
  const gone = seen?.id ?? knownId;
  if (!before && gone != null && known.length > 0) throw goneEntry(gone, known, payload.fields);
  return { before, payload };
}

/** What is to be written over. @throws EntryChanged when that would undo somebody else's */
function changesOf(
  before: Entry,
  { fields }: Payload,
  { known = [], isForeign, isAgreed }: LookOptions,
): FieldChange[] {
  const changes = diffWished(before, fields);
  if (changes.length > 0 && isForeign?.() && !isAgreed?.(before, changes)) throw foreignEntry(before, changes);
  assertUnchanged('write', before, changes, known);
  return changes;
}

/**
 * Removes an entry that this product has made, and confirms that it is gone.
 * @param known states of the entry that nobody else has made
 * @returns false when it was gone already
 * @throws OtjError INFINITY_CONFLICT when the entry belongs to another mailbox by now (nothing removed), EntryChanged
 *   when somebody has worked on it (nothing removed), NOT_CONFIRMED when it is still there, and as
 *   {@link InfinityClient} does
 */
export async function removeEntry(
  client: InfinityClient,
  id: number,
  expectedMailbox: string,
  known: KnownStates = [],
): Promise<boolean> {
  const path = pathOf(id);
  const entry = await client.get(path, EntrySchema);
  if (!entry) return false;
  if (entry.id !== id || fold(entry.room_resource_email) !== fold(expectedMailbox))
    throw new OtjError('INFINITY_CONFLICT', `entry ${describeEntry(entry)} is not of ${expectedMailbox}; not removed`);
  assertUnchanged('remove', entry, newsOf(entry, known), known);
  let lost: unknown = null;
  try {
    await client.remove(path);
  } catch (thrown) {
    if (!isOutcomeUnknown(thrown)) throw thrown;
    lost = thrown;
  }
  const left = await client.get(path, EntrySchema).catch((thrown: unknown) => {
    throw lost ?? thrown;
  });
  if (left) throw lost ?? new OtjError('NOT_CONFIRMED', `entry ${describeEntry(left)} is still there`);
  return true;
}

/**
 * Puts the readable fields of an entry back as they were. Its password cannot be put back: Infinity never tells it.
 * @param before as {@link putEntry} returned it
 * @param known states of the entry that nobody else has made
 * @returns the entry as read back
 * @throws OtjError EntryChanged when the entry is gone or somebody has worked on it (nothing written), NOT_CONFIRMED, and as {@link InfinityClient} does
 */
export async function restoreEntry(
  client: InfinityClient,
  id: number,
  before: Entry,
  known: KnownStates = [],
): Promise<Entry> {
  const path = pathOf(id);
  const entry = await client.get(path, EntrySchema);
  const fields = readableFields(before);
  if (!entry) throw goneEntry(id, known, fields, 'restore');
  const changes = diffFields(entry, fields);
  if (changes.length === 0) return entry;
  assertUnchanged('restore', entry, changes, known);
  await client.patch(path, Object.fromEntries(changes.map(({ field, after }) => [field, after])));
  const read = () => client.get(path, EntrySchema);
  return confirm(read, id, (now) => diffFields(now, fields));
}

export interface Payload {
  fields: EntryFields;
  password: EntryFields;
}

/**
 * What is written, without the fields that were left to somebody else. A password goes with its user name.
 * @param before the entry that is there; null = it is to be made
 * @throws OtjError as {@link fittedFields} does
 */
export function wanted(
  wish: EntryWish,
  schema: ResourceSchema | null,
  before: Entry | null,
  yielded: EntryFields = {},
): Payload {
  const { fields, password } = fittedFields(wish, schema, before);
  const left = before === null ? [] : Object.keys(fields).filter((field) => isLeft(field, fields, yielded));
  return {
    fields: Object.fromEntries(Object.entries(fields).filter(([field]) => !left.includes(field))),
    password: left.some((field) => /_username$/.test(field)) ? {} : password,
  };
}

/** Whether somebody has decided that this field stays as it is; a new wish ends it. */
export function isLeft(field: string, fields: EntryFields, yielded: EntryFields): boolean {
  return Object.hasOwn(yielded, field) && sameValue(field, fields[field] ?? null, yielded[field] ?? null);
}

function pick(entries: readonly Entry[], wish: EntryWish, knownId?: number | null): Entry | null {
  const found = findEntry(entries, wish, knownId);
  if (found.kind === 'none') return null;
  if (found.kind === 'one') return found.entry;
  throw new OtjError('INFINITY_CONFLICT', describeRivals(found.entries, wish));
}

/** The password is written each time: it cannot be read, so only writing makes it sure. */
async function change(client: InfinityClient, before: Entry, payload: Payload, options: PutOptions): Promise<number> {
  const { fields, password } = payload;
  const changes = changesOf(before, payload, options);
  const sent = { ...Object.fromEntries(changes.map(({ field, after }) => [field, after])), ...password };
  if (Object.keys(sent).length === 0) return before.id;
  await options.writing?.(fields, before);
  try {
    await client.patch(pathOf(before.id), sent);
  } catch (thrown) {
    if (!isOutcomeUnknown(thrown)) await options.refused?.();
    throw thrown;
  }
  return before.id;
}

async function create(
  client: InfinityClient,
  wish: EntryWish,
  { fields, password }: Payload,
  options: PutOptions,
): Promise<number> {
  await options.writing?.(fields, null);
  try {
    return await client.post(RESOURCE.endpoints, { ...fields, ...password });
  } catch (thrown) {
    if (!isOutcomeUnknown(thrown)) {
      await options.refused?.();
      throw thrown;
    }
    const entries = await listEntries(client).catch(() => {
      throw thrown;
    });
    const found = findEntry(entries, wish);
    if (found.kind !== 'one' || found.by !== 'mailbox') throw thrown;
    return found.entry.id;
  }
}

type Read = (id: number) => Promise<Entry | null>;

async function confirm(read: Read, id: number, diff: (now: Entry) => FieldChange[]): Promise<Entry> {
  const now = await read(id);
  if (!now || now.id !== id) throw new OtjError('NOT_CONFIRMED', `entry ${id} cannot be read back`);
  const left = diff(now);
  if (left.length === 0) return now;
  const words = left.map(
    ({ field, before, after }) => `${field} is ${JSON.stringify(before)}, not ${JSON.stringify(after)}`,
  );
  throw new OtjError('NOT_CONFIRMED', `entry ${id}: ${words.join('; ')}`.slice(0, 1000));
}

/** The write may or may not have been done. */
function isOutcomeUnknown(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === 'INFINITY_UNREACHABLE' || code === 'INFINITY_ODD';
}

function codeOf(thrown: unknown): string | null {
  return thrown instanceof OtjError ? thrown.code : null;
}

function pathOf(id: number) {
  return objectPath(`${RESOURCE.endpoints}${id}/`);
}
