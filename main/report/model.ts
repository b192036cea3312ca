/** What a report tells, gathered by the report service. Holds no secret: contents of backups are not in it. */
import type { Problem } from '../contract/errors.ts';
import type { Change, RoomState } from '../contract/plan.ts';

export interface ReportRoom {
  name: string;
  building: string;
  floor: string;
  mailbox: string;
  state: RoomState;
  problem: Problem | null;
  /** ISO. */
  stateAt: string;
  address: string | null;
  family: string | null;
  model: string | null;
  software: string | null;
  serial: string | null;
  mac: string | null;
  /** Who worked on it last, and when (ISO). */
  technician: string | null;
  workedAt: string | null;
  /** Settings that were changed and read back, in order. */
  changes: (Change & { at: string })[];
  /** Macros that were removed, with the hash of the text in the backup. */
  removed: { name: string; sha256: string; bytes: number }[];
  /** From the old service's end to the first meeting from Infinity; null while unknown. */
  withoutOtjMs: number | null;
  cutoverAt: string | null;
  servedAt: string | null;
  infinity: { entryId: number; lastContact: string | null; node: string | null; meetings: number | null } | null;
  /** What is still owed to Infinity and to the team's list, in words. */
  owed: string[];
  /** What a person has to do, and who said it is done. */
  manual: { text: string; tickedBy: string | null; tickedAt: string | null; note: string | null }[];
  /** The journal of the last run: what was done and what the device said. */
  steps: {
    step: string;
    status: string;
    at: string;
    ms: number | null;
    words: string | null;
    problem: Problem | null;
  }[];
}

export interface Report {
  site: string;
  /** ISO. */
  madeAt: string;
  technician: string;
  counts: Record<RoomState, number>;
  rooms: ReportRoom[];
}
