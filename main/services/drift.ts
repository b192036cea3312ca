/**
 * What Infinity has, what the site file wants, and what the devices said at their last visit, room by room. Writes nothing
 * on Infinity. It is what a person sees before a prepare, and later to find out who has changed what.
 */
import type { Told } from '../contract/device.ts';
import { asOtjError, OtjError } from '../contract/errors.ts';
import {
  type Drift,
  type DriftAction,
  type DriftField,
  type DriftRow,
  driftActionSchema,
  driftSchema,
} from '../contract/infinity.ts';
import { assertUnchanged, EntryChanged, goneEntry } from '../infinity/changed.ts';
import type { InfinityClient } from '../infinity/client.ts';
import { wanted } from '../infinity/endpoints.ts';
import {
  checkWish,
  describeRivals,
  diffWished,
  type EntryWish,
  entryFields,
  findEntry,
  shownValue,
} from '../infinity/entry.ts';
import type { EntryIndex } from '../infinity/entryIndex.ts';
import { RESOURCE } from '../infinity/paths.ts';
import type { Entry, FieldValue } from '../infinity/resources.ts';
import type { ResourceSchema } from '../infinity/schema.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { entryDevice, entryWish, typeOnInfinity } from './entryWish.ts';
import { lookFor, RoomDebt } from './infinity.ts';
import { InfinityLink } from './infinityLink.ts';
import { roomLogin } from './roomLogin.ts';

const KEY = 'drift';
/** What a prepare writes. */
const WRITES: ReadonlySet<DriftAction> = new Set(['create', 'change', 'take-over']);

export interface DriftOptions {
  rooms: readonly Room[];
  signal: AbortSignal;
  /** What a prepare of just these rooms would write: also for those that were undone. */
  asPrepared?: boolean;
}

/** Throws what keeps all rooms from it: INFINITY_UNREACHABLE, INFINITY_LOGIN, INFINITY_SETUP, CANCELLED. */
export async function readDrift(site: Site, { rooms, signal, asPrepared = false }: DriftOptions): Promise<Drift> {
  const link = new InfinityLink(site, signal);
  try {
    const { client, setup } = await link.open();
    const look = {
      schema: await client.schema(RESOURCE.endpoints),
      site,
      unread: client.unread,
      index: await link.index(),
      ids: idsOf(await link.entries()),
      groupUri: setup.group.uri,
      asPrepared,
    };
    const all = rooms.map((room) => rowOf(look, room));
    const counts = Object.fromEntries(driftActionSchema.options.map((action) => [action, 0])) as Drift['counts'];
    for (const { action } of all) counts[action]++;
    const differing = all.filter(({ action }) => action !== 'same');
    const unread = client.unread.all().filter(({ resource }) => resource === RESOURCE.endpoints).length;
    const short = setup.licences ? counts.create - Math.max(0, setup.licences.total - setup.licences.used) : 0;
    const drift: Drift = {
      at: new Date().toISOString(),
      counts,
      rows: differing,
      ...(unread > 0 ? { unread } : {}),
      ...(short > 0 ? { short } : {}),
    };
    // A look at some rooms, as before a prepare, says nothing of the others; nor does what a prepare would make of undone ones.
    const seen = new Set(rooms.map(({ id }) => id));
    if (site.rooms.all().every(({ id, state }) => seen.has(id) && !(asPrepared && state === 'undone')))
      site.keep(KEY, drift);
    return drift;
  } finally {
    await link.close();
  }
}

function isCurrentSince({ outbox }: Site, roomId: number, at: string): boolean {
  const entry = outbox.entry(roomId);
  return entry !== null && entry.deliveredAt > at && !outbox.owedOf(roomId).includes('entry');
}

/** All rooms as looked at last; null = never. */
export function lastDrift(site: Site): Drift | null {
  const drift = driftSchema.safeParse(site.kept(KEY)).data;
  if (!drift) return null;
  // What was written since was read back as the site wants it.
  const isOver = ({ roomId, writes }: DriftRow) => writes && isCurrentSince(site, roomId, drift.at);
  const [over, rows] = [drift.rows.filter(isOver), drift.rows.filter((row) => !isOver(row))];
  const counts = { ...drift.counts };
  for (const { action } of over) {
    counts[action]--;
    counts.same++;
  }
  return { ...drift, counts, rows };
}

function idsOf(entries: readonly Entry[]): ReadonlySet<number> {
  return new Set(entries.map(({ id }) => id));
}

interface Look {
  site: Site;
  index: EntryIndex;
  ids: ReadonlySet<number>;
  groupUri: string;
  unread: InfinityClient['unread'];
  schema: ResourceSchema | null;
  asPrepared: boolean;
}

function rowOf(look: Look, room: Room): DriftRow {
  const row = { roomId: room.id, room: room.name, writes: false, entryId: null, fields: [], problem: null };
  try {
    const judgement = judged(look, room);
    return { ...row, ...judgement, writes: WRITES.has(judgement.action) };
  } catch (thrown) {
    const error = asOtjError(thrown);
    // A prepare writes nothing of it and keeps it, so that a person can decide.
    if (thrown instanceof EntryChanged) return { ...row, ...changedRow(thrown), writes: true };
    return { ...row, action: error.code === 'INFINITY_CONFLICT' ? 'conflict' : 'blocked', problem: error.toProblem() };
  }
}

