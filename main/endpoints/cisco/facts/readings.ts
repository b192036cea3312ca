/** All that is read from a codec. */
import type { Firmware } from '../firmware.ts';
import type { Judgement, Macro } from '../otj/judge.ts';
import type { Bookings } from './bookings.ts';
import type { Clock } from './clock.ts';
import type { AllowedHost } from './hosts.ts';
import type { Outside } from './outside.ts';
import type { Panel } from './panels.ts';
import type { PasswordPolicy } from './policy.ts';
import type { RuntimeState } from './runtime.ts';
import type { Settings } from './settings.ts';
import type { CodecUser } from './users.ts';

/** What a visit must leave as it was, but for what its plan names. */
export interface Kept {
  /** null when the codec does not show them to this login; none when its software or model has no macros at all. */
  macros: Macro[] | null;
  users: CodecUser[] | null;
  /** Custom panels with a hash of all that the codec's list tells of each, and one of its layout. */
  panels: Panel[];
  settings: Settings;
  /** null when the codec has no such list or tells it in a way that is not known. */
  allowedHosts: AllowedHost[] | null;
}

export interface Readings extends Kept {
  firmware: Firmware;
  judgements: Judgement[];
  /** The codec's answer to the list of panels, as JSON. */
  panelAnswer: string;
  /** All panels as the codec exports them; null when it does not. */
  panelExport: string | null;
  bookings: Bookings;
  /** null when the codec does not tell it, or not in a way that is known. */
  clock: Clock | null;
  ntp: { status: string | null; server: string | null };
  outside: Outside;
  policy: PasswordPolicy;
  runtime: RuntimeState;
  /** Seconds; null when not told. */
  uptime: number | null;
  /** Its software says that it has not finished its start. */
  starting: boolean;
  /** Active, in progress and on hold; null when not told. */
  calls: number | null;
}
