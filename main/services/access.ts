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
  cloudSchema,
  guidSchema,
  type RoomAccess,
  type ScriptKind,
  type ScriptTold,
  scriptToldSchema,
} from '../contract/microsoft/access.ts';
import { fold } from '../infinity/entry.ts';
import { readResult, settlesAt, stateOf, unfitSettings } from '../microsoft/result.ts';
import { renderScript, scriptBytes, scriptHash } from '../microsoft/script.ts';
import { readMailbox } from '../roomlist/fields.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { cutOff, forgetCut, forgetTold } from './accessCut.ts';
import { connectionOrNull } from './connection.ts';
import { writePrivate } from './writePrivate.ts';

const KEY = 'microsoft';
/** The last result of each kind of script. */
const TOLD = 'microsoft.told';
const MOST_TOLD = 100;
const seenSchema = z.object({
  state: accessStateSchema,
  words: z.string(),
  processing: z.array(z.object({ name: z.string(), now: z.string(), wish: z.string() })).nullable(),
  until: z.string().nullable().default(null),
});
type Seen = z.infer<typeof seenSchema>;

export function accessSettings(site: Site): AccessSettings | null {
  return accessSettingsSchema.safeParse(site.kept(KEY)).data ?? null;
}

/** The cloud that the site is connected to, where Exchange has a name for it. */
export function knownCloud(site: Site): AccessSettings['cloud'] {
  return cloudSchema.safeParse(connectionOrNull(site)?.cloud).data ?? 'worldwide';
}

/** Whether a change is so new that Graph may still go by what was before. @param until as {@link RoomAccess} has it */
export function isSettling(until: string | null): boolean {
  return until !== null && Date.parse(until) > Date.now();
}

/** With another app, group or cloud, nothing is known of the mailboxes any more: takeCut() comes before. Throws SETTING_UNFIT. */
export function setAccess(site: Site, settings: AccessSettings): void {
  if (settings.scope === 'rbac' && settings.objectId === null)
    throw new OtjError('SETTING_UNFIT', 'RBAC for Applications needs the object id of the enterprise application');
  if (settings.oldAppId === settings.appId)
    throw new OtjError('SETTING_UNFIT', 'the old app and the app of Infinity are the same');
  const before = accessSettings(site);
  site.db.transaction(() => {
    site.keep(KEY, settings);
    if (before && meantBy(before) === meantBy(settings)) return;
    site.access.forgetSeen();
    site.keep(TOLD, []);
    forgetTold(site);
  });
}

/** Whom a script is about, and in which tenant's cloud: what was told of another says nothing of this one. */
function meantBy({ scope, appId, objectId, group, cloud }: AccessSettings): string {
  return JSON.stringify([scope, appId, scope === 'rbac' ? objectId : null, group.toLowerCase(), cloud]);
}

export function accessView(site: Site): AccessView {
  return {
    settings: accessSettings(site),
    cloud: knownCloud(site),
    signed: site.access.signed(),
    told: told(site),
    cut: cutOff(site),
    rooms: roomAccess(site),
  };
}

function told(site: Site): ScriptTold[] {
  return z.array(scriptToldSchema).safeParse(site.kept(TOLD)).data ?? [];
}

