/**
 * What the parts of the lab agree on. Each device is a real server on its own loopback address; devices find
 * each other by name through the lab's own name table, never through the system's resolver.
 */

import type { SecureVersion } from 'node:tls';
import type { Line } from './line.ts';

/** Name table of the lab: host name (exact, or `*.suffix`) to a real address and port. */
export interface LabNames {
  set(host: string, at: { address: string; port: number }): void;
  resolve(host: string): { address: string; port: number } | undefined;
}

/** What every simulated thing may use. */
export interface World {
  names: LabNames;
  /** Added to every reply of a device, milliseconds. */
  latencyMs: number;
  /** By which all devices are reached; without one they are right here. */
  line?: Line;
  /** One line for people when something worth seeing happens; silent by default. */
  log(line: string): void;
}

/**
 * `slow`: comes in small pieces with pauses between them. `noise`: words of something else stand before the XML.
 * `too-long` and `too-short`: the header promises more bytes than come, or fewer. `unended`: chunks without the last one.
 * `closed`: a connection is said to be kept and is closed when the next request comes on it, which is not carried out.
 */
export type BadHttp = 'slow' | 'noise' | 'too-long' | 'too-short' | 'unended' | 'closed';

/** Switchable troubles of a device; all off by default. */
export interface Faults {
  /** Accepts the connection and never answers. */
  hung?: boolean;
  /** Refuses connections. */
  off?: boolean;
  /**
   * Drops the connection once, in the middle of the reply to the first command (Cisco) or request path (Poly)
   * that contains this text, after its effect has been done.
   */
  dropOnce?: string;
  /** Answers every API request with a 200 HTML page. */
  htmlInsteadOfApi?: boolean;
  /** Cuts every API reply after this many bytes and closes. */
  truncateAt?: number;
  /** In a call. */
  inCall?: boolean;
  /*
   * Codecs and some of the Poly devices, from here on; who does not know one leaves it alone.
   */
  /** Every login is right and then asked for a new passphrase: over SSH as further prompts, over HTTPS as a refusal. */
  passphraseChange?: boolean;
  /** Every account's passphrase is past its lifetime: no login succeeds, and `PassphraseExpired` says so. */
  expired?: boolean;
  /** All sessions that the codec allows are taken by others. */
  sessionsFull?: boolean;
  /** Is installing new software. */
  upgrading?: boolean;
  /** With that, the phase of it (public schemas); `Installing` when absent. */
  upgradePhase?: string;
  /** Has a call on hold. */
  callOnHold?: boolean;
  /** Has not finished its start: SSH is closed, HTTPS answers 502. */
  starting?: boolean;
  /** Restarts at the first request that contains this text, after its effect and before its reply; once. */
  rebootOn?: string;
  /** How long a restart lasts until all is as before, milliseconds. */
  bootMs?: number;
  /** The macro runtime does not start any more once it has stopped. */
  runtimeDown?: boolean;
  /** How long the macro runtime needs for a start, milliseconds. */
  runtimeStartMs?: number;
  /** How far the codec's clock is ahead of the true time (behind when negative), milliseconds. */
  clockOffsetMs?: number;
  /** Sends every SSH reply in pieces of at most this many bytes. */
  splitBytes?: number;
  /** Says things between SSH replies that nobody asked for: feedback, a stray OK, lines of text. */
  chatter?: boolean;
  /** HTTPS sessions are over after this many requests, as when somebody ended them. */
  expireSessionAfter?: number;
  /** What is wrong with every answer of the HTTP API that has a body. */
  badHttp?: BadHttp;
  /** HTTPS answers 503 to so many requests from now on, and carries none of them out. A Trio says status 4001. */
  busyRequests?: number;
  /*
   * Poly only, from here on.
   */
  /** Added to each answer, milliseconds. */
  slowMs?: number;
  /** Microsoft Teams runs in place of the device's own calls and calendar. */
  teamsMode?: boolean;
  /** The next write is carried out for so many settings, then the connection is cut; once. */
  dropAfterVars?: number;
  /** Writes of these names are refused with that word (a Trio: that `Status`), all others are carried out. */
  refuse?: Record<string, string>;
  /** Writes of these names are said to be good and are not kept. */
  forget?: string[];
  /** Settings that are not there over REST. */
  hideNames?: string[];
  /**
   * A reading that names a setting which is not there is refused as a whole, by HTTP 400 (a Trio: `Status` 4000): with
   * nothing else, or with the usual list of results.
   */
  refuseUnknown?: 'bare' | 'with results';
  /** The web is closed to whoever asks (an access list): 403, before a login is asked for and after it (Trio). */
  webClosed?: boolean;
  /** Resources of REST (by method and path, `GET calendar/meetings`) that answer with this and nothing else, for good or so many times (VideoOS and Group). */
  oddReplies?: Record<string, { status: number; text: string; times?: number }>;
  /** Commands of the command line that are not supported, by their first word (Group and VideoOS). */
  refuseCommands?: string[];
  /** What a restart over REST is answered with, and carried out (VideoOS and Group). */
  rebootStatus?: number;
  /** A restart over REST is refused (VideoOS and Group). */
  refuseReboot?: boolean;
  /** A refused login at the calendar server is shown as a server that is not there. */
  authErrorHidden?: boolean;
  /** So many sessions that somebody has left open. */
  sessionsLeftOpen?: number;
}

