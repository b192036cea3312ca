/** What is owed to Infinity, what Infinity is known to have, and what a person still has to do. */
import type { Problem } from '../contract/errors.ts';
import type { ManualKind } from '../contract/plan.ts';
import type { Database } from './database.ts';

export const MANUAL = {
  servicePortal: 'service-portal',
  serviceAgain: 'service-again',
  infinityPassword: 'infinity-password',
  webexEntry: 'webex-entry',
  manager: 'manager',
  passphraseEnd: 'passphrase-end',
} as const satisfies Record<string, ManualKind>;

export type OwedKind = 'entry' | 'contact' | 'entry-removal';

export interface Owed {
  id: number;
  roomId: number;
  kind: OwedKind;
  createdAt: string;
  attempts: number;
  problem: Problem | null;
}

export interface InfinityEntry {
  roomId: number;
  entryId: number;
  /** Only entries that we created are ever deleted. */
  createdByUs: boolean;
  /** The readable fields it had before us, when it existed. */
  before: Record<string, unknown> | null;
  /** Conferencing Node chosen for a room that pulls. */
  server: string | null;
  deliveredAt: string;
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
        `INSERT INTO outbox (room_id, kind, created_at, none_before, before)
         SELECT $roomId, $kind, $at, coalesce(max(none_before), 0), max(before) FROM outbox
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
    }));
  }

  owedCount(): number {
    return Number(this.db.one('SELECT count(*) AS owed FROM outbox WHERE delivered_at IS NULL')?.owed);
  }

  owedOf(roomId: number): OwedKind[] {
    return this.db
      .all('SELECT kind FROM outbox WHERE room_id = $roomId AND delivered_at IS NULL', { roomId })
      .map((row) => row.kind as OwedKind);
  }

  delivered(roomId: number, kind: OwedKind): void {
    this.db.run(
      'UPDATE outbox SET delivered_at = $at, problem = NULL WHERE room_id = $roomId AND kind = $kind AND delivered_at IS NULL',
      { at: now(), roomId, kind },
    );
  }

  failed(roomId: number, kind: OwedKind, problem: Problem): void {
    this.db.run(
      `UPDATE outbox SET attempts = attempts + 1, problem = $problem, tried_at = $at
       WHERE room_id = $roomId AND kind = $kind AND delivered_at IS NULL`,
      { problem: JSON.stringify(problem), at: now(), roomId, kind },
    );
  }

  /** Infinity was looked at and has no entry for this room: what is written next is ours to remove again. */
  noteNoneBefore(roomId: number): void {
    this.db.run(
      "UPDATE outbox SET none_before = 1 WHERE room_id = $roomId AND kind = 'entry' AND delivered_at IS NULL",
      { roomId },
    );
  }

  wasNoneBefore(roomId: number): boolean {
    const row = this.db.one(
      'SELECT max(none_before) AS none FROM outbox WHERE room_id = $roomId AND delivered_at IS NULL',
      { roomId },
    );
    return row?.none === 1;
  }

  /** The entry that Infinity had before our first write; a later look, which may see our own values, does not count. */
  noteBefore(roomId: number, before: Record<string, unknown>): void {
    this.db.run(
      `UPDATE outbox SET before = coalesce(before, $before)
       WHERE room_id = $roomId AND kind = 'entry' AND delivered_at IS NULL`,
      { roomId, before: JSON.stringify(before) },
    );
  }

  before(roomId: number): Record<string, unknown> | null {
    const row = this.db.one(
      'SELECT max(before) AS before FROM outbox WHERE room_id = $roomId AND delivered_at IS NULL',
      {
        roomId,
      },
    );
    return row?.before ? (JSON.parse(String(row.before)) as Record<string, unknown>) : null;
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
    if (!row) return null;
    return {
      roomId,
      entryId: Number(row.entry_id),
      createdByUs: row.created_by_us === 1,
      before: row.before ? (JSON.parse(String(row.before)) as Record<string, unknown>) : null,
      server: row.server as string | null,
      deliveredAt: String(row.delivered_at),
      lastContact: row.last_contact as string | null,
      lastNode: row.last_node as string | null,
      meetings: row.meetings as number | null,
    };
  }

  /** The first word on `createdByUs` and `before` is kept: a later update of our own entry does not change whose it is. */
  saveEntry(entry: Pick<InfinityEntry, 'roomId' | 'entryId' | 'createdByUs' | 'before' | 'server'>): void {
    const { roomId, entryId, createdByUs, before, server } = entry;
    this.db.run(
      `INSERT INTO infinity_entry (room_id, entry_id, created_by_us, before, server, delivered_at)
       VALUES ($roomId, $entryId, $ours, $before, $server, $at)
       ON CONFLICT (room_id) DO UPDATE SET entry_id = excluded.entry_id, server = excluded.server,
         delivered_at = excluded.delivered_at,
         created_by_us = CASE WHEN entry_id = excluded.entry_id THEN created_by_us ELSE excluded.created_by_us END,
         before = CASE WHEN entry_id = excluded.entry_id THEN before ELSE excluded.before END`,
      { roomId, entryId, ours: createdByUs ? 1 : 0, before: before && JSON.stringify(before), server, at: now() },
    );
  }

  saveContact(roomId: number, contact: { at: Date; node: string | null; meetings: number | null }): void {
    this.db.run(
      'UPDATE infinity_entry SET last_contact = $at, last_node = $node, meetings = $meetings WHERE room_id = $roomId',
      { at: contact.at.toISOString(), node: contact.node, meetings: contact.meetings, roomId },
    );
  }

  forgetEntry(roomId: number): void {
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

function now(): string {
  return new Date().toISOString();
}
