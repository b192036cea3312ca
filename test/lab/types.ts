/**
 * What the parts of the lab agree on. Each device is a real server on its own loopback address; devices find
 * each other by name through the lab's own name table, never through the system's resolver.
 */

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
  /** One line for people when something worth seeing happens; silent by default. */
  log(line: string): void;
}

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
}

export interface PolySpec extends DeviceSpec {
  kind: 'poly-videoos';
  /** e.g. `4.2.0`. */
  software: string;
  admin: { username: string; password: string };
  calendar: { enabled: boolean; server: string; mailbox: string; domain: string; username: string; password: string };
  /** Under a provisioning server when set. */
  provisioningServer?: string;
  /** How often the calendar is pulled, milliseconds. */
  pollMs: number;
}

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