/** Of all rooms that are to be on Infinity. What was told of another mailbox than the room has now is not counted. */
export function roomAccess(site: Site): RoomAccess[] {
  const seen = new Map(site.access.seen().map((one) => [one.roomId, one]));
  return roomsMeant(site).map(({ id, name, mailbox }) => {
    const one = seen.get(id);
    const known = one && fold(one.mailbox) === fold(mailbox) ? seenSchema.safeParse(one.seen).data : undefined;
    const nothing: Seen = { state: 'unknown', words: '', processing: null, until: null };
    return { roomId: id, room: name, mailbox, ...(known ?? nothing), at: known && one ? one.at : null };
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
  // A room that was undone is back on the old app: it is not for Infinity, and needs that app more than any other.
  const notMoved = kind === 'remove' ? site.rooms.all().filter(({ state }) => !hasMoved(state)).length : 0;
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

/** Id of the tenant that the site is connected to; null = it is not known. */
export function knownTenant(site: Site): string | null {
  const { tenant, tenantId } = connectionOrNull(site) ?? {};
  return guidSchema.safeParse(tenantId ?? tenant).data ?? null;
}

/**
 * @param tenant where the script was to run; null = in any. Throws RESULT_UNREADABLE, RESULT_FOREIGN, RESULT_OLD, RESULT_TENANT;
 * nothing is noted then.
 */
export function takeResult(site: Site, bytes: Uint8Array, tenant = knownTenant(site)): AccessResult {
  const result = readResult(bytes);
  const meant = site.access.meant(result.script, result.kind);
  if (meant === null) throw new OtjError('RESULT_FOREIGN', result.script);
  if (tenant !== null && result.tenant !== '' && result.tenant !== tenant)
    throw new OtjError('RESULT_TENANT', `signed in: ${result.tenant}; wanted: ${tenant}`);
  const settings = accessSettings(site);
  if (result.kind !== 'remove' && (!settings || meant !== meantBy(settings))) throw new OtjError('RESULT_OLD');
  const byMailbox = new Map(site.rooms.all().map((room) => [fold(room.mailbox), room]));
  const before = new Map(roomAccess(site).map((one) => [one.roomId, one]));
  const counts: AccessResult['counts'] = { ...NOTHING_COUNTED };
  const others: string[] = [];
  const looked = new Set<number>();
  let older = 0;
  let isLast = false;
  // The clock of the administrator's computer may be ahead; what it says later must not be taken for something earlier.
  const at = new Date(Math.min(Date.parse(result.at), Date.now())).toISOString();
  const { kind, applied, complete, notes, failure, policies } = result;
  const script: ScriptTold = {
    ...{ kind, applied, complete: complete && failure === '', at, failure, tenant: result.tenant, policies },
    ...{ notes: [...new Set(notes)].slice(0, MOST_TOLD), strangers: result.strangers.slice(0, MOST_TOLD) },
  };
  site.db.transaction(() => {
    for (const item of result.items) {
      const room = byMailbox.get(fold(item.mailbox));
      if (!room) {
        others.push(item.mailbox);
        continue;
      }
      const state = stateOf(item, result.restricted);
      if (state === null) continue;
      // A script that was ended before its tests takes nothing back of what an earlier one has found.
      const known = before.get(room.id)?.state ?? 'unknown';
      if (state === 'untested' && known !== 'unknown' && known !== 'untested') continue;
      looked.add(room.id);
      const words = item.error || (state === 'not-room' ? item.recipient : item.access);
      const until = laterOf(before.get(room.id)?.until, settlesAt(item, { ...result, at }), at);
      const seen: Seen = { state, words, processing: unfitSettings(item), until };
      if (site.access.saveSeen({ roomId: room.id, mailbox: room.mailbox, seen, at }, result.script)) counts[state]++;
      else older++;
    }
    const kept = told(site);
    isLast = !kept.some((one) => one.kind === kind && one.at > at);
    if (isLast) site.keep(TOLD, [...kept.filter((one) => one.kind !== kind), script]);
  });
  // Afterwards, because the files of those runs go with it.
  if (isLast && script.complete) forgetCut(site, kind, at);
  const missed = kind === 'remove' ? [] : roomsMeant(site).filter(({ id }) => !looked.has(id));
  return { ...script, counts, others, missed: missed.map(({ name }) => name), older };
}

const NOTHING_COUNTED: AccessResult['counts'] = {
  ...{ granted: 0, open: 0, pending: 0, untested: 0 },
  ...{ 'not-room': 0, failed: 0, unknown: 0 },
};

/** An earlier change goes on settling while a later script finds nothing to do; null = both are over. */
function laterOf(before: string | null | undefined, now: string | null, at: string): string | null {
  const last = [before ?? '', now ?? ''].sort().at(-1) ?? '';
  return last > at ? last : null;
}

function roomsMeant(site: Site): Room[] {
  return site.rooms.all().filter(({ state }) => state !== 'undone');
}

function hasMoved(state: Room['state']): boolean {
  return state === 'migrated' || state === 'awaiting sync';
}
