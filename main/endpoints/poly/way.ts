/**
 * The small interface between the shared steps of all Poly families and one way to speak to one device: REST of VideoOS,
 * Group or Trio, or a command line. A way knows paths, cookies and spellings of its protocol; it decides nothing.
 */
import type { Link } from '../driver.ts';
import type { Redactor } from '../redact.ts';
import type { ConfigVars, SystemInfo } from './videoos/replies.ts';
import type { CalendarStatus } from './videoos/status.ts';

/** A setting to be written. */
export interface SettingWrite {
  name: string;
  value: string;
}

/** What a way may tell of a device beside its settings; null = this way or this device does not tell it. */
export interface About {
  /** Upper-case hex with colons. */
  mac: string | null;
  /** Whether the device plays camera and loudspeaker for a computer. */
  deviceMode: boolean | null;
  /** The provider, such as Teams, that has the device in place of its own software; null = none, or not told. */
  provider?: string | null;
  /** Why that could not be read although the device may tell it. */
  providerUnread?: string;
}

/** Everything that the device would export of itself: the text as it wrote it, and the settings in it. */
export interface Exported {
  xml: string;
  settings: ReadonlyMap<string, string>;
}

/** A logged-in session over one way. All reads throw the OtjErrors of their link, NOT_ADMIN, REFUSED and ODD_REPLY. */
export interface PolyWay {
  readonly link: Link;
  /** Knows the secrets of the session; whatever is told or kept goes through it. */
  readonly redactor: Redactor;
  /**
   * What a registration can be proven by: the device's status; its list of meetings, where the status is no more than a
   * claim; or nothing of the device, so that only Infinity can tell.
   */
  readonly proof: 'status' | 'meetings' | 'none';
  /** Who the device is and what it is doing; read anew each time. */
  readSystem(): Promise<SystemInfo>;
  /** Only who it is: as quick as the way allows, since it is asked before each write. */
  readSerial(): Promise<string>;
  readAbout(): Promise<About>;
  /** Setting that holds the MAC address, where that comes with the other settings in one request. */
  readonly macName?: string;
  /**
   * Settings by name, in one request where the device allows; by names in lower case. What the device does not know is
   * not in the answer or has a result other than `GOOD_RESULT`.
   */
  readNames(names: readonly string[]): Promise<ConfigVars>;
  /**
   * Writes settings in this order, in one request where the device allows; each name's result is in the answer.
   * @param took told each name that was taken before the answer is whole, where they are written one by one
   */
  writeNames(
    writes: readonly SettingWrite[],
    took?: (name: string) => void,
  ): Promise<{ vars: ConfigVars; rebootNeeded: boolean }>;
  /** A value as this way tells it once it is written; absent = as it was given. */
  spell?(name: string, value: string): string;
  /** The state of the calendar registration, as far as this way can tell it. */
  readStatus(): Promise<CalendarStatus>;
  /** The words of the device's row on its management server; empty = it has none. Absent where there is no such list. */
  readManager?(): Promise<readonly string[]>;
  /** How many meetings the device lists, at least 1 if any; null when this way cannot tell. */
  readMeetings(): Promise<number | null>;
  /** null when the device has no export; words on why it could not be read where it may have one. */
  readExport(): Promise<Exported | string | null>;
  /**
   * Whether `rebootNeeded` of a reading tells that written settings wait for a restart; absent = it does. Where it does not,
   * only what the calendar does shows it.
   */
  readonly tellsRestart?: false;
  /**
   * Restarts the device; resolves when it has taken the command. Its return is seen by `readSystem`, which logs in anew
   * where it must. Absent on ways that have no such command.
   */
  restart?(): Promise<void>;
  /**
   * Logs in anew where the connection has been lost, for readings that wait; does nothing on a living one. Only on ways that
   * are over with their connection. Throws IDENTITY_MISMATCH where another device answers, and what logging in throws.
   */
  revive?(): Promise<void>;
  /** Whether that may be done once more: each login counts on a device. */
  readonly mayRevive?: boolean;
  /**
   * Sends one line as a person types it, and gives what comes back until it is quiet. Only on a command line, which has
   * more commands than names.
   */
  talk?(line: string): Promise<string[]>;
  /**
   * Asks for a resource of the HTTP API and drops its answer, for whoever listens in below; with a body it is a POST. Only
   * for what reads. Absent on a command line, which has `talk`.
   */
  touch?(path: string, body?: unknown): Promise<void>;
  /** Logs out as far as the device still answers. Never throws. */
  close(): Promise<void>;
}
