/** What is owed to Infinity, what Infinity is known to have, and what a person still has to do. */
import { type Conflict, conflictSchema, type EntryFields, type Take } from '../contract/conflict.ts';
import { OtjError, type Problem } from '../contract/errors.ts';
import { type Proof, proofSchema } from '../contract/infinity.ts';
import type { ManualKind } from '../contract/plan.ts';
import type { Database } from './database.ts';

export const MANUAL = {
  servicePortal: 'service-portal',
  serviceAgain: 'service-again',
  infinityPassword: 'infinity-password',
  webexEntry: 'webex-entry',
  infinityEntry: 'infinity-entry',
  manager: 'manager',
  passphraseEnd: 'passphrase-end',
  deviceByHand: 'device-by-hand',
  deviceBackByHand: 'device-back-by-hand',
} as const satisfies Record<string, ManualKind>;

/** Id of an entry that a person made on Infinity without the API: it is there, and which one it is is not known. */
export const BY_HAND = 0;

export type OwedKind = 'entry' | 'contact' | 'entry-removal';

export interface Owed {
  id: number;
  roomId: number;
  kind: OwedKind;
  createdAt: string;
  attempts: number;
  problem: Problem | null;
  /** What somebody has changed meanwhile; it waits for a person's decision. */
  conflict: Conflict | null;
}

/** What is owed of a room, as of now. */
export interface Debt {
  kinds: OwedKind[];
  /** Infinity was looked at and had no entry: one that is found now is ours. */
  noneBefore: boolean;
  /** The entry that Infinity had before our first write. */
  before: Record<string, unknown> | null;
  /** The fields that were sent last and whose reply may be lost. */
  sent: EntryFields | null;
}

export interface InfinityEntry {
  roomId: number;
  entryId: number;
  /** Only entries that we created are ever deleted. */
  createdByUs: boolean;
  /** The readable fields it had before us, when it existed. */
  before: Record<string, unknown> | null;
  /** Its fields as last read back after our write; null in files of earlier versions. */
  base: EntryFields | null;
  /** Fields that stay as somebody has set them, each with our value then. */
  yielded: EntryFields;
  /** Conferencing Node chosen for a room that pulls. */
  server: string | null;
  deliveredAt: string;
  /** When a write of ours last changed a field of it, or else the first delivery: contacts before it prove nothing. */
  changedAt: string;
  lastContact: string | null;
  lastNode: string | null;
  meetings: number | null;
}

export interface ManualStep {
  id: number;
  roomId: number;
  kind: string;
  tickedBy: string | null;
  tickedAt: string | null;
  note: string | null;
}

export class Outbox {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /**
   * An entry and its removal are opposite wishes: the newer one holds, and what is known of the entry from before us goes
   * over to it.
   */
  owe(roomId: number, kind: OwedKind): void {
    const opposite = kind === 'entry' ? 'entry-removal' : kind === 'entry-removal' ? 'entry' : null;
    this.db.transaction(() => {
      this.db.run(
        `INSERT INTO outbox (room_id, kind, created_at, none_before, before, sent)
         SELECT $roomId, $kind, $at, coalesce(max(none_before), 0), max(before), max(sent) FROM outbox
         WHERE room_id = $roomId AND kind = $opposite AND delivered_at IS NULL
         ON CONFLICT DO NOTHING`,
        { roomId, kind, at: now(), opposite },
      );
      if (opposite) this.drop(roomId, opposite);
    });
  }

  owed(): Owed[] {
    return this.db.all('SELECT * FROM outbox WHERE delivered_at IS NULL ORDER BY id').map((row) => ({
      id: Number(row.id),
      roomId: Number(row.room_id),
      kind: row.kind as OwedKind,
      createdAt: String(row.created_at),
      attempts: Number(row.attempts),
      problem: row.problem ? (JSON.parse(String(row.problem)) as Problem) : null,
      conflict: conflictIn(row.conflict),
    }));
  }

  owedCount(): number {
    return Number(this.db.one('SELECT count(*) AS owed FROM outbox WHERE delivered_at IS NULL')?.owed);
  }

  owedOf(roomId: number): OwedKind[] {
    return this.debt(roomId).kinds;
  }

