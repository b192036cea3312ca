/**
 * The one interface between the migration engine and device families.
 * A driver knows everything about one family and nothing of screens, site files or other vendors.
 */

import type {
  Accepted,
  BackupItem,
  Baseline,
  Identity,
  MacroText,
  Told,
  Transport,
  TransportChoice,
} from '../contract/device.ts';
import type { OtjError } from '../contract/errors.ts';
import type { Family, ManualKind, PlannedStep } from '../contract/plan.ts';

/** Peers are trusted on first use and pinned. Throws OtjError TRUST_CHANGED when `sha256` is not the pinned one. */
export interface TrustStore {
  /** @param kind which key; @param sha256 lower-case hex SHA-256 of the SSH host key blob or of the DER certificate */
  check(kind: 'ssh' | 'tls', sha256: string): void;
}

export interface EndpointTarget {
  family: Family;
  /** IPv4, IPv6 or host name. */
  address: string;
  sshPort: number;
  httpsPort: number;
  /** Port of the command line over telnet (Poly Group); absent = 24. */
  telnetPort?: number;
  /**
   * The way to speak to it; `auto` takes what is open and works, beginning with `lastTransport`, and never telnet: that
   * needs a technician's word. Poly devices other than the Group know one way only.
   */
  transport: TransportChoice;
  lastTransport: Transport | null;
  /**
   * Whether algorithms and TLS versions that are no longer safe may be agreed with this endpoint. Off: a device that
   * has nothing better is refused with LEGACY_NEEDED.
   */
  legacy: boolean;
  username: string;
  password: string;
  trust: TrustStore;
  /** Longest wait for one reply, milliseconds. */
  timeoutMs: number;
  /** How long, and how often, a proof step goes on looking, milliseconds. */
  proofMs: number;
  proofEveryMs: number;
}

/** What Infinity wants of this room. */
export interface Wish {
  /** Room resource mailbox. */
  mailbox: string;
  /** Cisco: the API account to be made on the codec. Poly: what the device signs in to the node with. */
  login: { username: string; password: string };
  /** FQDN of the Conferencing Node (Poly); null for families that Infinity pushes to. */
  server: string | null;
  /** Names of macros that the technician has judged to be OTJ's. */
  takeMacros: readonly string[];
  /** SHA-256 of the text for which such a word was given, by macro; absent = given for whatever is there now. */
  takeTexts?: Readonly<Record<string, string>>;
  /** Names of macros that the technician has judged not to be OTJ's. */
  leaveMacros: readonly string[];
  /** Objections of the checks that the technician has accepted for this room. */
  accepted: readonly Accepted[];
  /** Cisco: after the move, take the Service's hosts off HttpClient's allow list, and HttpClient off if nothing uses it. */
  tidyHttpClient: boolean;
  /** Cisco: plain HTTP off where it is on, so that only HTTPS is left; absent = it stays as it is. */
  httpsOnly?: boolean;
  /** Cisco: take the meetings that the old macro brought off the codec, so that none of them outlives it. */
  clearBookings: boolean;
  /** The password the device used before, where a technician typed it for an undo; null if unknown. */
  oldPassword: string | null;
  /** Cisco: macros of somebody's own that an undo may overwrite, because a person has seen these very texts. */
  overwriteMacros?: readonly MacroText[];
}

/** What a reading of the device showed. */
export interface Seen {
  /** True when the wish of this step is already so. */
  holds: boolean;
  /** The device's own words, redacted, for evidence; at most a few lines. */
  words: string;
  /** It holds, but a pilot needs to see more, such as a meeting in a calendar that is empty. */
  weak?: true;
  /** For a read-only step that does not hold: why the room must not go on. */
  problem?: OtjError;
}

/**
 * A step that can be run. `inspect` reads from the device each time and has no effect.
 * `apply` is idempotent or safe to be called after an `inspect` that did not hold.
 * A step without `apply` only looks. Undo is a plan of its own (see `planUndo`), made of the same steps.
 */
