/**
 * Which app may read the rooms' mailboxes. Neither Graph nor we can change that: an Exchange administrator runs a script that a
 * technician has read and signed off here, and its result comes back as a file.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import {
  type AccessResult,
  type AccessScript,
  type AccessSettings,
  type AccessView,
  accessSettingsSchema,
  accessStateSchema,
  type RoomAccess,
  type ScriptKind,
} from '../contract/microsoft/access.ts';
import { fold } from '../infinity/entry.ts';
import { isUntold, readResult, stateOf } from '../microsoft/result.ts';
import { renderScript, scriptBytes, scriptHash } from '../microsoft/script.ts';
import { readMailbox } from '../roomlist/fields.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { writePrivate } from './writePrivate.ts';

const KEY = 'microsoft';
const seenSchema = z.object({
  state: accessStateSchema,
  words: z.string(),
  processing: z.array(z.object({ name: z.string(), now: z.string(), wish: z.string() })),
});
type Seen = z.infer<typeof seenSchema>;

export function accessSettings(site: Site): AccessSettings | null {
  return accessSettingsSchema.safeParse(site.kept(KEY)).data ?? null;
}

/** With another app, group or cloud, nothing is known of the mailboxes any more. Throws SETTING_UNFIT. */
export function setAccess(site: Site, settings: AccessSettings): void {
  if (settings.scope === 'rbac' && settings.objectId === null)
    throw new OtjError('SETTING_UNFIT', 'RBAC for Applications needs the object id of the enterprise application');
  if (settings.oldAppId === settings.appId)
    throw new OtjError('SETTING_UNFIT', 'the old app and the app of Infinity are the same');
  const before = accessSettings(site);
  site.db.transaction(() => {
    site.keep(KEY, settings);
    if (!before || meantBy(before) !== meantBy(settings)) site.access.forgetSeen();
  });
}

/** Whom a script is about, and in which tenant's cloud: what was told of another says nothing of this one. */
function meantBy({ scope, appId, objectId, group, cloud }: AccessSettings): string {
  return JSON.stringify([scope, appId, scope === 'rbac' ? objectId : null, group.toLowerCase(), cloud]);
}

export function accessView(site: Site): AccessView {
  return { settings: accessSettings(site), signed: site.access.signed(), rooms: roomAccess(site) };
}

/** Of all rooms that are to be on Infinity. What was told of another mailbox than the room has now is not counted. */
export function roomAccess(site: Site): RoomAccess[] {
  const seen = new Map(site.access.seen().map((one) => [one.roomId, one]));
  return roomsMeant(site).map(({ id, name, mailbox }) => {
    const one = seen.get(id);
    const told = one && fold(one.mailbox) === fold(mailbox) ? seenSchema.safeParse(one.seen).data : undefined;
    const nothing: Seen = { state: 'unknown', words: '', processing: [] };
    return { roomId: id, room: name, mailbox, ...(told ?? nothing), at: told && one ? one.at : null };
  });
}

/** @param id of a script that was shown before; absent = a new one. Throws ACCESS_UNSET, NOTHING_TO_DO. */
export function makeScript(site: Site, kind: ScriptKind, id: string = randomUUID()): AccessScript {
  const settings = accessSettings(site);
  if (!settings || (kind === 'remove' && settings.oldAppId === null)) throw new OtjError('ACCESS_UNSET');
  if (kind === 'rbac' && settings.objectId === null)
    throw new OtjError('ACCESS_UNSET', 'the object id of the enterprise application is missing');
  const rooms = kind === 'remove' ? [] : roomsMeant(site);
  const read = rooms.map((room) => ({ room, field: readMailbox(room.mailbox) }));
  const fit = read.flatMap(({ room, field }) => ('value' in field ? [room] : []));
  const left = read.flatMap(({ room, field }) =>
    'value' in field ? [] : [{ room: room.name, problem: new OtjError('VALUE_UNFIT', field.message).toProblem() }],
  );
  if (kind !== 'remove' && fit.length === 0) throw new OtjError('NOTHING_TO_DO');
  const text = renderScript({ id, kind, site: site.settings.name, settings, rooms: fit });
  const notMoved = kind === 'remove' ? roomsMeant(site).filter(({ state }) => !hasMoved(state)).length : 0;
  return { id, kind, text, sha256: scriptHash(text), rooms: fit.length, left, notMoved };
}

