/**
 * What the services tell a screen unasked. Events come in batches, at most every 50 ms, in the order they happened; what
 * happened before a call was answered comes before its answer. Of several states of one thing a batch has the last.
 */
import type { Reach } from './app.ts';
import type { Listening } from './evidence.ts';
import type { Job, JobItem } from './jobs.ts';
import type { StepStatus } from './progress.ts';
import type { RoomRow } from './rooms.ts';
import type { SiteView } from './site.ts';

/** A step of a room that is being worked on now. */
export interface StepEvent {
  type: 'step';
  job: number;
  roomId: number;
  /** Id of the planned step, e.g. `macro.remove:otj-macro`. */
  step: string;
  title: string;
  status: StepStatus;
  /** Since the step began, milliseconds. */
  ms: number;
  /** The device's own words, redacted. */
  words: string;
}

export type AppEvent =
  /** The open site, its settings, logins or debts changed; null = none is open. */
  | { type: 'site'; site: SiteView | null }
  /** These rooms are now so. */
  | { type: 'rooms'; rooms: RoomRow[] }
  /** The list of rooms as a whole is another one: fetch it again. */
  | { type: 'list' }
  /** Devices were found, matched or released: fetch them again where they are shown. */
  | { type: 'devices' }
  /** How listening goes. */
  | { type: 'listening'; listening: Listening }
  | { type: 'job'; job: Job }
  | StepEvent
  | { type: 'item'; job: number; item: JobItem }
  | { type: 'reach'; reach: Reach };