export interface StepActions {
  inspect(): Promise<Seen>;
  apply?(): Promise<void>;
  /** For proof steps: how long to go on looking until it holds. */
  wait?: { everyMs: number; forMs: number };
  /** Whether the room may go on with this step left to a later sync when it fails so. */
  mayOwe?(error: OtjError): boolean;
}

export type RunnableStep = { plan: PlannedStep } & StepActions;

/** What a device will meet at its server, as seen from here: the same name, and the authority that the device trusts. */
export interface ServerLook {
  name: string;
  namesIt: boolean;
  trusted: boolean;
  subject: string;
  issuer: string;
}

/** What a driver may ask of the site file while it works. */
export interface StepSupport {
  baseline: Baseline | null;
  /** Saves more items before a change, durable when the promise resolves. */
  addBackup(...items: BackupItem[]): Promise<void>;
  /**
   * Whether the journal has this step as done, with no effect meant since that could have made it stale.
   * @param setting one that must have been among its changes then: a plan is not the same in each visit
   */
  wasDone(stepId: string, setting?: string): boolean;
  /** When the step was meant last, epoch milliseconds; null = never, or an effect meant since has made it stale. */
  meantAt(stepId: string): number | null;
  /** Whether Infinity does not know of the room yet: nothing comes from it then. */
  isEntryOwed(): boolean;
  /** A handshake with the server of the wish. @param authority PEM, null = the usual ones; null = not reached from here */
  lookAtServer?(authority: string | null): Promise<ServerLook | null>;
}

/** Everything read from the device in one visit. `family` data is the driver's own. */
export interface Facts {
  identity: Identity;
  inCall: boolean;
  /** The family that the device is of by its own word, where that is another one than it was taken for. */
  family?: Family;
  /** SHA-256 of each text on which a technician may decide, by name; absent for families that have none. */
  texts?: Readonly<Record<string, string>>;
  /** What a person wants to know of the device, in the device's own values; kept with the endpoint and shown. */
  told: readonly Told[];
}

/** How a session speaks to its device. */
export interface Link {
  transport: Transport;
  /** What is not safe about it, in words, e.g. `agreed diffie-hellman-group14-sha1`; null = nothing. */
  weakness: string | null;
}

/**
 * A logged-in link to one device, and the plan that the device's facts allow.
 * One session per endpoint; always closed by who opened it.
 */
export interface EndpointSession<F extends Facts = Facts> {
  readonly link: Link;
  /** Reads all facts anew. Throws OtjError. */
  readFacts(): Promise<F>;
  /** What must be saved before a change. */
  backupOf(facts: F): BackupItem[];
  /** Binds steps of a plan to this session. */
  bind(steps: readonly PlannedStep[], facts: F, wish: Wish, support: StepSupport): RunnableStep[];
  close(): Promise<void>;
}

/** What is not confirmed for this kind of device, and so goes to one of them first, watched by a person. */
export interface Gate {
  /** The same for all devices that what is seen on one of them holds for. */
  key: string;
  /** What it is about, in a few words for people. */
  title: string;
  /** Kept with a pilot that was confirmed. */
  about: Readonly<Record<string, string>>;
}

export interface Driver<F extends Facts = Facts> {
  readonly family: Family;
  /** True when Infinity must know the room before the device is changed (it pulls), false when Infinity pushes. */
  readonly needsEntryFirst: boolean;
  /** Opens, logs in (one try) and leaves nothing behind on failure. Throws OtjError. */
  connect(target: EndpointTarget, signal: AbortSignal): Promise<EndpointSession<F>>;
  /** Pure: the steps that bring this device to the wish. Same facts, same plan. */
  plan(facts: F, wish: Wish, baseline: Baseline | null): PlannedStep[];
  /** Pure: what of this plan is not confirmed for such a device; null = nothing. */
  gate(facts: F): Gate | null;
  /** Pure: the steps that bring it back to the baseline. */
  planUndo(facts: F, wish: Wish, baseline: Baseline): PlannedStep[];
  /** Pure: what only a person can do for this room because of what the device told; kinds of manual steps. */
  manualSteps(facts: F, wish: Wish): readonly ManualKind[];
}