  delivered(roomId: number, kind: OwedKind): void {
    this.db.run(
      'UPDATE outbox SET delivered_at = $at, problem = NULL, conflict = NULL WHERE room_id = $roomId AND kind = $kind AND delivered_at IS NULL',
      { at: now(), roomId, kind },
    );
  }

  failed(roomId: number, kind: OwedKind, problem: Problem, conflict: Conflict | null = null): void {
    this.db.run(
      `UPDATE outbox SET attempts = attempts + 1, problem = $problem, conflict = $conflict, tried_at = $at
       WHERE room_id = $roomId AND kind = $kind AND delivered_at IS NULL`,
      { problem: JSON.stringify(problem), conflict: conflict && JSON.stringify(conflict), at: now(), roomId, kind },
    );
  }

  /**
   * A person has decided about what somebody changed; the next delivery acts by it. Nothing is written here. Another
   * change after the one that was seen is told anew.
   * @throws OtjError NOTHING_TO_DO when no decision is waiting for this room
   */
  settle(roomId: number, take: Take): void {
    const owed = this.owed().find((one) => one.roomId === roomId && one.conflict !== null);
    const conflict = owed?.conflict;
    if (!owed || !conflict) throw new OtjError('NOTHING_TO_DO', 'nobody has changed its entry');
    const isLeft = take === 'infinity' && (conflict.gone || conflict.wish !== 'write');
    this.db.transaction(() => {
      if (isLeft) this.delivered(roomId, owed.kind);
      // An undone room's entry goes on telling Infinity of it until a person takes it away.
      if (isLeft && !conflict.gone && conflict.wish === 'remove') this.needManual(roomId, MANUAL.infinityEntry);
      if (isLeft || conflict.gone) this.forgetEntry(roomId);
      else this.rebase(roomId, conflict, take);
      this.db.run(
        `UPDATE outbox SET conflict = NULL, problem = NULL, sent = $sent
         WHERE room_id = $roomId AND kind = $kind AND delivered_at IS NULL`,
        { roomId, kind: owed.kind, sent: conflict.gone ? null : JSON.stringify(conflict.theirs) },
      );
    });
  }

  private rebase(roomId: number, { entryId, theirs, fields }: Conflict, take: Take): void {
    const left = Object.fromEntries(fields.map(({ field, ours }) => [field, ours]));
    const known = this.entry(roomId);
    // from before us, or cut off between the write and its record: the decision needs a place to be kept
    if (!known || known.entryId === BY_HAND) {
      const createdByUs = this.wasNoneBefore(roomId);
      const before = createdByUs ? null : (this.debt(roomId).before ?? { id: entryId, ...theirs });
      this.saveEntry({ roomId, entryId, createdByUs, before, server: known?.server ?? null });
    }
    const yielded = { ...known?.yielded, ...(take === 'infinity' ? left : {}) };
    this.db.run('UPDATE infinity_entry SET base = $base, yielded = $yielded WHERE room_id = $roomId', {
      roomId,
      base: JSON.stringify(theirs),
      yielded: JSON.stringify(yielded),
    });
  }

  /** What is owed of a room's entry, and what its tries so far have left on record. */
  debt(roomId: number): Debt {
    const row = this.db.one(
      `SELECT group_concat(kind) AS kinds, max(none_before) AS none, max(before) AS before, max(sent) AS sent
       FROM outbox WHERE room_id = $roomId AND delivered_at IS NULL`,
      { roomId },
    );
    return {
      kinds: row?.kinds ? (String(row.kinds).split(',') as OwedKind[]) : [],
      noneBefore: row?.none === 1,
      before: row?.before ? (JSON.parse(String(row.before)) as Record<string, unknown>) : null,
      sent: fieldsIn(row?.sent),
    };
  }