interface Shown {
  script: Pick<AccessScript, 'id' | 'kind' | 'sha256'>;
  /** A `remove` is wanted although rooms have not moved yet. */
  beforeAllMoved: boolean;
}

/** The script that was shown, if it is still the same. Throws SCRIPT_CHANGED, OLD_APP_NEEDED, and what makeScript() throws. */
export function scriptShown(site: Site, { script: { id, kind, sha256 }, beforeAllMoved }: Shown): AccessScript {
  const now = makeScript(site, kind, id);
  if (now.sha256 !== sha256) throw new OtjError('SCRIPT_CHANGED');
  if (now.notMoved > 0 && !beforeAllMoved) throw new OtjError('OLD_APP_NEEDED', `${now.notMoved} rooms`);
  return now;
}

/** Notes who has read it; a result of it counts from now on. */
export function noteSigned(
  site: Site,
  { id, kind, sha256 }: Pick<AccessScript, 'id' | 'kind' | 'sha256'>,
  technician: string,
): void {
  const settings = accessSettings(site);
  const signed = { id, kind, sha256, by: technician, at: new Date().toISOString() };
  site.access.sign(signed, settings ? meantBy(settings) : '');
}

/** Writes what was shown, and notes who has read it. Throws as scriptShown() does, and DISK; nothing is written then. */
export function signScript(
  site: Site,
  { path, technician, ...shown }: Shown & { path: string; technician: string },
): void {
  const now = scriptShown(site, shown);
  writePrivate(path, scriptBytes(now.text));
  noteSigned(site, now, technician);
}

/** Throws RESULT_UNREADABLE, RESULT_FOREIGN, RESULT_OLD; nothing is noted then. */
export function takeResult(site: Site, bytes: Uint8Array): AccessResult {
  const result = readResult(bytes);
  const meant = site.access.meant(result.script, result.kind);
  if (meant === null) throw new OtjError('RESULT_FOREIGN', result.script);
  const settings = accessSettings(site);
  if (result.kind !== 'remove' && (!settings || meant !== meantBy(settings))) throw new OtjError('RESULT_OLD');
  const byMailbox = new Map(site.rooms.all().map((room) => [fold(room.mailbox), room]));
  const counts: AccessResult['counts'] = { granted: 0, open: 0, pending: 0, 'not-room': 0, failed: 0, unknown: 0 };
  const others: string[] = [];
  const at = new Date(result.at).toISOString();
  site.db.transaction(() => {
    for (const item of result.items) {
      const room = byMailbox.get(fold(item.mailbox));
      if (!room) {
        others.push(item.mailbox);
        continue;
      }
      if (result.failure && isUntold(item)) {
        counts.unknown++;
        continue;
      }
      const state = stateOf(item, result.restricted);
      const processing = item.processing.flatMap(({ name, after, wish }) =>
        after === wish ? [] : [{ name, now: after, wish }],
      );
      const words = item.error || (state === 'not-room' ? item.recipient : item.access);
      const seen: Seen = { state, words, processing };
      site.access.saveSeen({ roomId: room.id, mailbox: room.mailbox, seen, at }, result.script);
      counts[state]++;
    }
  });
  const { kind, applied, notes, failure } = result;
  return { kind, applied, counts, others, notes, failure };
}

function roomsMeant(site: Site): Room[] {
  return site.rooms.all().filter(({ state }) => state !== 'undone');
}

function hasMoved(state: Room['state']): boolean {
  return state === 'migrated' || state === 'awaiting sync';
}
