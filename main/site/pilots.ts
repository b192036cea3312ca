/** First devices of their kind: what is not confirmed for a model and software goes to one device before any other. */
import type { Problem } from '../contract/errors.ts';
import type { Database } from './database.ts';

export interface Pilot {
  /** What it is about, as its driver names it; one pilot each. */
  gate: string;
  /** The same for people. */
  title: string;
  /** What the driver wants to know again of a pilot that was confirmed. */
  about: Readonly<Record<string, string>>;
  roomId: number;
  serial: string;
  /** Who said that he or she watches it, and when. */
  technician: string;
  begunAt: string;
  /** When it came to its end as wished, with what the device said then. */
  confirmedAt: string | null;
  words: string | null;
  /** Why it did not. */
  problem: Problem | null;
}

export class Pilots {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** In the order in which they were begun. */
  all(): Pilot[] {
    return this.db.all('SELECT * FROM pilot ORDER BY begun_at, gate').map(toPilot);
  }

  get(gate: string): Pilot | null {
    const row = this.db.one('SELECT * FROM pilot WHERE gate = $gate', { gate });
    return row ? toPilot(row) : null;
  }

  begin({
    gate,
    title,
    about,
    roomId,
    serial,
    technician,
  }: Omit<Pilot, 'begunAt' | 'confirmedAt' | 'words' | 'problem'>): void {
    this.db.run(
      `INSERT INTO pilot (gate, title, about, room_id, serial, technician, begun_at)
       VALUES ($gate, $title, $about, $roomId, $serial, $technician, $at)`,
      { gate, title, about: JSON.stringify(about), roomId, serial, technician, at: new Date().toISOString() },
    );
  }

  /** A confirmation is never taken back: what was seen was seen. */
  confirm(gate: string, words: string): void {
    this.db.run(
      'UPDATE pilot SET confirmed_at = coalesce(confirmed_at, $at), words = $words, problem = NULL WHERE gate = $gate',
      { gate, words, at: new Date().toISOString() },
    );
  }

  /** It has not come to its end as wished; the next one is still the same device. */
  fail(gate: string, problem: Problem): void {
    this.db.run('UPDATE pilot SET problem = $problem WHERE gate = $gate AND confirmed_at IS NULL', {
      gate,
      problem: JSON.stringify(problem),
    });
  }

  /** A later visit ended well and has not confirmed it: only Infinity's word is left to come. */
  mend(gate: string): void {
    this.db.run('UPDATE pilot SET problem = NULL WHERE gate = $gate', { gate });
  }

  /** Another device may be the pilot: this one was never touched. */
  release(gate: string): void {
    this.db.run('DELETE FROM pilot WHERE gate = $gate AND confirmed_at IS NULL', { gate });
  }

  /** The same for all pilots of a room, because it was put back or given up. @returns how many there were */
  releaseRoom(roomId: number): number {
    return this.db.run('DELETE FROM pilot WHERE room_id = $roomId AND confirmed_at IS NULL', { roomId }).changes;
  }
}

function toPilot(row: Record<string, unknown>): Pilot {
  return {
    gate: String(row.gate),
    title: String(row.title),
    about: JSON.parse(String(row.about)) as Record<string, string>,
    roomId: Number(row.room_id),
    serial: String(row.serial),
    technician: String(row.technician),
    begunAt: String(row.begun_at),
    confirmedAt: row.confirmed_at as string | null,
    words: row.words as string | null,
    problem: row.problem ? (JSON.parse(String(row.problem)) as Problem) : null,
  };
}
