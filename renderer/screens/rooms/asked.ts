/** What somebody has asked this screen for, and a dialog is open about. */
import type { Source } from './importing.ts';

export type Asked =
  /** `rooms` null: all open rooms. */
  | { what: 'run'; mode: 'plan' | 'run' | null; rooms: readonly number[] | null }
  | { what: 'undo' | 'tick'; rooms: readonly number[] }
  | { what: 'import'; source: Source | null };
