/** What a run tells while it goes on: the same events for a terminal, a window and `--json`. */
import type { Problem } from './errors.ts';
import type { RoomState } from './plan.ts';

export type StepStatus = 'running' | 'waiting' | 'done' | 'already' | 'owed' | 'failed';

export type RunEvent =
  | { type: 'run'; runId: number; rooms: number }
  | { type: 'room'; roomId: number; room: string; state: RoomState; problem: Problem | null }
  | {
      type: 'step';
      roomId: number;
      room: string;
      step: string;
      title: string;
      status: StepStatus;
      /** Since the step began. */
      ms: number;
      /** The device's own words, redacted. */
      words: string;
    };
