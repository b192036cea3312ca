/** The mailbox check: asks Microsoft 365 about each room's mailbox, keeps what it told, and shows it. */
import { OtjError } from '../contract/errors.ts';
import {
  type Finding,
  findingsSchema,
  type MailboxRun,
  type MailboxStatus,
  type MailboxView,
  MOST_NAMED,
  mailboxRunSchema,
  type RoomMailbox,
} from '../contract/microsoft/mailboxes.ts';
import type { TenantFacts } from '../microsoft/mailboxes/facts.ts';
import { judge, judgeGroup, judgeUnfit, worstOf } from '../microsoft/mailboxes/judge.ts';
import { readPlaces, readTenant } from '../microsoft/mailboxes/read.ts';
import { readMailbox } from '../roomlist/fields.ts';
import { type ListFile, tableList } from '../roomlist/source.ts';
import type { MailboxRecord, TenantRoomRecord } from '../site/mailboxes.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { accessSettings, roomAccess } from './access.ts';
import { connectionOrNull } from './connection.ts';
import { withGraph } from './graph.ts';
import { technicianOf } from './settings.ts';

const KEY = 'mailboxes.last';

/** What is kept of a check as a whole. */
const keptSchema = mailboxRunSchema.omit({ outdated: true }).extend({ about: mailboxRunSchema.shape.by });

interface CheckWish {
  signal: AbortSignal;
  /** Called for each room that has come to its end. */
  done(): void;
}

/** Rooms that are to be on Infinity: those that were put back are nobody's concern. */
export function roomsToCheck(site: Site): Room[] {
  return site.rooms.all().filter(({ state }) => state !== 'undone');
}

/**
 * Throws M365_NOT_SET, VAULT_LOCKED, NOTHING_TO_DO, M365_SIGN_IN_NEEDED, M365_UNREACHABLE, CANCELLED and others; nothing is noted then.
 * A permission that is missing ends only the part that needs it.
 */
export async function checkMailboxes(site: Site, wish: CheckWish): Promise<MailboxView> {
  const rooms = roomsToCheck(site);
  if (rooms.length === 0) throw new OtjError('NOTHING_TO_DO');
  const read = rooms.map((room) => ({ room, field: readMailbox(room.mailbox) }));
  const fit = read.flatMap(({ room, field }) => ('value' in field ? [room] : []));
  for (let unfit = rooms.length - fit.length; unfit > 0; unfit--) wish.done();
  const settings = accessSettings(site);
  const about = aboutOf(site);
  const at = new Date().toISOString();
  const facts = await withGraph(site, (graph) =>
    readTenant(graph, { ...wish, mailboxes: fit.map(({ mailbox }) => mailbox), group: settings?.group ?? null }),
  );
  const group = judgeGroup(facts.group, settings?.group ?? '');
  const access = new Map(roomAccess(site).map((one) => [one.roomId, one]));
  const findings = new Map<number, Finding[]>();
  for (const { room, field } of read) if (!('value' in field)) findings.set(room.id, judgeUnfit(field.message));
  for (const [index, room] of fit.entries()) {
    const told = facts.mailboxes[index];
    const scope = settings?.scope ?? null;
    if (told)
      findings.set(room.id, judge(told, { mailbox: room.mailbox, scope, group, access: access.get(room.id) ?? null }));
  }
  const { places } = facts;
  const run = {
    at,
    by: technicianOf(site),
    about,
    group,
    listed: places instanceof OtjError ? null : places.length,
    ...(places instanceof OtjError ? { listProblem: places.toProblem() } : {}),
  } satisfies Omit<MailboxRun, 'outdated'> & { about: string };
  site.db.transaction(() => {
    site.mailboxes.save(
      rooms.flatMap(({ id, mailbox }) => {
        const list = findings.get(id);
        return list ? [{ roomId: id, mailbox, findings: list, at }] : [];
      }),
    );
    if (!(places instanceof OtjError)) site.mailboxes.saveTenant(tenantRooms(places, fit, facts));
    site.keep(KEY, run);
  });
  return mailboxView(site);
}