export interface DeviceSpec {
  address: string;
  httpsPort: number;
  serial: string;
  /** Upper-case hex with colons. */
  mac: string;
  /** Cisco: `Cisco Room Kit Pro`; Poly: `StudioX50`. */
  model: string;
  systemName: string;
  faults?: Faults;
}

export interface LabUser {
  username: string;
  passphrase: string;
  roles: ('Admin' | 'Audit' | 'User' | 'Integrator' | 'RoomControl')[];
}

export interface LabMacro {
  name: string;
  content: string;
  active: boolean;
}

export interface CodecSpec extends DeviceSpec {
  kind: 'codec';
  sshPort: number;
  /** As `xStatus SystemUnit Software Version` prints it, e.g. `ce11.27.2.0.0123456789a`. */
  software: string;
  users: LabUser[];
  macros: LabMacro[];
  panels?: { panelId: string; name: string }[];
  /** Overrides of settings, by path such as `Macros Mode`. */
  settings?: Record<string, string>;
  ssh?: {
    /** `both` when absent, keyboard-interactive first. */
    auth?: 'keyboard-interactive' | 'password' | 'both';
    /** Offers only key exchanges with SHA-1, CBC ciphers and SHA-1 MACs. */
    legacyOnly?: boolean;
    /** `custom`: texts of the owner before and after the login, one of them with lines that look like the shell's. */
    banner?: 'full' | 'none' | 'last-login' | 'custom';
  };
  tls?: {
    /** What the server speaks whatever `MinimumTLSVersion` says. */
    min?: SecureVersion;
    max?: SecureVersion;
    /**
     * Demands a certificate of the client, as with `VerifyClientCertificate: On`: by breaking the handshake off, or
     * with a page of status 400, as nginx can be told to do.
     */
    clientCertificate?: boolean | 'page';
  };
  /** XML over HTTPS has a number on every element, of a list or not. */
  numbersAll?: boolean;
  /** `Status Webex`; `Disabled` when absent. */
  webex?: { status: string; developerId?: string };
  /** Somebody who administers the codec from outside. */
  manager?: {
    /** As `Provisioning Mode` has it: `TMS`, `CUCM`, … */
    mode: string;
    /** `Provisioning ExternalManager Address`. */
    address?: string;
    /** `Status Provisioning Status`; `Provisioned` when absent. */
    status?: string;
    /** Puts macros and accounts of the beginning back this long after they went away, milliseconds; never when absent. */
    pushesBackMs?: number;
  };
  /** `HttpClient Allow Hostname`, in order. */
  allowedHosts?: string[];
  /** `Status NetworkServices NTP Status`; `Synced` when absent. */
  ntp?: string;
}

/** How quick a Poly device is; a real one's where nothing is said. */
export interface PolyPace {
  /** A minute of the device's own settings: lock-out and idle times. */
  minuteMs: number;
  /** From the restart to the first answer. */
  outageMs: number;
  /** Whether a restart brings a new TLS certificate. */
  newCertificate: boolean;
  /** Patience with the calendar server. */
  pullTimeoutMs: number;
  /** From switching the calendar on to the first word with its server. */
  registerMs: number;
}

/** What Poly devices have in common. */
export interface PolyBase extends DeviceSpec {
  /** As the device says it: `4.2.0`, `Release - 6.2.2.8-670021`, `7.2.2.1094 28-Feb-22 15:29`. */
  software: string;
  admin: { username: string; password: string };
  calendar: { enabled: boolean; server: string; mailbox: string; domain: string; username: string; password: string };
  /** Under a provisioning server when set. */
  provisioningServer?: string;
  /** The provisioning server puts these settings (by the lab's keys) back so long after somebody changed one of them. */
  provisioning?: {
    /** 60 s when absent. */
    overwritesMs?: number;
    /** The calendar's as they were at the start when absent. */
    values?: Record<string, string>;
  };
  /** VideoOS and Group: changes of the calendar's settings count after a restart, for which the device asks then. */
  calendarNeedsReboot?: boolean;
  /** How often the calendar is pulled, milliseconds. */
  pollMs: number;
  /** Settings that differ from those of the kind, by the lab's keys (see the kind's table). */
  settings?: Record<string, string>;
  pace?: Partial<PolyPace>;
}