  /**
   * What is about to be sent, and what is there now: with these at hand a lost reply is not taken for somebody else's.
   * @param there the entry's fields; null = Infinity was looked at and has none, so what is written is ours to remove again
   * @param before the entry that Infinity had before our first write; a later look, which may see our own values, does
   *   not count
   */
  noteWrite(
    roomId: number,
    { sent, there, before }: { sent: EntryFields; there: EntryFields | null; before: Record<string, unknown> | null },
  ): void {
    this.db.transaction(() => {
      this.db.run(
        `UPDATE outbox SET sent = $sent, none_before = max(none_before, $none), before = coalesce(before, $before)
         WHERE room_id = $roomId AND kind = 'entry' AND delivered_at IS NULL`,
        { roomId, sent: JSON.stringify(sent), none: there ? 0 : 1, before: before && JSON.stringify(before) },
      );
      if (there)
        this.db.run('UPDATE infinity_entry SET base = $base WHERE room_id = $roomId', {
          roomId,
          base: JSON.stringify(there),
        });
    });
  }

  /** The creation was refused: an entry that is there later was made by somebody else. */
  forgetCreation(roomId: number): void {
    this.db.run(
      "UPDATE outbox SET none_before = 0, sent = NULL WHERE room_id = $roomId AND kind = 'entry' AND delivered_at IS NULL",
      { roomId },
    );
  }

  /** The change was not done: what was sent is again what an earlier try has left, perhaps without a reply. */
  forgetChange(roomId: number, { sent, before }: Pick<Debt, 'sent' | 'before'>): void {
    this.db.run(
      `UPDATE outbox SET sent = $sent, before = $before
       WHERE room_id = $roomId AND kind = 'entry' AND delivered_at IS NULL`,
      { roomId, sent: sent && JSON.stringify(sent), before: before && JSON.stringify(before) },
    );
  }

  wasNoneBefore(roomId: number): boolean {
    return this.debt(roomId).noneBefore;
  }

  /** Takes back what is not needed any more, such as a contact check of an undone room. */
  drop(roomId: number, kind: OwedKind): void {
    this.db.run('DELETE FROM outbox WHERE room_id = $roomId AND kind = $kind AND delivered_at IS NULL', {
      roomId,
      kind,
    });
  }

  entry(roomId: number): InfinityEntry | null {
    const row = this.db.one('SELECT * FROM infinity_entry WHERE room_id = $roomId', { roomId });
    return row ? toEntry(row) : null;
  }

  /**
   * The first word on `createdByUs` and `before` is kept: a later update of our own entry does not change whose it is.
   * `changed`: a field of it has another value since; what Infinity told of it before says nothing now.
   * @returns what is on record now
   */
  saveEntry(
    entry: Pick<InfinityEntry, 'roomId' | 'entryId' | 'createdByUs' | 'before' | 'server'> & {
      base?: EntryFields;
      changed?: boolean;
    },
  ): InfinityEntry {
    const { roomId, entryId, createdByUs, before, server, base, changed = false } = entry;
    const row = this.db.one(
      `INSERT INTO infinity_entry (room_id, entry_id, created_by_us, before, server, base, delivered_at, changed_at)
       VALUES ($roomId, $entryId, $ours, $before, $server, $base, $at, $at)
       ON CONFLICT (room_id) DO UPDATE SET entry_id = excluded.entry_id, server = excluded.server,
         changed_at = CASE WHEN $changed OR entry_id <> excluded.entry_id THEN $at ELSE coalesce(changed_at, delivered_at) END,
         last_contact = CASE WHEN $changed OR entry_id <> excluded.entry_id THEN NULL ELSE last_contact END,
         delivered_at = excluded.delivered_at, base = coalesce(excluded.base, base),
         created_by_us = CASE WHEN entry_id = excluded.entry_id THEN created_by_us ELSE excluded.created_by_us END,
         before = CASE WHEN entry_id = excluded.entry_id THEN before ELSE excluded.before END
       RETURNING *`,
      {
        roomId,
        entryId,
        ours: createdByUs ? 1 : 0,
        before: before && JSON.stringify(before),
        server,
        base: base ? JSON.stringify(base) : null,
        changed: changed ? 1 : 0,
        at: now(),
      },
    );
    return toEntry(row ?? {});
  }

  saveContact(roomId: number, contact: { at: Date; node: string | null; meetings: number | null }): void {
    this.db.run(
      'UPDATE infinity_entry SET last_contact = $at, last_node = $node, meetings = $meetings WHERE room_id = $roomId',
      { at: contact.at.toISOString(), node: contact.node, meetings: contact.meetings, roomId },
    );
  }

