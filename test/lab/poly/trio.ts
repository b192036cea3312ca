import { basicOf } from '../https-host.ts';
import type { Faults, LabDevice, PolyTrioSpec, World } from '../types.ts';
import { Appliance, type Asked } from './appliance.ts';
import { basic, Calendar, type CalendarWish } from './calendar.ts';
import { Digest } from './digest.ts';
import { Provisioning } from './provisioning.ts';
import { html, type Reply } from './reply.ts';
import { Settings } from './settings.ts';
import { reply, STATUS, type TrioDevice, trioCall } from './trio-api.ts';
import { WebLock } from './trio-lock.ts';
import { CALENDAR_PARAMETERS, trioSettings } from './trio-settings.ts';

/** A Trio with UC Software: REST with Basic or Digest authentication, off on a device as delivered. */
export async function startPolyTrio(spec: PolyTrioSpec, world: World): Promise<LabDevice> {
  const device = new Trio(spec, world);
  await device.start();
  return device;
}

const REALM = 'PolycomTrio';
/** As delivered: the maker's manuals name it. */
const DEFAULT_PASSWORD = '456';
const CALL_CHECK_MS = 100;

class Trio extends Appliance<PolyTrioSpec> implements TrioDevice {
  readonly settings: Settings;
  readonly sources = new Map<string, string>();
  readonly misdeeds: string[] = [];
  readonly #calendar: Calendar;
  readonly #lock: WebLock;
  readonly #digest = new Digest(REALM);
  readonly #provisioning: Provisioning | undefined;
  /** What the calendar works with: changes count after a restart. */
  #applied: Record<string, string> = {};
  #waiting: NodeJS.Timeout | undefined;

  constructor(spec: PolyTrioSpec, world: World) {
    super(spec, world);
    const { settings, set } = trioSettings(spec);
    const faults = (): Faults => this.faults;
    this.settings = new Settings(settings, faults);
    for (const name of set) this.sources.set(name, name.startsWith('device.') ? 'device' : 'web');
    this.#lock = new WebLock(this.settings, this.pace.minuteMs);
    this.#calendar = new Calendar(() => this.#wish(), world, {
      who: this.who,
      pollMs: spec.pollMs,
      timeoutMs: this.pace.pullTimeoutMs,
      registerMs: this.pace.registerMs,
      faults,
    });
    if (spec.provisioning) {
      const { values = this.settings.values((key) => CALENDAR_PARAMETERS.test(key)) } = spec.provisioning;
      this.#provisioning = new Provisioning(this.settings, { ...spec.provisioning, values }, (line) => this.log(line));
    }
    this.settings.onChange = (keys) => this.#provisioning?.changed(keys);
  }

  snapshot(): Record<string, unknown> {
    const { model, serial, mac, software } = this.given;
    const { status, row, meetings } = this.#calendar;
    return {
      model,
      serial,
      mac,
      software,
      restarts: this.restarts,
      settings: this.settings.snapshot(),
      calendar: { status, row, meetings: meetings.map((meeting) => meeting.id) },
      misdeeds: [...this.misdeeds],
    };
  }

  get restarting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Not in a call: waits for its end. */
  safeRestart(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    if (this.faults.inCall) this.#waiting = setTimeout(() => this.safeRestart(), CALL_CHECK_MS).unref();
    else this.reboot();
  }

  /** As delivered, REST off too. */
  reset(): void {
    const blank = { ...this.given, settings: {}, rest: false, provisioningServer: '' };
    const calendar = { enabled: false, server: '', mailbox: '', domain: '', username: '', password: '' };
    const { settings } = trioSettings({ ...blank, calendar });
    this.settings.put(Object.fromEntries(settings.map(({ key, value }) => [key, value])));
    this.sources.clear();
  }

  protected answer(asked: Asked): Reply {
    if (!this.isApi(asked.path)) return page(asked.path, this.given.model);
    if (!this.settings.on('apps.restapi.enabled')) return { ...html('<title>404 Not Found</title>'), status: 404 };
    const refused = this.#refusal(asked);
    if (refused) return refused;
    if (this.given.admin.password === DEFAULT_PASSWORD) return reply(STATUS.defaultPassword);
    return trioCall(this, asked);
  }

  /** Undefined for whoever may come in. */
  #refusal({ request, method }: Asked): Reply | undefined {
    const { auth = 'basic', admin } = this.given;
    const header = request.headers.authorization;
    const forbidden = { ...html('<title>403 Forbidden</title>'), status: 403 };
    if (this.faults.webClosed) {
      // Whoever sends a password all the same has tried one.
      if (header !== undefined) this.#lock.failed();
      return forbidden;
    }
    if (header === undefined) return this.#challenge();
    if (this.#lock.locked) return forbidden;
    if (auth !== 'basic' && header.startsWith('Digest ')) {
      const judged = this.#digest.judge(header, method, admin);
      if (judged === 'stale') return this.#challenge();
      if (judged === 'right') return this.#welcome();
    }
    const login = auth === 'digest' ? undefined : basicOf(request);
    if (login?.username === admin.username && login.password === admin.password) return this.#welcome();
    // The wrong way of asking is no try of a password.
    const tried = login !== undefined || (auth !== 'basic' && header.startsWith('Digest '));
    if (tried) this.#lock.failed();
    return this.#challenge();
  }

  #welcome(): undefined {
    this.#lock.succeeded();
  }

  #challenge(): Reply {
    const { auth = 'basic' } = this.given;
    const ways = [
      ...(auth === 'digest' ? [] : [`Basic realm="${REALM}"`]),
      ...(auth === 'basic' ? [] : [this.#digest.challenge()]),
    ];
    return { ...html('<title>401 Unauthorized</title>'), status: 401, headers: { 'WWW-Authenticate': ways } };
  }

  protected isApi(path: string): boolean {
    return path.startsWith('/api/');
  }

  protected override cameUp(): void {
    this.#applied = this.settings.values(() => true);
    this.#calendar.start();
  }

  protected override wentDown(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#calendar.stop();
    this.#provisioning?.stop();
    this.#lock.clear();
  }

  protected override faultsChanged(was: Faults): void {
    if (was.teamsMode !== this.faults.teamsMode && this.isUp) this.#calendar.restart();
  }

  /** The server is a whole URL, and the login in `exchange.userId`: guesses both. */
  #wish(): CalendarWish {
    const text = (name: string): string => this.#applied[name] ?? '';
    const url = URL.parse(text('exchange.server.url'));
    const login = text('exchange.userId') || text('exchange.auth.email');
    const domain = text('exchange.auth.domain');
    const strict =
      text('feature.exchangeCalendar.validateCaCerts') === 'True' &&
      text('exchange.IgnoreSslErrors.enabled') !== 'True';
    return {
      enabled: text('feature.exchangeCalendar.enabled') === 'True',
      host: url?.protocol === 'https:' ? url.hostname : '',
      path: url?.pathname ?? '',
      mailbox: text('exchange.targetMailbox') || text('exchange.auth.email'),
      authorization: basic(domain === '' ? login : `${domain}\\${login}`, text('exchange.auth.password')),
      validatePeer: strict,
      ca: text('device.sec.TLS.customCaCert1'),
    };
  }
}

function page(path: string, model: string): Reply {
  const known = ['/', '/index.htm'].includes(path);
  return known
    ? html(`<html><head><title>Poly ${model} - Configuration Utility</title></head><body></body></html>`)
    : { ...html('<title>404 Not Found</title>'), status: 404 };
}