/** An entry that somebody has changed, or deleted, since we wrote it. */
function changedRow(changed: EntryChanged): Pick<DriftRow, 'action' | 'entryId' | 'fields' | 'problem'> {
  const { gone, entryId, fields } = changed.conflict;
  return {
    action: 'conflict',
    entryId: gone ? null : entryId,
    fields: fields.map(({ field, theirs, ours }) => ({
      field,
      infinity: gone ? null : shownValue(theirs),
      site: shownValue(ours),
      device: null,
    })),
    problem: changed.toProblem(),
  };
}

type Judged = Pick<DriftRow, 'action' | 'entryId' | 'fields'>;

/** A secret is told by a word, never by its value. */
const SECRET = { infinity: '(secret)', site: '(new secret)' };

/** As a prepare would judge and write it. Throws what {@link wanted} throws, NO_ADDRESS, FAMILY_UNKNOWN, INFINITY_CONFLICT. */
function judged(look: Look, room: Room): Judged {
  const { site, index, groupUri, unread, schema } = look;
  if (isToBeGone(look, room)) return leftOver(look, room);
  const endpoint = entryDevice(site, room);
  const wish = entryWish(room, endpoint, { groupUri, login: roomLogin(site, room, endpoint.family) });
  checkWish(wish);
  unread.assertNotOf(RESOURCE.endpoints, room.mailbox);
  const { known, options } = lookFor(site, room, wish, { index, debt: new RoomDebt(site, room) });
  const found = findEntry(options.entries, wish, options.knownId);
  if (found.kind === 'conflict') throw new OtjError('INFINITY_CONFLICT', describeRivals(found.entries, wish));
  // What the device said before its move says nothing of it now.
  const isFresh = !isMoved(room) || (endpoint.toldAt !== null && endpoint.toldAt > (room.cutoverAt ?? room.stateAt));
  const device = deviceWords(isFresh ? endpoint : { ...endpoint, told: [] }, wish);
  const field = (name: string, before: FieldValue | undefined, after: FieldValue): DriftField => ({
    field: name,
    infinity: before === undefined ? null : shownValue(before),
    site: shownValue(after),
    device: device.get(name) ?? null,
  });
  if (found.kind === 'none') {
    const { fields: all } = wanted(wish, schema, null);
    if (known && options.known.length > 0) throw goneEntry(known.entryId, options.known, all);
    const fields = Object.entries(all).map(([name, after]) => field(name, undefined, after));
    return { action: 'create', entryId: null, fields };
  }
  const { id } = found.entry;
  const { fields: all, password } = wanted(wish, schema, found.entry, options.yielded);
  const changes = diffWished(found.entry, all);
  assertUnchanged('write', found.entry, changes, options.known);
  const ours = !options.isForeign();
  // Somebody else's password cannot be compared: it is written over, and what signs in with it is shut out.
  const secrets = ours ? [] : Object.keys(password).map((name) => ({ field: name, ...SECRET, device: null }));
  const fields = [...changes.map((one) => field(one.field, one.before, one.after)), ...secrets];
  if (changes.length > 0) return { action: ours ? 'change' : 'take-over', entryId: id, fields };
  const odd = isMoved(room) && isFresh ? oddAtDevice(wish, device) : [];
  // One that was made by hand and is as wished is done, though a prepare writes its password.
  const isDone = site.outbox.entry(room.id) !== null;
  return odd.length > 0
    ? {
        action: 'device',
        entryId: id,
        fields: odd.map((name) => field(name, entryFields(wish)[name], entryFields(wish)[name] ?? null)),
      }
    : { action: isDone ? 'same' : 'take-over', entryId: id, fields };
}

/** An undone room has no entry, unless somebody has prepared it anew. */
function isToBeGone({ site, asPrepared }: Look, { id, state }: Room): boolean {
  if (state !== 'undone' || asPrepared) return false;
  return site.outbox.entry(id) === null || site.outbox.owedOf(id).includes('entry-removal');
}

function leftOver({ site, ids }: Look, { id }: Room): Judged {
  const entryId = site.outbox.entry(id)?.entryId ?? null;
  const isLeft = entryId !== null && ids.has(entryId);
  return { action: isLeft ? 'surplus' : 'same', entryId: isLeft ? entryId : null, fields: [] };
}

function isMoved({ state }: Room): boolean {
  return state === 'migrated' || state === 'awaiting sync';
}

/** What the device said at its last visit, by the field of the entry that it bears on. */
function deviceWords({ family, seenAt, address, systemName, told }: Endpoint, wish: EntryWish): Map<string, string> {
  const words = new Map<string, string>();
  const say = (field: string, value: string | null | undefined) => value && words.set(field, value);
  if (seenAt) say('api_address', address);
  say('name', systemName);
  const say1 = (key: Told['key']) => told.find((one) => one.key === key)?.value ?? null;
  if (told.length > 0 && family === 'cisco-roomos') {
    say('endpoint_type', typeOnInfinity({ family, told }));
    say('use_https', say1('http'));
    const users = say1('users');
    if (users?.includes(`${wish.username} (`)) say('api_username', wish.username);
    // A list that was cut may have had it.
    else if (users && !users.endsWith('…')) say('api_username', '–');
  }
  return words;
}

/** Fields of which the device says something that Infinity could not work with. */
function oddAtDevice(wish: EntryWish, device: ReadonlyMap<string, string>): string[] {
  if (wish.family !== 'CISCO') return [];
  return [
    ...(device.get('api_username') === '–' ? ['api_username'] : []),
    ...(/^Off\b|^HTTP$/.test(device.get('use_https') ?? '') ? ['use_https'] : []),
  ];
}