  saveProof(roomId: number, proof: Proof): void {
    this.db.run(
      'INSERT INTO proof (room_id, seen) VALUES ($roomId, $seen) ON CONFLICT (room_id) DO UPDATE SET seen = excluded.seen',
      { roomId, seen: JSON.stringify(proof) },
    );
  }

  /** null = never asked for, or by another version of this program. */
  proof(roomId: number): Proof | null {
    const row = this.db.one('SELECT seen FROM proof WHERE room_id = $roomId', { roomId });
    return row ? (proofSchema.safeParse(JSON.parse(String(row.seen))).data ?? null) : null;
  }

  forgetEntry(roomId: number): void {
    this.db.run('DELETE FROM proof WHERE room_id = $roomId', { roomId });
    this.db.run('DELETE FROM infinity_entry WHERE room_id = $roomId', { roomId });
  }

  manualSteps(roomId: number): ManualStep[] {
    return this.db.all('SELECT * FROM manual_step WHERE room_id = $roomId ORDER BY id', { roomId }).map((row) => ({
      id: Number(row.id),
      roomId,
      kind: String(row.kind),
      tickedBy: row.ticked_by as string | null,
      tickedAt: row.ticked_at as string | null,
      note: row.note as string | null,
    }));
  }

  /** What nobody has ticked yet, over all rooms. */
  openManual(): { roomId: number; kind: string }[] {
    return this.db
      .all('SELECT room_id, kind FROM manual_step WHERE ticked_at IS NULL ORDER BY id')
      .map((row) => ({ roomId: Number(row.room_id), kind: String(row.kind) }));
  }

  needManual(roomId: number, kind: string): void {
    this.db.run('INSERT INTO manual_step (room_id, kind) VALUES ($roomId, $kind) ON CONFLICT DO NOTHING', {
      roomId,
      kind,
    });
  }

  /** @returns whether somebody had ticked it as done */
  dropManual(roomId: number, kind: string): boolean {
    const row = this.db.one('SELECT ticked_at FROM manual_step WHERE room_id = $roomId AND kind = $kind', {
      roomId,
      kind,
    });
    this.db.run('DELETE FROM manual_step WHERE room_id = $roomId AND kind = $kind', { roomId, kind });
    return row !== undefined && row.ticked_at !== null;
  }

  /**
   * Ticks a room's manual steps that are open, or adds a note to those ticked.
   * @param kind only this kind of step; null = all
   * @returns how many there are
   */
  tick(roomId: number, by: string, note: string | null, kind: string | null = null): number {
    return this.db.run(
      `UPDATE manual_step SET ticked_by = coalesce(ticked_by, $by), ticked_at = coalesce(ticked_at, $at),
         note = coalesce($note, note) WHERE room_id = $roomId AND kind = coalesce($kind, kind)`,
      { by, at: now(), note, roomId, kind },
    ).changes;
  }
}

function toEntry(row: Record<string, unknown>): InfinityEntry {
  return {
    roomId: Number(row.room_id),
    entryId: Number(row.entry_id),
    createdByUs: row.created_by_us === 1,
    before: row.before ? (JSON.parse(String(row.before)) as Record<string, unknown>) : null,
    base: fieldsIn(row.base),
    yielded: fieldsIn(row.yielded) ?? {},
    server: row.server as string | null,
    deliveredAt: String(row.delivered_at),
    // files of earlier versions do not tell, and what is not told proves nothing
    changedAt: String(row.changed_at ?? row.delivered_at),
    lastContact: row.last_contact as string | null,
    lastNode: row.last_node as string | null,
    meetings: row.meetings as number | null,
  };
}

function fieldsIn(stored: unknown): EntryFields | null {
  return stored ? (JSON.parse(String(stored)) as EntryFields) : null;
}

function conflictIn(stored: unknown): Conflict | null {
  // files of earlier versions knew only changes of entries that we had written
  return stored ? conflictSchema.parse({ foreign: false, ...JSON.parse(String(stored)) }) : null;
}

function now(): string {
  return new Date().toISOString();
}