/** A room that the site has under an alias is no stranger. */
function tenantRooms(
  places: Exclude<TenantFacts['places'], OtjError>,
  rooms: readonly Room[],
  facts: TenantFacts,
): TenantRoomRecord[] {
  const knownAs = new Map<string, string>();
  for (const [index, { mailbox }] of rooms.entries()) {
    const found = facts.mailboxes[index]?.found;
    const mail = found && 'account' in found ? found.account.mail : null;
    if (mail && mail.toLowerCase() !== mailbox.toLowerCase()) knownAs.set(mail.toLowerCase(), mailbox.toLowerCase());
  }
  return places.map((place) => ({ ...place, knownAs: knownAs.get(place.mailbox.toLowerCase()) ?? null }));
}

/** The rooms of the tenant as a list that can be imported. Throws as the check does. */
export async function tenantList(site: Site, signal: AbortSignal): Promise<ListFile> {
  const places = await withGraph(site, (graph) => readPlaces(graph, signal));
  // those that the site has under an alias would come in a second time
  const known = site.mailboxes.knownOtherwise();
  const rows = places
    .filter(({ mailbox }) => !known.has(mailbox.toLowerCase()))
    .map(({ name, building, floor, mailbox }) => [name, building, floor, mailbox]);
  return tableList([['room', 'building', 'floor', 'mailbox'], ...rows]);
}

export function mailboxView(site: Site): MailboxView {
  const rooms = roomMailboxes(site);
  const counts: Record<MailboxStatus, number> = { pass: 0, warn: 0, fail: 0, unchecked: 0 };
  for (const { status } of rooms) counts[status]++;
  const wanting = rooms.filter(({ status, at }) => at !== null && status !== 'pass');
  const strangers = site.mailboxes.strangers();
  return {
    last: lastRun(site),
    counts,
    rooms: wanting.toSorted((a, b) => RANK[a.status] - RANK[b.status]).slice(0, MOST_NAMED),
    strangers: { count: strangers.length, rooms: strangers.slice(0, MOST_NAMED) },
  };
}

const RANK: Record<MailboxStatus, number> = { fail: 0, warn: 1, unchecked: 2, pass: 3 };

/** Null where it is none that is to be on Infinity. */
export function roomMailbox(site: Site, roomId: number): RoomMailbox | null {
  const room = site.rooms.get(roomId);
  return room && room.state !== 'undone' ? told(room, site.mailboxes.of(roomId)) : null;
}

function lastRun(site: Site): MailboxRun | null {
  const kept = keptSchema.safeParse(site.kept(KEY)).data;
  if (!kept) return null;
  const { about, ...run } = kept;
  return { ...run, outdated: about !== aboutOf(site) };
}

/** Of all rooms that are to be on Infinity. */
export function roomMailboxes(site: Site): RoomMailbox[] {
  const records = new Map(site.mailboxes.records().map((one) => [one.roomId, one]));
  return roomsToCheck(site).map((room) => told(room, records.get(room.id) ?? null));
}

/** What was told of another mailbox than the room has now is not counted. */
function told({ id, name, mailbox }: Room, record: MailboxRecord | null): RoomMailbox {
  const isSame = record?.mailbox.toLowerCase() === mailbox.toLowerCase();
  const findings = record && isSame ? findingsSchema.safeParse(record.findings).data : undefined;
  return {
    roomId: id,
    room: name,
    mailbox,
    status: worstOf(findings ?? []),
    findings: findings ?? [],
    at: findings ? (record?.at ?? null) : null,
  };
}

/** Which tenant, group and way the check is about: what was told of another says nothing of this one. */
function aboutOf(site: Site): string {
  const connection = connectionOrNull(site);
  const settings = accessSettings(site);
  return JSON.stringify([
    connection && [connection.cloud, connection.other?.graph ?? null, connection.tenant],
    settings && [settings.group.toLowerCase(), settings.scope],
  ]);
}
