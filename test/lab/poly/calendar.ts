import type { Faults, World } from '../types.ts';
import { type Meeting, type Pull, pullMeetings } from './ews.ts';
import type { Settings } from './settings.ts';
import { CA_SLOTS } from './settings-table.ts';

/** What a device has been set to. */
export interface CalendarWish {
  enabled: boolean;
  /** Empty or anything that is no host name: there is nobody to ask. */
  host: string;
  path: string;
  mailbox: string;
  authorization: string;
  validatePeer: boolean;
  /** PEM, or empty. */
  ca: string;
}

export interface CalendarOptions {
  who: string;
  pollMs: number;
  timeoutMs: number;
  /** Before the first try. */
  registerMs: number;
  faults: () => Faults;
}

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
  readonly #wish: () => CalendarWish;
  readonly #world: World;
  readonly #options: CalendarOptions;
  #status: CalendarStatus = 'disabled';
  #meetings: Meeting[] = [];
  #running = false;
  #timer: NodeJS.Timeout | undefined;
  #flight: AbortController | undefined;

  constructor(wish: () => CalendarWish, world: World, options: CalendarOptions) {
    this.#wish = wish;
    this.#world = world;
    this.#options = options;
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

  /** Forgets the registration and tries with the settings of now. */
  restart(): void {
    this.#cancel();
    this.#meetings = [];
    const { enabled } = this.#wish();
    this.#status = enabled && !this.#options.faults().teamsMode ? 'configured' : 'disabled';
    if (!this.#running || this.#status === 'disabled') return;
    if (this.#options.registerMs > 0) this.#later(this.#options.registerMs);
    else void this.#poll();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.#flight = undefined;
  }

  #later(ms: number): void {
    this.#timer = setTimeout(() => void this.#poll(), ms).unref();
  }

  async #poll(): Promise<void> {
    const flight = new AbortController();
    this.#flight = flight;
    const pull = await this.#pull(flight.signal);
    if (flight.signal.aborted) return;
    this.#take(pull);
    this.#later(Math.max(1, this.#options.pollMs));
  }

  #pull(signal: AbortSignal): Promise<Pull> | Pull {
    const { enabled: _enabled, ...wish } = this.#wish();
    const at = wish.host === '' ? undefined : this.#world.names.resolve(wish.host);
    if (!at) return { kind: 'unreachable', why: `no address for "${wish.host}"` };
    return pullMeetings({ ...wish, at, timeoutMs: this.#options.timeoutMs, signal });
  }

  #take(pull: Pull): void {
    const hidden = pull.kind === 'unauthorised' && this.#options.faults().authErrorHidden === true;
    const status = hidden ? 'offline' : STATUS_AFTER[pull.kind];
    if (status !== this.#status) {
      const why = 'why' in pull ? `: ${pull.why}` : '';
      this.#world.log(`${this.#options.who}: calendar ${status}${why}`);
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

/** Group and VideoOS: a host name, and user name and password unless OAuth is on. */
export function wishOf(settings: Settings): CalendarWish {
  const text = (name: string): string => settings.text(`cal.ews.${name}`);
  const user = text('domain') === '' ? text('username') : `${text('domain')}\\${text('username')}`;
  return {
    enabled: settings.on('cal.enabled'),
    host: text('server'),
    path: '/EWS/Exchange.asmx',
    mailbox: text('mailbox'),
    // With OAuth on, user name and password are not used.
    authorization: settings.on('cal.ews.oauth.enabled')
      ? `Bearer ${text('oauth.accesstoken')}`
      : basic(user, text('password')),
    validatePeer: settings.on('sec.TLS.cert.validatePeer.enable'),
    ca: CA_SLOTS.map((slot) => settings.text(slot))
      .join('\n')
      .trim(),
  };
}

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
