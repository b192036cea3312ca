import type { Faults, PolyBase, PolyCli, World } from '../../types.ts';
import type { Calendar } from '../calendar.ts';
import type { Sessions } from '../sessions.ts';
import type { Settings } from '../settings.ts';

/** What the command line works on: the same device that REST shows. */
export interface CliDevice {
  readonly given: PolyBase;
  readonly world: World;
  readonly settings: Settings;
  readonly sessions: Sessions;
  readonly calendar: Calendar;
  readonly faults: Faults;
  readonly isUp: boolean;
  log(line: string): void;
  reboot(): void;
  restartsAt(seen: string): boolean;
}

/** One that is logged in, with what `cmdecho` and `notify` have set for it. */
export interface CliUser {
  readonly role: 'admin' | 'user';
  echo: boolean;
  notified: Set<string>;
}

export interface CliCall {
  device: CliDevice;
  cli: PolyCli;
  user: CliUser;
  /** Behind the root word. */
  args: readonly string[];
  /** A value as this device shows it: with quotes or without. */
  show(value: string): string;
}
