/** Runs and their journal: the intent before each effect, the outcome after its read-back, and the evidence. */
import { createHash } from 'node:crypto';
import type { Effect, Problem } from '../contract/errors.ts';
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

type StepName = { id: string; title: string };

export interface JournalEntry {
  runId: number;
  step: string;
  title: string;
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
  intent(runId: number, roomId: number, step: StepName, also?: () => void): Promise<void> {
    const at = new Date().toISOString();
    return this.db.durably(() => {
      this.db.run(
        `INSERT INTO journal (run_id, room_id, step, title, edge, status, at)
         VALUES ($runId, $roomId, $id, $title, 'intent', 'running', $at)`,
        { runId, roomId, id: step.id, title: step.title, at },
      );
      also?.();
    });
  }

  /**
   * @param also more writes that belong to the same moment, such as a room's new state
   */
  outcome(runId: number, roomId: number, step: StepName, outcome: Outcome, also?: () => void): Promise<void> {
    const at = new Date().toISOString();
    const { status, words, problem, ms, changes } = outcome;
    const sha256 = words ? createHash('sha256').update(words).digest('hex') : null;
    return this.db.durably(() => {
      if (sha256)
        this.db.run('INSERT OR IGNORE INTO evidence (sha256, words) VALUES ($sha256, $words)', { sha256, words });
      this.db.run(
        `INSERT INTO journal (run_id, room_id, step, title, edge, status, problem, evidence, changes, at, ms)
         VALUES ($runId, $roomId, $id, $title, 'outcome', $status, $problem, $sha256, $changes, $at, $ms)`,
        {
          runId,
          roomId,
          id: step.id,
          title: step.title,
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

  /** Journal number of the last time each step of this room was meant (`running`) or done (an effect read back). */
  last(roomId: number, status: 'running' | 'done'): Map<string, number> {
    return new Map(
      this.db
        .all('SELECT step, max(id) AS last FROM journal WHERE room_id = $roomId AND status = $status GROUP BY step', {
          roomId,
          status,
        })
        .map((row) => [String(row.step), Number(row.last)]),
    );
  }

  /** What a step was to change when its outcome was written. @param id a journal number */
  changesOf(id: number): readonly Change[] {
    const row = this.db.one('SELECT * FROM journal WHERE id = $id', { id });
    return row ? toEntry(row).changes : [];
  }

  /** Epoch milliseconds. @param id a journal number */
  timeOf(id: number): number {
    return Date.parse(String(this.db.one('SELECT at FROM journal WHERE id = $id', { id })?.at));
  }

  /** Steps whose last word is an intent. */
  openIntents(roomId: number): Set<string> {
    const rows = this.db.all(
      `SELECT step FROM journal WHERE id IN (SELECT max(id) FROM journal WHERE room_id = $roomId GROUP BY step)
       AND edge = 'intent'`,
      { roomId },
    );
    return new Set(rows.map((row) => String(row.step)));
  }

  /**
   * What became of each effect meant since the room's work was last finished. An intent without an outcome is unknown;
   * so is a refusal of a step that makes several changes, for some of them may be done.
   */
  effects(roomId: number): Effect[] {
    const rows = this.db.all(
      `SELECT * FROM journal WHERE room_id = $roomId AND id > (SELECT settled FROM room WHERE id = $roomId) ORDER BY id`,
      { roomId },
    );
    const effects = new Map<string, Effect>();
    for (const row of rows) {
      const { step, title, edge, status, problem, changes } = toEntry(row);
      const known = effects.get(step);
      if (edge === 'intent') effects.set(step, { step, what: title, outcome: 'unknown' });
      else if (known && (status === 'done' || status === 'already')) known.outcome = 'done';
      else if (known && status === 'failed' && problem?.class === 'refused' && changes.length < 2)
        known.outcome = 'refused';
    }
    return [...effects.values()];
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
    title: String(row.title),
    edge: row.edge as JournalEntry['edge'],
    status: row.status as JournalEntry['status'],
    problem: row.problem ? (JSON.parse(String(row.problem)) as Problem) : null,
    words: (row.words as string | null | undefined) ?? null,
    changes: row.changes ? (JSON.parse(String(row.changes)) as Change[]) : [],
    at: String(row.at),
    ms: row.ms as number | null,
  };
}
