/** Everything that is known of one room, from all parts of the site file. Needs no secret, but for the backup's texts. */
import { OtjError, type Problem } from '../contract/errors.ts';
import { problemSchema, type RoomDetail, type RoomRow, type StepRecord } from '../contract/rooms.ts';
import type { JournalEntry } from '../site/journal.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { textRedactor } from './redactTexts.ts';
import { hasOldPassword, roomLogin } from './roomLogin.ts';
import { roomRows } from './roomRows.ts';

/** Throws ROOM_UNKNOWN. */
export function roomOf({ rooms }: Site, roomId: number): Room {
  const room = rooms.get(roomId);
  if (!room) throw new OtjError('ROOM_UNKNOWN', String(roomId));
  return room;
}

/** Throws ROOM_UNKNOWN. */
export function roomDetail(site: Site, roomId: number): RoomDetail {
  const { rooms, outbox, journal, backups } = site;
  const [row] = roomRows(site, [roomId]);
  if (!row) throw new OtjError('ROOM_UNKNOWN', String(roomId));
  const { problem, cutoverAt, servedAt, takeMacros, leaveMacros, accepted } = roomOf(site, roomId);
  const device = rooms.endpointOf(roomId);
  const entry = outbox.entry(roomId);
  const pin = (kind: 'ssh' | 'tls') => device && rooms.pinOf(device.id, kind);
  return {
    room: row,
    problem: problem && sound(problem),
    device,
    pins: { ssh: pin('ssh'), tls: pin('tls') },
    oldPasswordKept: hasOldPassword(site, roomId),
    ownLogin: site.credentials().some((login) => login.roomId === roomId),
    plan: site.plan(roomId),
    steps: stepRecords(journal.ofRoom(roomId), row),
    lastRun: lastRunOf(site, roomId),
    backup: device?.serial ? backups.list(device.serial) : [],
    infinity: entry && {
      entryId: entry.entryId,
      server: entry.server,
      lastContact: entry.lastContact,
      node: entry.lastNode,
      meetings: entry.meetings,
    },
    owed: outbox.owedOf(roomId),
    manual: outbox
      .manualSteps(roomId)
      .map(({ kind, tickedBy, tickedAt, note }) => ({ kind, tickedBy, tickedAt, note })),
    cutoverAt,
    servedAt,
    takeMacros,
    leaveMacros,
    accepted,
  };
}

/** What another version of this program has written into the file may have a code that this one does not know. */
function sound(problem: Problem): Problem {
  return problemSchema.safeParse(problem).data ?? new OtjError('INTERNAL', problem.happened).toProblem();
}

function lastRunOf({ journal }: Site, roomId: number): RoomDetail['lastRun'] {
  const last = journal.lastRun(roomId);
  return last && { ...last, kind: last.kind === 'undo' ? 'undo' : 'migrate' };
}

/**
 * Outcomes of all runs. An intent without one is a step of unknown end, unless the room is being worked on: then it is
 * the step under way, which is no record yet.
 */
function stepRecords(entries: readonly JournalEntry[], { state, interrupted }: RoomRow): StepRecord[] {
  const underWay = state === 'in progress' && !interrupted;
  const lastRun = entries.at(-1)?.runId;
  const answered = new Map<string, number>();
  for (const [at, entry] of entries.entries()) if (entry.edge === 'outcome') answered.set(keyOf(entry), at);
  return entries.flatMap((entry, at) => {
    const { edge, runId } = entry;
    if (edge === 'outcome') return [record(entry, entry.status)];
    const unknown = (answered.get(keyOf(entry)) ?? -1) < at && !(underWay && runId === lastRun);
    return unknown ? [record(entry, 'unknown')] : [];
  });
}

function keyOf({ runId, step }: JournalEntry): string {
  return `${runId} ${step}`;
}

function record(entry: JournalEntry, status: JournalEntry['status'] | 'unknown'): StepRecord {
  const { runId, step, title, at, ms, words, problem, changes } = entry;
  return {
    runId,
    step,
    title,
    status: status === 'running' ? 'unknown' : status,
    at,
    ms,
    words,
    problem: problem && sound(problem),
    changes,
  };
}

export type BackupText = { kind: string; name: string; open: boolean; content: string };

/**
 * The texts saved for the room's device, the newest backup first, without what is known or looks to be secret.
 * Throws ROOM_UNKNOWN, VAULT_LOCKED, SECRET_DAMAGED.
 */
export function backupTexts(site: Site, roomId: number): BackupText[] {
  const room = roomOf(site, roomId);
  const { vault } = site;
  const serial = site.rooms.endpointOf(roomId)?.serial;
  if (!serial) return [];
  const redact = textRedactor(secretsOf(site, room));
  return site.backups
    .contents(vault, serial)
    .map(({ kind, name, open, content }) => ({ kind, name, open, content: redact(content) }));
}

/**
 * The text that was saved last under a name, of the newest backup that has one. Throws USAGE when there is none, or when
 * it was saved in several kinds and nobody says which.
 */
export function savedText<T extends BackupText>(
  texts: readonly T[],
  { name, kind }: { name: string; kind: string | undefined },
): T {
  // What is kept beside a text, such as whether it was active, has its name too.
  const isWanted = (one: T) => (kind === undefined ? !one.kind.endsWith('-state') : one.kind === kind);
  const named = texts.filter((one) => one.name === name && isWanted(one));
  // The newest backup comes first, in it the oldest text.
  const [first] = named;
  const found = named.filter((one) => one.open === first?.open);
  const last = found.at(-1);
  if (!last) throw new OtjError('USAGE', `nothing is saved under ${kind ? `${kind} ` : ''}${name}`);
  if (new Set(found.map(({ content }) => content)).size > 1 && new Set(found.map((one) => one.kind)).size > 1)
    throw new OtjError(
      'USAGE',
      `${name} is saved as ${[...new Set(found.map((one) => one.kind))].join(', ')}: say --kind`,
    );
  return last;
}

/** Every password in the site file that might stand in a text of this room's device. */
function secretsOf(site: Site, room: Room): string[] {
  const stored = site
    .credentials()
    .filter(({ roomId }) => roomId === null || roomId === room.id)
    .map(({ purpose, roomId }) => site.credential(purpose, roomId).password);
  const family = site.rooms.endpointOf(room.id)?.family;
  return family ? [...stored, roomLogin(site, room, family).password] : stored;
}