/** The command line of Group and VideoOS. */
export interface PolyCli {
  /** Commands come back before their answer, until `cmdecho` says otherwise; twice where the terminal does so too. */
  echo?: boolean | 'twice';
  /** When a value stands in quotes; `blanks` when absent. */
  quotes?: 'never' | 'always' | 'blanks' | 'mixed';
  /** Least time between two commands, milliseconds; 200 when absent. */
  gapMs?: number;
  /** What becomes of a command that comes sooner; `taken` when absent. */
  tooQuick?: 'taken' | 'lost' | 'garbled';
  /** `error:command not found` without the blank. */
  tightErrors?: boolean;
  /** `calendardomain set ""` clears the domain, or needs more parameters. */
  clearsDomain?: boolean;
  /** `calendarpassword` says the password again; true when absent. */
  passwordEcho?: boolean;
  /** Over SSH a wrong password is refused by the protocol, or let in and told `password failed`. */
  sshRefusal?: 'protocol' | 'text';
  /** Offers only old key exchanges, CBC ciphers and an RSA key. */
  legacyOnly?: boolean;
  /** An account that may read and not set. */
  user?: { username: string; password: string };
}

export interface PolySpec extends PolyBase {
  kind: 'poly-videoos';
  /** The command line over SSH, when there is a port; unlike HTTPS it must be a real one. */
  sshPort?: number;
  /** Over telnet; open only while `sec.telnet.enable` is on. */
  telnetPort?: number;
  cli?: PolyCli;
  /**
   * What the calendar's settings are called over REST; by the software when absent (`poly/firmware.ts`). A record has
   * names by the lab's keys, and what is not in it does not exist.
   */
  names?: 'cal' | 'exchange' | 'other' | 'none' | Record<string, string>;
  /** Ends a session only by `DELETE /rest/current/session`: a POST with the action `Logout` is refused. */
  logsOutByDelete?: boolean;
  /** Installed certificates of authorities are kept like passwords: nobody reads them back. */
  hidesAuthorities?: boolean;
}

export interface PolyGroupSpec extends PolyBase {
  kind: 'poly-group';
  sshPort?: number;
  telnetPort?: number;
  /** The web interface, and REST with it; on when absent. */
  web?: boolean;
  /**
   * What REST tells of the calendar beside its settings. `meetings` when absent: no row for it in the status and no
   * `/rest/calendar`, as recorded; with `nothing` no list of meetings either, with `all` as on VideoOS.
   */
  calendarTold?: 'nothing' | 'meetings' | 'all';
  cli?: PolyCli;
}

export interface PolyTrioSpec extends PolyBase {
  kind: 'poly-trio';
  /** What the device asks for; `basic` when absent. */
  auth?: 'basic' | 'digest' | 'both';
  /** `apps.restapi.enabled`; on when absent, unlike a device as delivered. */
  rest?: boolean;
  /** The only version of its API where there are two of a resource; both when absent. The other is a page not found. */
  api?: 'v1' | 'v2';
  /** How the calendar's password stands in a reading: as an empty text when absent. */
  passwordRow?: 'null' | 'none';
}

/** Devices that are only recognised. */
export interface PolyOldSpec extends DeviceSpec {
  kind: 'poly-hdx' | 'poly-debut';
  software: string;
  admin: { username: string; password: string };
  /** Plain HTTP as well, when there is a port. */
  httpPort?: number;
  pace?: Partial<PolyPace>;
}

export type AnyPolySpec = PolySpec | PolyGroupSpec | PolyTrioSpec | PolyOldSpec;
export type AnySpec = CodecSpec | AnyPolySpec;

/** A running device. */
export interface LabDevice {
  readonly spec: DeviceSpec;
  /** Everything about the device that a test may compare: settings, users (without passphrases' text), macros, bookings. */
  snapshot(): Record<string, unknown>;
  /** Changes faults while it runs. */
  setFaults(faults: Faults): void;
  stop(): Promise<void>;
}

/** A meeting as calendars hold it. */
export interface LabMeeting {
  id: string;
  subject: string;
  organizer: { name: string; email: string };
  /** ISO, UTC. */
  start: string;
  /** Minutes. */
  minutes: number;
  /** Dial string. */
  alias: string;
}

export type StartCodec = (spec: CodecSpec, world: World) => Promise<LabDevice>;
export type StartPoly = (spec: PolySpec, world: World) => Promise<LabDevice>;
export type StartAnyPoly = (spec: AnyPolySpec, world: World) => Promise<LabDevice>;

/*
 * Agreements between lab parts (the lab's own, not product knowledge):
 *
 * Service, Cisco side. The OTJ macro on a codec calls, through the codec's HttpClient,
 *   GET https://<tenant>.otj.pexip.io/v1/meetings/<token>   ->  200 {"bookings":[<xAPI Bookings Put objects>]}
 * and puts the result on its own codec with `Bookings Put`. 404 when the token is unknown.
 *
 * Service, Poly side, and Conferencing Nodes: both imitate Exchange. The device calls
 *   POST https://<server>/EWS/Exchange.asmx  (SOAP, Basic authentication), operation FindItem with a CalendarView,
 *   and gets the standard EWS FindItemResponse with t:CalendarItem (Subject, Start, End, Organizer/Mailbox). 401 with
 *   `WWW-Authenticate: Basic realm="…"` otherwise.
 *
 * Conferencing Nodes push bookings to codecs over HTTPS with the account of the mjx_endpoint.
 */
