/** Runs and their journal: the intent before each effect, the outcome after its read-back, and the evidence. */
import { createHash } from 'node:crypto';
import type { Problem } from '../contract/errors.ts';
import type { Change } from '../contract/plan.ts';
import type { Database } from './database.ts';

export type OutcomeStatus = 'done' | 'already' | 'owed' | 'failed';

export interface Outcome {
  status: OutcomeStatus;
  /** The device's own words, redacted. */
  words: string;
  problem: Problem | null;
  /** Milliseconds the step took. */
  ms: number;
  changes: readonly Change[];
}

export interface JournalEntry {
  runId: number;
  step: string;
  edge: 'intent' | 'outcome';
  status: OutcomeStatus | 'running';
  problem: Problem | null;
  words: string | null;
  changes: Change[];
  at: string;
  ms: number | null;
}

export class Journal {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  startRun(kind: 'migrate' | 'undo', technician: string): number {
    return this.db.run('INSERT INTO run (kind, technician, started_at) VALUES ($kind, $technician, $at)', {
      kind,
      technician,
      at: new Date().toISOString(),
    }).id;
  }

  endRun(runId: number): void {
    this.db.run('UPDATE run SET ended_at = $at WHERE id = $runId', { at: new Date().toISOString(), runId });
  }

  /** On disk when the promise resolves; only then may the effect begin. */
  intent(runId: number, roomId: number, step: string, also?: () => void): Promise<void> {
    const at = new Date().toISOString();
    return this.db.durably(() => {
      this.db.run(
        `INSERT INTO journal (run_id, room_id, step, edge, status, at) VALUES ($runId, $roomId, $step, 'intent', 'running', $at)`,
        { runId, roomId, step, at },
      );
      also?.();
    });
  }

  /**
   * @param also more writes that belong to the same moment, such as a room's new state
   */
  outcome(runId: number, roomId: number, step: string, outcome: Outcome, also?: () => void): Promise<void> {
    const at = new Date().toISOString();
    const { status, words, problem, ms, changes } = outcome;
    const sha256 = words ? createHash('sha256').update(words).digest('hex') : null;
    return this.db.durably(() => {
      if (sha256)
        this.db.run('INSERT OR IGNORE INTO evidence (sha256, words) VALUES ($sha256, $words)', { sha256, words });
      this.db.run(
        `INSERT INTO journal (run_id, room_id, step, edge, status, problem, evidence, changes, at, ms)
         VALUES ($runId, $roomId, $step, 'outcome', $status, $problem, $sha256, $changes, $at, $ms)`,
        {
          runId,
          roomId,
          step,
          status,
          problem: problem && JSON.stringify(problem),
          sha256,
          changes: changes.length > 0 ? JSON.stringify(changes) : null,
          at,
          ms: Math.round(ms),
        },
      );
      also?.();
    });
  }

  ofRoom(roomId: number): JournalEntry[] {
    return this.db
      .all(
        'SELECT j.*, e.words FROM journal j LEFT JOIN evidence e ON e.sha256 = j.evidence WHERE room_id = $roomId ORDER BY j.id',
        { roomId },
      )
      .map(toEntry);
  }

  /** Journal number of the last time each step was done (an effect read back) in this room. */
  lastDone(roomId: number): Map<string, number> {
    return new Map(
      this.db
        .all(`SELECT step, max(id) AS last FROM journal WHERE room_id = $roomId AND status = 'done' GROUP BY step`, {
          roomId,
        })
        .map((row) => [String(row.step), Number(row.last)]),
    );
  }

  /** The step whose intent has no outcome: where a run was cut off. */
  openIntent(roomId: number): { step: string; at: string } | null {
    const row = this.db.one('SELECT step, edge, at FROM journal WHERE room_id = $roomId ORDER BY id DESC LIMIT 1', {
      roomId,
    });
    return row?.edge === 'intent' ? { step: String(row.step), at: String(row.at) } : null;
  }

  /** Who worked on the room last, and when. */
  lastRun(roomId: number): { technician: string; startedAt: string; kind: string } | null {
    const row = this.db.one(
      `SELECT r.technician, r.started_at, r.kind FROM run r
       WHERE r.id = (SELECT run_id FROM journal WHERE room_id = $roomId ORDER BY id DESC LIMIT 1)`,
      { roomId },
    );
    return row
      ? { technician: String(row.technician), startedAt: String(row.started_at), kind: String(row.kind) }
      : null;
  }
}

function toEntry(row: Record<string, unknown>): JournalEntry {
  return {
    runId: Number(row.run_id),
    step: String(row.step),
    edge: row.edge as JournalEntry['edge'],
    status: row.status as JournalEntry['status'],
    problem: row.problem ? (JSON.parse(String(row.problem)) as Problem) : null,
    words: row.words as string | null,
    changes: row.changes ? (JSON.parse(String(row.changes)) as Change[]) : [],
    at: String(row.at),
    ms: row.ms as number | null,
  };
}
