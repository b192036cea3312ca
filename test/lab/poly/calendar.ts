import type { World } from '../types.ts';
import { type Meeting, type Pull, pullMeetings } from './ews.ts';
import type { Settings } from './settings.ts';

/** The device's inner states, by the words that its own command tables use (https://github.com/HL727/Meeting). */
export type CalendarStatus =
  | 'disabled'
  | 'configured'
  | 'connected'
  | 'logged'
  | 'registered'
  | 'offline'
  | 'authenticationerr';

/** Has settings and polls: `configured` means only that it has not tried yet, and is not a registration. */
export class Calendar {
  readonly #settings: Settings;
  readonly #world: World;
  readonly #who: string;
  readonly #pollMs: number;
  readonly #timeoutMs: number;
  #status: CalendarStatus = 'disabled';
  #meetings: Meeting[] = [];
  #running = false;
  #timer: NodeJS.Timeout | undefined;
  #flight: AbortController | undefined;

  constructor(settings: Settings, world: World, options: { who: string; pollMs: number; timeoutMs: number }) {
    this.#settings = settings;
    this.#world = world;
    this.#who = options.who;
    this.#pollMs = Math.max(1, options.pollMs);
    this.#timeoutMs = options.timeoutMs;
  }

  get status(): CalendarStatus {
    return this.#status;
  }

  /** Its row in the system's status. */
  get row(): 'off' | 'down' | 'up' {
    if (this.#status === 'disabled') return 'off';
    return this.#status === 'registered' ? 'up' : 'down';
  }

  /** All that were pulled, by start. */
  get meetings(): readonly Meeting[] {
    return this.#meetings;
  }

  start(): void {
    this.#running = true;
    this.restart();
  }

  stop(): void {
    this.#running = false;
    this.#cancel();
  }

  /** Forgets the registration and tries at once with the settings of now. */
  restart(): void {
    this.#cancel();
    this.#meetings = [];
    this.#status = this.#settings.on('cal.enabled') ? 'configured' : 'disabled';
    if (this.#running && this.#status === 'configured') void this.#poll();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.#flight = undefined;
  }

  async #poll(): Promise<void> {
    const flight = new AbortController();
    this.#flight = flight;
    const pull = await this.#pull(flight.signal);
    if (flight.signal.aborted) return;
    this.#take(pull);
    this.#timer = setTimeout(() => void this.#poll(), this.#pollMs).unref();
  }

  #pull(signal: AbortSignal): Promise<Pull> | Pull {
    const host = this.#settings.text('cal.ews.server');
    const at = host === '' ? undefined : this.#world.names.resolve(host);
    if (!at) return { kind: 'unreachable', why: `no address for "${host}"` };
    return pullMeetings({
      host,
      at,
      mailbox: this.#settings.text('cal.ews.mailbox'),
      authorization: this.#authorization(),
      validatePeer: this.#settings.on('sec.TLS.cert.validatePeer.enable'),
      ca: this.#settings.text('sec.TLS.customCaCert.1'),
      timeoutMs: this.#timeoutMs,
      signal,
    });
  }

  #authorization(): string {
    const text = (name: string): string => this.#settings.text(`cal.ews.${name}`);
    // With OAuth on, user name and password are not used.
    if (this.#settings.on('cal.ews.oauth.enabled')) return `Bearer ${text('oauth.accesstoken')}`;
    const user = text('domain') === '' ? text('username') : `${text('domain')}\\${text('username')}`;
    return `Basic ${Buffer.from(`${user}:${text('password')}`, 'utf8').toString('base64')}`;
  }

  #take(pull: Pull): void {
    const status = STATUS_AFTER[pull.kind];
    if (status !== this.#status) {
      const why = 'why' in pull ? `: ${pull.why}` : '';
      this.#world.log(`${this.#who}: calendar ${status}${why}`);
    }
    this.#status = status;
    this.#meetings =
      pull.kind === 'meetings' ? pull.meetings.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start)) : [];
  }
}

const STATUS_AFTER: Record<Pull['kind'], CalendarStatus> = {
  meetings: 'registered',
  unauthorised: 'authenticationerr',
  refused: 'logged',
  odd: 'connected',
  unreachable: 'offline',
};
