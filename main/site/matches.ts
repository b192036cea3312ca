/** Which device was given to which room, deed by deed, so that the last deed can be undone. */
import type { Family } from '../contract/plan.ts';
import type { Database } from './database.ts';

/** One room's part of a deed. */
export interface MatchEntry {
  roomId: number;
  /** The room's device before and after; null = none. */
  beforeId: number | null;
  afterId: number | null;
  /** The room that the new device was taken from. */
  fromRoomId: number | null;
  /** What was known of the new device before: a match may pass on what a list expects. */
  serial: string | null;
  family: Family | null;
}

export class Matches {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Call inside the transaction that makes the change. @returns the number of the deed */
  note(entries: readonly MatchEntry[], technician: string): number {
    const last = this.db.one('SELECT max(batch) AS batch FROM match_log');
    const batch = Number(last?.batch ?? 0) + 1;
    for (const entry of entries)
      this.db.run(
        `INSERT INTO match_log (batch, room_id, before_id, after_id, from_room_id, serial, family, technician, at)
         VALUES ($batch, $roomId, $beforeId, $afterId, $fromRoomId, $serial, $family, $technician, $at)`,
        { batch, ...entry, technician, at: new Date().toISOString() },
      );
    return batch;
  }

  /**
   * What is not undone of a deed, its parts in the order they were done; null = there is none.
   * @param batch null = the last deed of which something is not undone
   */
  deed(batch: number | null): { batch: number; entries: (MatchEntry & { id: number })[] } | null {
    const rows = this.db.all(
      `SELECT * FROM match_log WHERE undone_at IS NULL
       AND batch = coalesce($batch, (SELECT max(batch) FROM match_log WHERE undone_at IS NULL)) ORDER BY id`,
      { batch },
    );
    const [first] = rows;
    return first
      ? { batch: Number(first.batch), entries: rows.map((row) => ({ ...toEntry(row), id: Number(row.id) })) }
      : null;
  }

  undone(id: number): void {
    this.db.run('UPDATE match_log SET undone_at = $at WHERE id = $id', { id, at: new Date().toISOString() });
  }
}

function toEntry(row: Record<string, unknown>): MatchEntry {
  return {
    roomId: Number(row.room_id),
    beforeId: row.before_id as number | null,
    afterId: row.after_id as number | null,
    fromRoomId: row.from_room_id as number | null,
    serial: row.serial as string | null,
    family: row.family as Family | null,
  };
}
